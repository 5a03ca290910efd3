import { describe, expect, test } from 'vitest'
import {
  combine,
  measureFlood,
  percentile,
  type RunResult,
  STAGES,
  shortcomings,
  spread,
  stagesSince,
  worstRun,
} from './result'

const stages = (ms: number | null) => Object.fromEntries(STAGES.map((stage) => [stage, ms])) as RunResult['stagesMs']

function run(change: Partial<RunResult> = {}, measured: Partial<RunResult['measured']> = {}): RunResult {
  return {
    scenario: 'udp-flood',
    node: 'match-01',
    incidents: 1,
    surges: [],
    incident: { id: 'inc_1', vectors: [{ id: 'udp_flood_fixed', confidence: 0.9, share: 1 }], state: 'resolved' },
    stagesMs: stages(10),
    traffic: { wirePps: 100_000, droppedPps: 99_900, deliveredPps: 100, wireBps: 8e7 },
    verifiedClients: { count: 30, packetsSent: 20_000, packetsLost: 0, packetsLostBeforeRule: 1, controlLost: 0 },
    rttMs: { before: 0.2, during: 0.3, after: 0.2 },
    otherNodes: { incidents: 0 },
    rulesLeft: 0,
    evidence: { path: '/x', packets: 10, packetsBeforeOnset: 5, verified: true },
    measured: {
      floodPps: 150_000,
      floodSeconds: 8,
      attackPackets: 1_200_000,
      attackPacketsDelivered: 900,
      droppedShareSinceRule: 0.999,
      vectorNamedRight: true,
      rulesGoneAfterFloodMs: 9_000,
      alertSignatureVerified: true,
      alertsOpened: 1,
      rttP99Ms: { before: 1, during: 2, after: 1 },
      controlSent: 20_000,
      softnetDrops: 0,
      busyCores: 1.2,
      generatorCores: 0.6,
      drill: null,
      ...measured,
    },
    ...change,
  }
}

describe('percentiles', () => {
  test('p99 of 20 runs is the maximum, p95 the 19th, p50 the 10th', () => {
    const values = Array.from({ length: 20 }, (_, index) => 20 - index)
    expect(spread(values)).toEqual({ p50: 10, p95: 19, p99: 20, max: 20, n: 20 })
  })

  test('one value is every percentile', () => {
    expect(spread([7])).toEqual({ p50: 7, p95: 7, p99: 7, max: 7, n: 1 })
  })

  test('numbers are ordered as numbers', () => {
    expect(percentile([2, 10, 100], 0.5)).toBe(10)
    expect(spread([100, 2, 10]).p50).toBe(10)
  })
})

describe('several runs', () => {
  test('each stage is spread over the runs that reached it, everything else is the worst run’s', () => {
    const calm = run()
    const lossy = run({ stagesMs: stages(30), verifiedClients: { ...calm.verifiedClients, packetsLost: 4 } })
    const combined = combine([calm, lossy, run({ stagesMs: { ...stages(20), firstAlert: null } })])
    expect(combined.runs).toBe(3)
    expect(combined.stagesMs.detected).toEqual({ p50: 20, p95: 30, p99: 30, max: 30, n: 3 })
    expect((combined.stagesMs.firstAlert as { n: number }).n).toBe(2)
    expect(combined.stagesMs).not.toBe(calm.stagesMs)
  })

  test('a run that failed is worse than one that lost packets, and loss is worse than lateness', () => {
    const late = run({ stagesMs: stages(500) })
    const lossy = run({ verifiedClients: { ...late.verifiedClients, packetsLost: 4 } })
    const failed = run({ rulesLeft: 2 })
    expect(worstRun([late, lossy])).toBe(lossy)
    expect(worstRun([failed, lossy, late])).toBe(failed)
    expect(worstRun([run(), late])).toBe(late)
  })

  test('one run keeps plain stages', () => {
    expect(combine([run()]).stagesMs.detected).toBe(10)
  })
})

describe('what keeps a run from success', () => {
  test('nothing, when every stage happened and the rules are gone', () => {
    expect(shortcomings(run())).toEqual([])
  })

  test.each([
    ['a stage', run({ stagesMs: { ...stages(1), statusPage: null } })],
    ['the incident', run({ incident: null })],
    ['one incident only', run({ incidents: 2 })],
    ['an empty cut table', run({ rulesLeft: 1 })],
    ['peace on other nodes', run({ otherNodes: { incidents: 1 } })],
    ['evidence that verifies', run({ evidence: null })],
    ['the right name', run({}, { vectorNamedRight: false })],
    ['a signed alert', run({}, { alertSignatureVerified: false })],
  ])('%s is missing', (_, result) => {
    expect(shortcomings(result)).toHaveLength(1)
  })
})

test('stages count from the first attack packet, to the microsecond', () => {
  const times = { ...stages(null), detected: 1_000_010_500, resolved: 1_009_000_000 }
  const since = stagesSince(1_000_000_000, times)
  expect(since.detected).toBe(10.5)
  expect(since.resolved).toBe(9_000)
  expect(since.firstAlert).toBeNull()
})

describe('attack traffic', () => {
  const sample = (atMs: number, wirePackets: number, deliveredPackets: number) => ({
    atUs: atMs * 1000,
    wirePackets,
    wireBytes: wirePackets * 100,
    deliveredPackets,
  })
  const peace = { wirePps: 1_000, wireBytesPerSecond: 100_000, deliveredPps: 1_000 }
  // 100,000 attack packets a second for 2 s beside 1,000 a second of players; the rule stands after 100 ms.
  const series = [
    sample(0, 0, 0),
    sample(100, 10_100, 10_100),
    sample(1_100, 111_100, 11_100),
    sample(2_000, 202_000, 12_000),
  ]

  test('players are not counted as attack, and drops count from the rule on', () => {
    const flood = measureFlood(series, peace, { firstUs: 0, ruleUs: 100_000, endUs: 2_000_000 })
    expect(flood.attackPackets).toBe(200_000)
    expect(flood.attackPacketsDelivered).toBe(10_000)
    expect(flood.droppedShareSinceRule).toBe(1)
    expect(flood.wirePps).toBe(100_000)
    expect(flood.deliveredPps).toBe(0)
    expect(flood.wireBps).toBe(80_000_000)
  })

  test('without a rule nothing was dropped since it', () => {
    const flood = measureFlood(series, peace, { firstUs: 0, ruleUs: null, endUs: 2_000_000 })
    expect(flood.droppedShareSinceRule).toBeNull()
    expect(flood.droppedPps).toBe(95_000)
  })
})
