/** The object `bin/demo --json` prints: its parts from one run, and how many runs become one. Pure. */

import type { DrillReport } from './drill'
import { shortcomings } from './promises'

export const STAGES = [
  'detected',
  'ruleInKernel',
  'incidentStored',
  'evidenceSecured',
  'firstAlert',
  'statusPage',
  'resolved',
] as const
export type Stage = (typeof STAGES)[number]

/** Moments of one run, epoch µs of one clock. Null: never happened. */
export type StageTimes = Record<Stage, number | null>

export type Spread = { p50: number; p95: number; p99: number; max: number; n: number }

/** What is known of one attacked node. */
export type NodeResult = {
  node: string
  incidents: number
  incident: {
    id: string
    vectors: { id: string; confidence: number; share: number }[]
    state: string
  } | null
  stagesMs: Record<Stage, number | null>
  traffic: { wirePps: number; droppedPps: number; deliveredPps: number; wireBps: number }
  verifiedClients: {
    count: number
    packetsSent: number
    packetsLost: number
    packetsLostBeforeRule: number
    controlLost: number
  }
  rttMs: { before: number | null; during: number | null; after: number | null }
  evidence: { path: string; packets: number; packetsBeforeOnset: number; verified: boolean } | null
  heldBy: HeldBy | null
  pulses: Pulse[]
  measured: NodeMeasured
}

/** Of the attack's packets since the rule: shares dropped by rules, held to the new-source limit, and let through. */
export type HeldBy = { dropped: number; limited: number; letThrough: number }

export type Pulse = {
  /** From the first packet of the first pulse. */
  startMs: number
  /** From this pulse's first packet until rules dropped it; 0: they still stood. */
  armedMs: number | null
  droppedShareSinceRule: number | null
  /** What stood in the cut table late in the pause behind it. */
  standingInPause: { dropping: number; counting: number; lasting: number } | null
}

export type CrowdResult = {
  players: number
  joinSeconds: number
  timesUsualPps: number
  packetsSent: number
  packetsLost: number
  rttMs: { p50: number; p99: number; max: number } | null
  /** Most rules, chains and elements seen in the cut table at any look. */
  rulesSeen: number
}

/** The contract's fields of the first attacked node; of all of them under `nodes`. */
export type RunResult = Omit<NodeResult, 'measured'> & {
  scenario: string
  surges: { reasons: unknown[] }[]
  otherNodes: { incidents: number }
  rulesLeft: number
  nodes: NodeResult[]
  /** Who joined in a surge. */
  crowd: CrowdResult | null
  /** What was measured beside the contract's fields. */
  measured: Measured
}

export type NodeMeasured = {
  floodPps: number
  floodSeconds: number
  attackPackets: number
  attackPacketsDelivered: number
  /** Share of attack packets dropped from the rule on, 0..1. */
  droppedShareSinceRule: number | null
  vectorNamedRight: boolean
  alertSignatureVerified: boolean
  alertsOpened: number
  rttP99Ms: { before: number | null; during: number | null; after: number | null }
  generatorCores: number
}

export type Measured = NodeMeasured & {
  rulesGoneAfterFloodMs: number | null
  controlSent: number
  softnetDrops: number
  busyCores: number
  drill: DrillReport | null
}

type Stages = Record<Stage, number | null> | Record<Stage, Spread>

export type DemoResult = Omit<RunResult, 'stagesMs' | 'nodes' | 'pulses'> & {
  runs: number
  stagesMs: Stages
  nodes: (Omit<NodeResult, 'stagesMs'> & { stagesMs: Stages })[]
  pulses: (Omit<Pulse, 'armedMs'> & { armedMs: number | null | Spread })[]
}

/** Milliseconds from the first attack packet on the wire, to the microsecond. */
export function stagesSince(firstPacketUs: number, times: StageTimes): Record<Stage, number | null> {
  const since = (at: number | null) => (at === null ? null : Math.round(at - firstPacketUs) / 1000)
  return Object.fromEntries(STAGES.map((stage) => [stage, since(times[stage])])) as Record<Stage, number | null>
}

/** Nearest rank: the smallest value that at least `share` of all values do not exceed. */
export function percentile(sorted: readonly number[], share: number): number {
  if (sorted.length === 0) return Number.NaN
  return sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)] as number
}

export function spread(values: readonly number[]): Spread {
  const sorted = [...values].sort((a, b) => a - b)
  const at = (share: number) => percentile(sorted, share)
  return { p50: at(0.5), p95: at(0.95), p99: at(0.99), max: at(1), n: sorted.length }
}

const lossShare = ({ verifiedClients: { packetsLost, packetsSent } }: Pick<NodeResult, 'verifiedClients'>): number =>
  packetsSent === 0 ? 1 : packetsLost / packetsSent

/** Higher is worse: first what failed, then players' loss, then what got through, then how late the rule was. */
function badness(run: RunResult): number[] {
  return [
    shortcomings(run).length,
    run.rulesLeft,
    Math.max(lossShare(run), ...run.nodes.map(lossShare)),
    run.crowd === null ? 0 : run.crowd.packetsLost,
    1 - Math.min(...[run, ...run.nodes].map(({ measured }) => measured.droppedShareSinceRule ?? 0)),
    run.stagesMs.ruleInKernel ?? Number.POSITIVE_INFINITY,
  ]
}

export function worstRun(runs: readonly RunResult[]): RunResult {
  const worse = (a: RunResult, b: RunResult): RunResult => {
    const [badA, badB] = [badness(a), badness(b)]
    const index = badA.findIndex((value, place) => value !== badB[place])
    return index >= 0 && (badB[index] as number) > (badA[index] as number) ? b : a
  }
  return runs.reduce(worse)
}

/** One run keeps its plain stages; several give each stage's spread and, for the rest, the worst run's fields. */
export function combine(runs: readonly RunResult[]): DemoResult {
  const worst = worstRun(runs)
  if (runs.length === 1) return { ...worst, runs: 1 }
  const nodes = worst.nodes.map((one, at) => ({
    ...one,
    stagesMs: spreadStages(runs.map(({ nodes }) => nodes[at]!.stagesMs)),
  }))
  const pulses = worst.pulses.map((one, at) => ({
    ...one,
    armedMs: spread(known(runs.map(({ pulses }) => pulses[at]!.armedMs))),
  }))
  return { ...worst, runs: runs.length, stagesMs: spreadStages(runs.map(({ stagesMs }) => stagesMs)), nodes, pulses }
}

const known = (values: readonly (number | null)[]): number[] => values.filter((value) => value !== null)

const spreadStages = (runs: readonly Record<Stage, number | null>[]): Record<Stage, Spread> =>
  Object.fromEntries(STAGES.map((stage) => [stage, spread(known(runs.map((one) => one[stage])))])) as Record<
    Stage,
    Spread
  >

type CountedRule = { action: string; packets: number }

/** Who held what, as the rules counted it; what came through is counted outside netfilter. */
export function heldBy(rules: readonly CountedRule[], { attackPacketsLetThrough }: FloodTraffic): HeldBy | null {
  const by = (action: string) =>
    rules.filter((rule) => rule.action === action).reduce((sum, { packets }) => sum + packets, 0)
  const all = by('drop') + by('limit') + attackPacketsLetThrough
  if (all === 0) return null
  return { dropped: by('drop') / all, limited: by('limit') / all, letThrough: attackPacketsLetThrough / all }
}

/** Floods of one node as one: packets are added, rates are those of the time in which it was flooded. */
export function joinFloods(floods: readonly FloodTraffic[]): FloodTraffic {
  const sum = (of: (flood: FloodTraffic) => number) => floods.reduce((total, flood) => total + of(flood), 0)
  const mean = (of: (flood: FloodTraffic) => number) => Math.round(sum(of) / floods.length)
  const since = sum(({ attackPacketsSinceRule }) => attackPacketsSinceRule)
  return {
    wirePps: mean(({ wirePps }) => wirePps),
    droppedPps: mean(({ droppedPps }) => droppedPps),
    deliveredPps: mean(({ deliveredPps }) => deliveredPps),
    wireBps: mean(({ wireBps }) => wireBps),
    attackPackets: sum(({ attackPackets }) => attackPackets),
    attackPacketsDelivered: sum(({ attackPacketsDelivered }) => attackPacketsDelivered),
    attackPacketsSinceRule: since,
    attackPacketsLetThrough: sum(({ attackPacketsLetThrough }) => attackPacketsLetThrough),
    droppedShareSinceRule: since > 0 ? 1 - sum(({ attackPacketsLetThrough }) => attackPacketsLetThrough) / since : null,
  }
}

type WireSample = { atUs: number; wirePackets: number; wireBytes: number; deliveredPackets: number }

export type FloodTraffic = RunResult['traffic'] & {
  attackPackets: number
  attackPacketsDelivered: number
  /** From the rule on: all, and those that came through. */
  attackPacketsSinceRule: number
  attackPacketsLetThrough: number
  droppedShareSinceRule: number | null
}

/**
 * Attack traffic from counter samples outside netfilter: what exceeds the packets of peace, whose rates were measured
 * just before. `series` spans the flood; `ruleUs` null means that no rule ever stood.
 */
export function measureFlood(
  series: readonly WireSample[],
  peace: { wirePps: number; wireBytesPerSecond: number; deliveredPps: number },
  { firstUs, ruleUs, endUs }: { firstUs: number; ruleUs: number | null; endUs: number },
): FloodTraffic {
  const before = (us: number) => series.findLast((sample) => sample.atUs <= us) ?? series[0]!
  const after = (us: number) => series.find((sample) => sample.atUs >= us) ?? series.at(-1)!
  const between = (from: WireSample, to: WireSample) => {
    const seconds = Math.max(1e-6, (to.atUs - from.atUs) / 1e6)
    const wire = Math.max(0, to.wirePackets - from.wirePackets - peace.wirePps * seconds)
    const delivered = Math.max(0, to.deliveredPackets - from.deliveredPackets - peace.deliveredPps * seconds)
    const bytes = Math.max(0, to.wireBytes - from.wireBytes - peace.wireBytesPerSecond * seconds)
    return { wire, delivered: Math.min(delivered, wire), bytes }
  }
  const whole = between(before(firstUs), after(endUs))
  const since = ruleUs === null ? null : between(after(ruleUs), after(endUs))
  const sinceSeconds = ruleUs === null ? 0 : (endUs - after(ruleUs).atUs) / 1e6
  const seconds = (endUs - firstUs) / 1e6
  const rates = since !== null && sinceSeconds > 0 ? { ...since, seconds: sinceSeconds } : { ...whole, seconds }
  const perSecond = (count: number) => Math.round(count / rates.seconds)
  return {
    wirePps: perSecond(rates.wire),
    droppedPps: perSecond(rates.wire - rates.delivered),
    deliveredPps: perSecond(rates.delivered),
    wireBps: perSecond(rates.bytes * 8),
    attackPackets: Math.round(whole.wire),
    attackPacketsDelivered: Math.round(whole.delivered),
    attackPacketsSinceRule: Math.round(since?.wire ?? 0),
    attackPacketsLetThrough: Math.round(since?.delivered ?? 0),
    droppedShareSinceRule: since !== null && since.wire > 0 ? 1 - since.delivered / since.wire : null,
  }
}
