import { describe, expect, test } from 'vitest'
import { shortcomings } from './promises'
import {
  combine,
  heldBy,
  joinFloods,
  measureFlood,
  type NodeMeasured,
  type NodeResult,
  percentile,
  type RunResult,
  STAGES,
  spread,
  stagesSince,
  worstRun,
} from './result'

const stages = (ms: number | null) => Object.fromEntries(STAGES.map((stage) => [stage, ms])) as RunResult['stagesMs']

function node(change: Partial<NodeResult> = {}, measured: Partial<NodeMeasured> = {}): NodeResult {
  return {
    node: 'match-01',
    incidents: 1,
    incident: { id: 'inc_1', vectors: [{ id: 'udp_flood_fixed', confidence: 0.9, share: 1 }], state: 'resolved' },
    stagesMs: stages(10),
    traffic: { wirePps: 100_000, droppedPps: 99_900, deliveredPps: 100, wireBps: 8e7 },
    verifiedClients: { count: 30, packetsSent: 20_000, packetsLost: 0, packetsLostBeforeRule: 1, controlLost: 0 },
    rttMs: { before: 0.2, during: 0.3, after: 0.2 },
    evidence: { path: '/x', packets: 10, packetsBeforeOnset: 5, verified: true },
    heldBy: { dropped: 1, limited: 0, letThrough: 0 },
    pulses: [],
    measured: {
      floodPps: 150_000,
      floodSeconds: 8,
      attackPackets: 1_200_000,
      attackPacketsDelivered: 900,
      droppedShareSinceRule: 0.999,
      vectorNamedRight: true,
      alertSignatureVerified: true,
      alertsOpened: 1,
      rttP99Ms: { before: 1, during: 2, after: 1 },
      generatorCores: 0.6,
      ...measured,
    },
    ...change,
  }
}

/** A run of one node. `change` holds for the node and, as the contract wants it, for the top. */
function run(change: Partial<RunResult & NodeResult> = {}, measured: Partial<NodeMeasured> = {}): RunResult {
  const one = node(change as Partial<NodeResult>, measured)
  const more = { rulesGoneAfterFloodMs: 9_000, controlSent: 20_000, softnetDrops: 0, busyCores: 1.2, drill: null }
  return {
    ...one,
    scenario: 'udp-flood',
    surges: [],
    otherNodes: { incidents: 0 },
    rulesLeft: 0,
    crowd: null,
    ...change,
    nodes: [one],
    measured: { ...one.measured, ...more },
  }
}

const CROWD = {
  players: 217,
  joinSeconds: 30,
  timesUsualPps: 8,
  packetsSent: 300_000,
  packetsLost: 0,
  rttMs: null,
  rulesSeen: 0,
}

function surge(change: Partial<RunResult> = {}, crowd: Partial<typeof CROWD> = {}): RunResult {
  const quiet = { incidents: 0, incident: null, evidence: null, stagesMs: stages(null), nodes: [] }
  return { ...run(), ...quiet, surges: [{ reasons: [{}] }], crowd: { ...CROWD, ...crowd }, ...change }
}

const pulse = { startMs: 25_000, armedMs: 8, droppedShareSinceRule: 0.999, standingInPause: null }

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
    ['99 % of the attack dropped', run({}, { droppedShareSinceRule: 0.989 })],
    [
      '999 of 1,000 packets of verified clients',
      run({ verifiedClients: { ...node().verifiedClients, packetsLost: 21 } }),
    ],
    ['a rule in a pulse', run({ pulses: [pulse, { ...pulse, armedMs: null }] })],
    [
      'the end of rules that drop in a pause',
      run({ pulses: [{ ...pulse, standingInPause: { dropping: 1, counting: 0, lasting: 0 } }, pulse] }),
    ],
    [
      'an end to what stands in a pause',
      run({ pulses: [{ ...pulse, standingInPause: { dropping: 0, counting: 1, lasting: 1 } }, pulse] }),
    ],
    ['the second node’s incident', { ...run(), nodes: [node(), node({ incidents: 2 })] }],
    ['peace in a surge', surge({ incidents: 1 })],
    ['the reasons of a surge', surge({ surges: [] })],
    ['a crowd that is one', surge({}, { timesUsualPps: 2 })],
    ['new players’ packets', surge({}, { packetsLost: 400 })],
    ['an empty cut table in a surge', surge({}, { rulesSeen: 3 })],
  ])('%s is missing', (_, result) => {
    expect(shortcomings(result)).toHaveLength(1)
  })

  test('nothing, when an audience grew and nobody was limited', () => {
    expect(shortcomings(surge())).toEqual([])
  })
})

describe('several pulses, several nodes', () => {
  test('re-arming and the stages of each node are spread over the runs', () => {
    const slow = run({ pulses: [pulse, { ...pulse, armedMs: 20 }], stagesMs: stages(30) })
    const combined = combine([run({ pulses: [pulse, pulse] }), slow])
    expect(combined.pulses[1]?.armedMs).toMatchObject({ p50: 8, max: 20, n: 2 })
    expect(combined.nodes[0]?.stagesMs.detected).toMatchObject({ p50: 10, max: 30, n: 2 })
  })

  test('a loss at the second node is worse than none', () => {
    const lossy = {
      ...run(),
      nodes: [node(), node({ verifiedClients: { ...node().verifiedClients, packetsLost: 4 } })],
    }
    expect(worstRun([run(), lossy])).toBe(lossy)
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

  test('pulses are summed, and who held what adds up to one', () => {
    const flood = measureFlood(series, peace, { firstUs: 0, ruleUs: 100_000, endUs: 2_000_000 })
    const both = joinFloods([flood, flood])
    expect(both.attackPackets).toBe(400_000)
    expect(both.wirePps).toBe(100_000)
    expect(both.droppedShareSinceRule).toBe(1)
    const rules = [
      { action: 'drop', packets: 300 },
      { action: 'limit', packets: 100 },
      { action: 'count', packets: 900 },
    ]
    expect(heldBy(rules, { ...flood, attackPacketsLetThrough: 100 })).toEqual({
      dropped: 0.6,
      limited: 0.2,
      letThrough: 0.2,
    })
  })
})
