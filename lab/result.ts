/** The object `bin/demo --json` prints: its parts from one run, and how many runs become one. Pure. */

import type { DrillReport } from './drill'

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

export type RunResult = {
  scenario: string
  node: string
  incidents: number
  surges: { reasons: unknown[] }[]
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
  otherNodes: { incidents: number }
  rulesLeft: number
  evidence: { path: string; packets: number; packetsBeforeOnset: number; verified: boolean } | null
  /** What was measured beside the contract's fields. */
  measured: Measured
}

export type Measured = {
  floodPps: number
  floodSeconds: number
  attackPackets: number
  attackPacketsDelivered: number
  /** Share of attack packets dropped from the rule on, 0..1. */
  droppedShareSinceRule: number | null
  vectorNamedRight: boolean
  rulesGoneAfterFloodMs: number | null
  alertSignatureVerified: boolean
  alertsOpened: number
  rttP99Ms: { before: number | null; during: number | null; after: number | null }
  controlSent: number
  softnetDrops: number
  busyCores: number
  generatorCores: number
  drill: DrillReport | null
}

export type DemoResult = Omit<RunResult, 'stagesMs'> & {
  runs: number
  stagesMs: Record<Stage, number | null> | Record<Stage, Spread>
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

/** Everything that keeps a run from being a success, in words. Empty: it succeeded. */
export function shortcomings(run: RunResult): string[] {
  const missing = STAGES.filter((stage) => run.stagesMs[stage] === null).map((stage) => `stage ${stage} did not happen`)
  const faults: [boolean, string][] = [
    [run.incident === null, 'no incident was opened'],
    [run.incidents > 1, `one flood became ${run.incidents} incidents`],
    [run.rulesLeft > 0, `${run.rulesLeft} rules, chains or elements are left in the cut table`],
    [run.otherNodes.incidents > 0, `other nodes opened ${run.otherNodes.incidents} incidents`],
    [run.evidence?.verified !== true, 'the evidence did not verify'],
    [
      !run.measured.vectorNamedRight,
      `the vector was named ${run.incident?.vectors.map(({ id }) => id).join(', ') || 'not at all'}`,
    ],
    [!run.measured.alertSignatureVerified, 'the alert carried no valid signature'],
  ]
  return [...missing, ...faults.flatMap(([failed, text]) => (failed ? [text] : []))]
}

const lossShare = ({ verifiedClients: { packetsLost, packetsSent } }: RunResult): number =>
  packetsSent === 0 ? 1 : packetsLost / packetsSent

/** Higher is worse: first what failed, then players' loss, then what got through, then how late the rule was. */
function badness(run: RunResult): number[] {
  return [
    shortcomings(run).length,
    run.rulesLeft,
    lossShare(run),
    1 - (run.measured.droppedShareSinceRule ?? 0),
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
  const spreads = STAGES.map((stage) => {
    const values = runs.flatMap(({ stagesMs }) => (stagesMs[stage] === null ? [] : [stagesMs[stage]]))
    return [stage, spread(values)]
  })
  return { ...worst, runs: runs.length, stagesMs: Object.fromEntries(spreads) as Record<Stage, Spread> }
}

type WireSample = { atUs: number; wirePackets: number; wireBytes: number; deliveredPackets: number }

export type FloodTraffic = RunResult['traffic'] & {
  attackPackets: number
  attackPacketsDelivered: number
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
    droppedShareSinceRule: since !== null && since.wire > 0 ? 1 - since.delivered / since.wire : null,
  }
}
