import { expect, test } from 'vitest'
import { detectionFigures, ratioOf } from './figures'
import type { Shot } from './shot'

const shot = (tidegateMs: number | null, fastnetmonMs: number | null, rssKb = 70_000): Shot => ({
  packets: 1_800_000,
  pps: 299_900,
  tidegateMs,
  ruleMs: (tidegateMs ?? 0) + 2,
  fastnetmonMs,
  processUs: { tidegate: 0.02, fastnetmon: 1.1 },
  incidentCpuMs: 90,
  tapPpsAfterVerdict: 480,
  memory: { rssKb, pssKb: rssKb - 10_000, processes: [{ name: 'agent', rssKb }] },
})
const rest = { idleCpuPercent: 0.0712, playersCpuPercent: 0.2, playersPps: 2_003 }
const kernel = { nothing: 2, fastnetmon: 2.3, tidegate: 1.4 }

test('the kernel’s part is what a packet costs more than without the product; what it costs less is not credited', () => {
  const { cpuUsPerPacket, measured } = detectionFigures([shot(8, 2_000)], kernel, rest)
  expect(cpuUsPerPacket).toEqual({ tidegate: 0.02, fastnetmon: 1.4 })
  expect(measured.kernelUsPerPacket).toEqual(kernel)
  const dearer = detectionFigures([shot(8, 2_000)], { ...kernel, tidegate: 2.5 }, rest)
  expect(dearer.cpuUsPerPacket.tidegate).toBe(0.52)
})

test('our worst time stands against the peer’s median, and our highest memory is the one that is published', () => {
  const shots = [shot(6, 1_900, 71_680), shot(12, 2_400, 76_800), shot(7, 2_000, 71_680)]
  const figures = detectionFigures(shots, kernel, rest)
  expect(figures.tidegateMs).toEqual({ p50: 7, p99: 12 })
  expect(figures.fastnetmonMs).toBe(2_000)
  expect(figures.rssMb).toBe(75)
  expect(ratioOf(figures)).toEqual({ speed: 166.7, cpu: 70 })
})

test('a flood that we missed is no figure; one that the peer missed is said', () => {
  expect(() => detectionFigures([shot(8, 2_000), shot(null, 2_000)], kernel, rest)).toThrow('1 of 2')
  const figures = detectionFigures([shot(8, null)], kernel, rest)
  expect(figures.fastnetmonMs).toBeNull()
  expect(figures.measured.fastnetmonBans).toBe(0)
  expect(ratioOf(figures).speed).toBeNull()
})
