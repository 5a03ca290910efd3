import type { IncidentReport, Reason, RuleReport, VectorReport } from '../../wire/incident'
import type { Policy } from '../../wire/messages'
import type { CutHits } from '../mitigate/cutter'
import { type Cut, describeCut, showCut } from '../mitigate/ruleset'
import type { Finding } from './classify'
import { isStopped } from './policy'
import type { TickRates, Verdict } from './state'

const NO_RATE = { pps: 0, bps: 0 }

const vectorOf = (finding: Finding, startUs: number): VectorReport => ({
  id: finding.vectorId,
  confidence: round(finding.confidence),
  share: round(finding.share),
  startUs,
  endUs: null,
  targetPort: finding.targetPort,
})

const round = (value: number): number => Math.round(Math.min(1, Math.max(0, value)) * 1000) / 1000

const ruleOf = (cut: Cut, installedUs: number): RuleReport => ({
  id: cut.id,
  vectorId: cut.vectorId,
  level: 'L1',
  action: cut.action,
  ...(cut.basis ? { basis: cut.basis } : {}),
  words: describeCut(cut).slice(0, 300),
  nft: showCut(cut).slice(0, 1_000),
  installedUs,
  removedUs: null,
  packets: 0,
  bytes: 0,
})

/** First report of an incident, before its rules stand. */
export function openReport(id: string, verdict: Verdict, policy: Policy): IncidentReport {
  const ports = verdict.findings.map((finding) => finding.targetPort).filter((port) => port !== null)
  return {
    id,
    revision: 1,
    state: stateUnder(verdict.cuts),
    score: round(verdict.score),
    target: { addresses: verdict.targets.slice(0, 8), ports: [...new Set(ports)].slice(0, 16) },
    vectors: mergeVectors(verdict.findings.map((finding) => vectorOf(finding, verdict.trippedUs))),
    reasons: verdict.reasons.slice(0, 16),
    rules: [],
    stages: {
      trippedUs: verdict.trippedUs,
      detectedUs: verdict.atUs,
      ruleInKernelUs: null,
      evidenceSecuredUs: null,
      mitigatedUs: null,
      endingUs: null,
      resolvedUs: null,
    },
    traffic: {
      wire: estimatedWire(verdict.reasons),
      dropped: NO_RATE,
      delivered: NO_RATE,
      peakWire: NO_RATE,
      wirePackets: 0,
      droppedPackets: 0,
      droppedBytes: 0,
    },
    baseline: verdict.band,
    verifiedClients: { count: 0, packetsIn: 0, packetsPastCut: 0, socketBufferDrops: 0 },
    evidence: null,
    policy: {
      name: policy.name,
      version: policy.version,
      ...(policy.id === undefined ? {} : { id: policy.id }),
      ...(isStopped(policy, verdict.atUs) ? { stopped: true } : {}),
    },
  }
}

/** An attack that rules only count is known, and nothing is done about it. */
export const stateUnder = (cuts: readonly Cut[]): 'mitigating' | 'confirmed' =>
  cuts.length > 0 && !cuts.some(acts) ? 'confirmed' : 'mitigating'

const acts = ({ action }: Cut): boolean => action !== 'count'

const estimatedWire = (reasons: readonly Reason[]): { pps: number; bps: number } => ({
  pps: Math.round(reasons.find((reason) => reason.term === 'volume')?.value ?? 0),
  bps: 0,
})

/** Findings of one vector (a reflection and its fragments) are one vector to people. */
function mergeVectors(vectors: readonly VectorReport[]): VectorReport[] {
  const merged = new Map<string, VectorReport>()
  for (const vector of vectors) {
    const old = merged.get(vector.id)
    merged.set(
      vector.id,
      old
        ? { ...old, share: round(old.share + vector.share), confidence: Math.max(old.confidence, vector.confidence) }
        : vector,
    )
  }
  return [...merged.values()].slice(0, 16)
}

export const withRules = (report: IncidentReport, cuts: readonly Cut[], installedUs: number): IncidentReport => ({
  ...report,
  rules: [...report.rules, ...cuts.map((cut) => ruleOf(cut, installedUs))].slice(0, 64),
  stages: {
    ...report.stages,
    ruleInKernelUs: report.stages.ruleInKernelUs ?? (cuts.some(acts) ? installedUs : null),
  },
})

export const withVectors = (report: IncidentReport, findings: readonly Finding[], startUs: number): IncidentReport => ({
  ...report,
  vectors: mergeVectors([...report.vectors, ...findings.map((finding) => vectorOf(finding, startUs))]),
})

/** Each vector's share of what the rules hit now; what it was while they hit nothing. */
function sharesNow(report: IncidentReport, hits: TickRates['hits']): VectorReport[] {
  const hitBy = (vectorId: string): number =>
    report.rules.reduce((sum, rule) => sum + (rule.vectorId === vectorId ? (hits.get(rule.id) ?? 0) : 0), 0)
  const all = [...hits.values()].reduce((sum, pps) => sum + pps, 0)
  return all === 0 ? report.vectors : report.vectors.map((one) => ({ ...one, share: round(hitBy(one.id) / all) }))
}

export type Totals = { wirePackets: number; socketBufferDrops: number; verifiedClients: number; verifiedIn: number }

/** Hits and rates as the kernel counts them now. `totals` are since the rule stands. */
export function withTraffic(report: IncidentReport, hits: CutHits, rates: TickRates, totals: Totals): IncidentReport {
  const rules = report.rules.map((rule) => {
    const count = hits.cuts.get(rule.id)
    return count ? { ...rule, packets: count.packets, bytes: count.bytes } : rule
  })
  const dropping = rules.filter((rule) => rule.action !== 'count')
  const peak = report.traffic.peakWire
  return {
    ...report,
    rules,
    vectors: sharesNow(report, rates.hits),
    traffic: {
      wire: rates.wire,
      dropped: rates.dropped,
      delivered: rates.delivered,
      peakWire: rates.wire.pps > peak.pps ? rates.wire : peak,
      wirePackets: totals.wirePackets,
      droppedPackets: dropping.reduce((sum, rule) => sum + rule.packets, 0),
      droppedBytes: dropping.reduce((sum, rule) => sum + rule.bytes, 0),
    },
    verifiedClients: {
      count: totals.verifiedClients,
      packetsIn: totals.verifiedIn,
      packetsPastCut: hits.exempt.packets,
      socketBufferDrops: totals.socketBufferDrops,
    },
  }
}

type StageName = 'evidenceSecuredUs' | 'mitigatedUs' | 'endingUs' | 'resolvedUs'

export const withStage = (
  report: IncidentReport,
  stage: StageName,
  atUs: number | null,
  state: IncidentReport['state'] = report.state,
): IncidentReport => ({ ...report, state, stages: { ...report.stages, [stage]: atUs } })

/** These cuts stand in the kernel from `atUs` on, and no others. Those that stood before count on where they were. */
export function withStanding(report: IncidentReport, cuts: readonly Cut[], atUs: number): IncidentReport {
  const known = new Set(report.rules.map(({ id }) => id))
  const rules = report.rules.map((rule) => {
    const cut = cuts.find(({ id }) => id === rule.id)
    if (!cut) return { ...rule, removedUs: rule.removedUs ?? atUs }
    const { words, nft } = ruleOf(cut, atUs)
    return { ...rule, words, nft, removedUs: null }
  })
  return withRules(
    { ...report, rules },
    cuts.filter(({ id }) => !known.has(id)),
    atUs,
  )
}

export const closed = (report: IncidentReport, atUs: number): IncidentReport => ({
  ...withStage(report, 'resolvedUs', atUs, 'resolved'),
  rules: report.rules.map((rule) => ({ ...rule, removedUs: rule.removedUs ?? atUs })),
  vectors: report.vectors.map((vector) => ({ ...vector, endUs: vector.endUs ?? report.stages.endingUs ?? atUs })),
})

/** Next revision: every report that leaves the node has a higher one than the last. */
export const revised = (report: IncidentReport): IncidentReport => ({ ...report, revision: report.revision + 1 })
