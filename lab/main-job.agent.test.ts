import { join } from 'node:path'
import { execa } from 'execa'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { runScenario } from './demo-run'
import type { Drill } from './drill'
import { shortcomings } from './promises'
import type { RunResult } from './result'
import { type Scenario, VARIANTS } from './scenarios'
import { closeStand, openStand, type Stand } from './stand'

/** The whole line on real packets, and what goes wrong around it. Times are reported, not judged here. */

const ROOT = join(import.meta.dirname, '..')
const STAND_MS_MAX = 180_000
const RUN_MS_MAX = 240_000
/** The players send 3,000 packets a second; a generator ahead of its pace ends sooner. */
const FLOOD_SECONDS = 10

type Asked = { scenario: Scenario; variant?: string; seconds?: number; drill?: Drill | null }

function expectWholeLine(result: RunResult): void {
  expect(result.incidents).toBe(1)
  expect(result.incident?.state).toBe('resolved')
  expect(Object.entries(result.stagesMs).filter(([, at]) => at === null)).toEqual([])
  expect(result.rulesLeft).toBe(0)
  expect(result.otherNodes.incidents).toBe(0)
  expect(result.evidence).toMatchObject({ verified: true })
  expect(result.evidence?.packetsBeforeOnset).toBeGreaterThan(0)
  expect(result.measured).toMatchObject({ alertsOpened: 1, alertSignatureVerified: true })
  expect(result.measured.droppedShareSinceRule).toBeGreaterThanOrEqual(0.99)
}

function expectDropped(result: RunResult, named: readonly string[]): void {
  expectWholeLine(result)
  expect(named).toContain(result.incident?.vectors[0]?.id)
  expect(result.incident?.vectors[0]?.share).toBeGreaterThan(0.9)
  expect(result.verifiedClients.packetsSent).toBeGreaterThanOrEqual(20_000)
  expect(result.verifiedClients.packetsLost / result.verifiedClients.packetsSent).toBeLessThanOrEqual(0.001)
}

test(
  'bin/demo prints one object: udp-flood is named, dropped to 99 %, told, and cleaned up; verified clients lose at most 0.1 %',
  async () => {
    const demo = ['--import', 'tsx', 'lab/demo.ts', '--json']
    const options = { cwd: ROOT, reject: false, timeout: RUN_MS_MAX } as const
    const { stdout, stderr, exitCode } = await execa(process.execPath, demo, options)
    expect(exitCode, stderr.slice(-2_000)).toBe(0)
    expectDropped(JSON.parse(stdout) as RunResult, ['udp_flood_fixed', 'udp_flood_random'])
  },
  RUN_MS_MAX,
)

describe('in one lab, one after another', () => {
  let stand: Stand
  beforeAll(async () => {
    stand = await openStand(ROOT, 2, () => {})
  }, STAND_MS_MAX)
  afterAll(() => closeStand(stand), 60_000)

  const run = ({ scenario, variant, seconds = FLOOD_SECONDS, drill = null }: Asked): Promise<RunResult> =>
    runScenario(stand, { scenario, variant: variant ?? VARIANTS[scenario][0], seconds, drill })

  async function kept(asked: Asked): Promise<RunResult> {
    const result = await run(asked)
    expect(shortcomings(result)).toEqual([])
    return result
  }

  test.each<[Scenario, string]>([
    ['dns-reflection', 'dns_amp'],
    ['syn-flood', 'syn_flood'],
  ])(
    '%s is named %s and 99 in 100 dropped, verified clients lose at most one in 1,000, nothing is left',
    async (scenario, named) => expectDropped(await run({ scenario }), [named]),
    RUN_MS_MAX,
  )

  test(
    'with the gateway stopped the flood is dropped all the same; the incident arrives later and alerts once',
    async () => expectWholeLine(await run({ scenario: 'udp-flood', drill: 'stop-gateway' })),
    RUN_MS_MAX,
  )

  test(
    'two nodes attacked at once, one over IPv6, have an incident each, named apart, each with every stage',
    async () => {
      const { nodes, otherNodes } = await kept({ scenario: 'two-at-once', variant: 'ipv6+syn', seconds: 4 })
      expect(nodes.map(({ incidents }) => incidents)).toEqual([1, 1])
      expect(new Set(nodes.map(({ incident }) => incident?.id)).size).toBe(2)
      expect(nodes.map(({ incident }) => incident?.vectors[0]?.id)).toEqual(['udp_flood_fixed', 'syn_flood'])
      expect(otherNodes.incidents).toBe(0)
    },
    RUN_MS_MAX,
  )

  test(
    'pulses of random packets are one incident, held to the new-source limit; in a pause rules only count',
    async () => {
      const { heldBy, incidents, incident, nodes } = await kept({ scenario: 'pulse', variant: 'short', seconds: 2 })
      expect(incidents).toBe(1)
      expect(incident?.vectors.map(({ id }) => id)).toEqual(['udp_flood_random'])
      expect((heldBy?.dropped ?? 0) + (heldBy?.limited ?? 0)).toBeGreaterThanOrEqual(0.99)
      expect(nodes[0]?.pulses).toHaveLength(4)
      for (const pulse of nodes[0]?.pulses.slice(0, 3) ?? [])
        expect(pulse.standingInPause).toMatchObject({ dropping: 0, lasting: 0 })
      expect(nodes[0]?.pulses[0]?.standingInPause?.counting).toBeGreaterThan(0)
    },
    RUN_MS_MAX,
  )

  test(
    'an agent killed with -9 in mid-flood leaves no rule; started again it takes the incident up',
    async () => {
      const result = await run({ scenario: 'udp-flood', drill: 'kill-agent' })
      expect(result.measured.drill?.dropsEndedMs).toBeLessThan(4_000)
      expect(result.incidents).toBe(1)
      expect(result.rulesLeft).toBe(0)
      expect(result.measured.alertsOpened).toBe(1)
    },
    RUN_MS_MAX,
  )

  // Last, as it teaches the node.
  test(
    'players times eight within 12 s open no incident, leave a surge with its reasons, and nobody is limited',
    async () => {
      const { incidents, surges, crowd } = await kept({ scenario: 'surge', variant: 'rush', seconds: 5 })
      expect(incidents).toBe(0)
      expect(surges[0]?.reasons.length).toBeGreaterThan(5)
      expect(crowd?.rulesSeen).toBe(0)
    },
    RUN_MS_MAX,
  )
})
