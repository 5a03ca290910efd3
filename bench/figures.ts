import { percentile } from '../lab/result'
import type { KernelCost } from './kernel-cost'
import type { Shot } from './shot'

/** From what was seen to what is published. Pure. */

export type Rest = { idleCpuPercent: number; playersCpuPercent: number; playersPps: number }

export const median = (values: readonly number[]): number =>
  percentile(
    [...values].sort((a, b) => a - b),
    0.5,
  )

const rounded = (value: number, digits: number): number => Number(value.toFixed(digits))

const known = (values: readonly (number | null)[]): number[] => values.filter((value) => value !== null)

/** A product that spares the kernel work is not paid for it: a difference below nothing counts as nothing. */
const added = (cost: KernelCost, product: 'tidegate' | 'fastnetmon'): number =>
  Math.max(0, cost[product] - cost.nothing)

const megabytes = (kilobytes: number): number => rounded(kilobytes / 1_024, 1)

export function detectionFigures(shots: readonly Shot[], kernel: KernelCost, rest: Rest) {
  const missed = shots.length - known(shots.map(({ tidegateMs }) => tidegateMs)).length
  if (missed > 0) throw new Error(`${missed} of ${shots.length} floods were not detected: there is nothing to publish`)
  const detected = known(shots.map(({ tidegateMs }) => tidegateMs)).sort((a, b) => a - b)
  const banned = known(shots.map(({ fastnetmonMs }) => fastnetmonMs))
  const process = {
    tidegate: median(shots.map(({ processUs }) => processUs.tidegate)),
    fastnetmon: median(shots.map(({ processUs }) => processUs.fastnetmon)),
  }
  const highest = shots.map(({ memory }) => memory).reduce((a, b) => (b.rssKb > a.rssKb ? b : a))
  const perPacket = (product: 'tidegate' | 'fastnetmon'): number =>
    rounded(process[product] + added(kernel, product), 4)
  return {
    tidegateMs: { p50: rounded(percentile(detected, 0.5), 2), p99: rounded(percentile(detected, 0.99), 2) },
    fastnetmonMs: banned.length > 0 ? rounded(median(banned), 1) : null,
    cpuUsPerPacket: { tidegate: perPacket('tidegate'), fastnetmon: perPacket('fastnetmon') },
    idleCpuPercent: rounded(rest.idleCpuPercent, 3),
    playersCpuPercent: rounded(rest.playersCpuPercent, 3),
    rssMb: megabytes(highest.rssKb),
    measured: {
      floods: shots.length,
      floodPps: Math.round(median(shots.map(({ pps }) => pps))),
      ruleMs: median(known(shots.map(({ ruleMs }) => ruleMs))),
      fastnetmonBans: banned.length,
      processUsPerPacket: { tidegate: rounded(process.tidegate, 4), fastnetmon: rounded(process.fastnetmon, 4) },
      kernelUsPerPacket: {
        nothing: rounded(kernel.nothing, 4),
        tidegate: rounded(kernel.tidegate, 4),
        fastnetmon: rounded(kernel.fastnetmon, 4),
      },
      incidentCpuMs: Math.round(median(shots.map(({ incidentCpuMs }) => incidentCpuMs))),
      tapPpsAfterVerdict: Math.round(Math.max(...shots.map(({ tapPpsAfterVerdict }) => tapPpsAfterVerdict))),
      playersPps: Math.round(rest.playersPps),
      pssMb: megabytes(highest.pssKb),
      rssMbOf: Object.fromEntries(highest.processes.map(({ name, rssKb }) => [name, megabytes(rssKb)])),
    },
  }
}

export type DetectionFigures = ReturnType<typeof detectionFigures>

/** How many times faster, and by how much cheaper a packet, than the peer. */
export const ratioOf = ({ tidegateMs, fastnetmonMs, cpuUsPerPacket }: DetectionFigures) => ({
  speed: fastnetmonMs === null ? null : rounded(fastnetmonMs / tidegateMs.p99, 1),
  cpu: rounded(cpuUsPerPacket.fastnetmon / cpuUsPerPacket.tidegate, 1),
})
