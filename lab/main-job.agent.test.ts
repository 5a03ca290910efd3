import { join } from 'node:path'
import { execa } from 'execa'
import { describe, expect, test } from 'vitest'

/** The whole line on real packets, by the command a newcomer runs. Times are reported by it, not judged here. */

const ROOT = join(import.meta.dirname, '..')
const RUN_MS_MAX = 240_000

type Result = {
  incidents: number
  incident: { vectors: { id: string; share: number }[]; state: string } | null
  stagesMs: Record<string, number | null>
  verifiedClients: { count: number; packetsSent: number; packetsLost: number }
  otherNodes: { incidents: number }
  rulesLeft: number
  evidence: { packets: number; packetsBeforeOnset: number; verified: boolean }
  measured: {
    droppedShareSinceRule: number
    alertsOpened: number
    alertSignatureVerified: boolean
    drill: { dropsEndedMs: number | null } | null
  }
}

async function demo(...args: string[]): Promise<Result> {
  const { stdout, stderr, exitCode } = await execa('node', ['--import', 'tsx', 'lab/demo.ts', '--json', ...args], {
    cwd: ROOT,
    reject: false,
    timeout: RUN_MS_MAX,
  })
  expect(exitCode, stderr.slice(-2_000)).toBe(0)
  return JSON.parse(stdout) as Result
}

function expectWholeLine(result: Result): void {
  expect(result.incidents).toBe(1)
  expect(result.incident?.state).toBe('resolved')
  expect(Object.entries(result.stagesMs).filter(([, at]) => at === null)).toEqual([])
  expect(result.rulesLeft).toBe(0)
  expect(result.otherNodes.incidents).toBe(0)
  expect(result.evidence).toMatchObject({ verified: true })
  expect(result.evidence.packetsBeforeOnset).toBeGreaterThan(0)
  expect(result.measured).toMatchObject({ alertsOpened: 1, alertSignatureVerified: true })
}

describe('a flood on real packets is named, dropped, told and cleaned up', () => {
  test.each([
    ['udp-flood', ['udp_flood_fixed', 'udp_flood_random']],
    ['dns-reflection', ['dns_amp']],
    ['syn-flood', ['syn_flood']],
  ])(
    '%s: at least 99 % dropped, verified clients lose at most 0.1 %%, nothing is left',
    async (scenario, named) => {
      const result = await demo('--scenario', scenario)
      expectWholeLine(result)
      expect(named).toContain(result.incident?.vectors[0]?.id)
      expect(result.incident?.vectors[0]?.share).toBeGreaterThan(0.9)
      expect(result.measured.droppedShareSinceRule).toBeGreaterThanOrEqual(0.99)
      expect(result.verifiedClients.packetsSent).toBeGreaterThanOrEqual(20_000)
      expect(result.verifiedClients.packetsLost / result.verifiedClients.packetsSent).toBeLessThanOrEqual(0.001)
    },
    RUN_MS_MAX,
  )
})

test(
  'an agent killed with -9 in mid-flood leaves no rule; started again it takes the incident up',
  async () => {
    const result = await demo('--kill-agent')
    expect(result.measured.drill?.dropsEndedMs).toBeLessThan(4_000)
    expect(result.incidents).toBe(1)
    expect(result.rulesLeft).toBe(0)
    expect(result.measured.alertsOpened).toBe(1)
  },
  RUN_MS_MAX,
)

test(
  'with the gateway stopped the flood is dropped all the same; the incident arrives later and alerts once',
  async () => {
    const result = await demo('--stop-gateway')
    expectWholeLine(result)
    expect(result.measured.droppedShareSinceRule).toBeGreaterThanOrEqual(0.99)
  },
  RUN_MS_MAX,
)
