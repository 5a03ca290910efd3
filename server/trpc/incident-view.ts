import type { IncidentReport } from '../../wire/incident'
import type { VectorId } from '../../wire/vectors'
import { formatId } from '../core/ids'
import type { IncidentDetail as Stored } from '../services/incidents/get'
import type { Incident } from '../services/incidents/incident'
import type { SourceMap } from '../services/sources/get'
import type { FeedbackView, NoteView } from './incident-notes'
import type { DeliveryView, EvidenceView } from './incident-proof'
import { type IncidentPolicyView, toIncidentPolicy } from './policy-view'

/** One row of a list: enough for a sentence, no more. Times in ms since the epoch, µs kept as fractions. */
export type IncidentSummary = {
  /** Prefixed, as it stands in addresses. */
  id: string
  state: IncidentReport['state']
  node: { id: string; name: string }
  vectors: Pick<IncidentReport['vectors'][number], 'id' | 'confidence' | 'share'>[]
  startedMs: number
  ruleInKernelMs: number | null
  endedMs: number | null
  peakWire: IncidentReport['traffic']['peakWire']
  droppedPackets: number
  /** Every rule only counted. */
  isObserved: boolean
  verified: IncidentReport['verifiedClients']
  acknowledged: { atMs: number; by: string | null } | null
}

export type Stage = { key: string; label: string; atMs: number; by: 'node' | 'platform' }
export type TimelineEntry = { id: string; atMs: number; kind: string; text: string }
export type RuleView = Omit<IncidentReport['rules'][number], 'level' | 'vectorId' | 'action'> & {
  vectorId: VectorId
  action: IncidentReport['rules'][number]['action']
}

export type IncidentFacts = IncidentSummary &
  Pick<IncidentReport, 'score' | 'target' | 'reasons' | 'traffic' | 'baseline'> & {
    policy: IncidentPolicyView
    vectorsNamed: IncidentReport['vectors']
    rules: RuleView[]
    stages: Stage[]
    timeline: TimelineEntry[]
  }

const ms = (us: number): number => us / 1_000
const msOrNull = (us: number | null): number | null => (us === null ? null : us / 1_000)

/** `nameOf` turns the id of who acknowledged into a name. */
export function toSummary(incident: Incident, nameOf: (userId: string) => string | null): IncidentSummary {
  const { report } = incident
  return {
    id: formatId('inc', incident.id),
    state: incident.state,
    node: { id: formatId('nd', incident.nodeId), name: incident.nodeName },
    vectors: [...report.vectors]
      .sort((left, right) => right.share - left.share)
      .map(({ id, confidence, share }) => ({ id, confidence, share })),
    startedMs: ms(incident.firstPacketUs),
    ruleInKernelMs: msOrNull(incident.ruleInKernelUs),
    endedMs: msOrNull(incident.resolvedUs),
    peakWire: report.traffic.peakWire,
    droppedPackets: report.traffic.droppedPackets,
    isObserved: report.rules.length > 0 && report.rules.every(({ action }) => action === 'count'),
    verified: report.verifiedClients,
    acknowledged:
      incident.acknowledgedUs === null
        ? null
        : {
            atMs: ms(incident.acknowledgedUs),
            by: incident.acknowledgedBy === null ? null : nameOf(incident.acknowledgedBy),
          },
  }
}

export function toFacts(incident: Stored, nameOf: (userId: string) => string | null): IncidentFacts {
  const { report } = incident
  return {
    ...toSummary(incident, nameOf),
    score: incident.score,
    target: report.target,
    reasons: report.reasons,
    traffic: report.traffic,
    baseline: report.baseline,
    policy: toIncidentPolicy(incident.policy),
    vectorsNamed: report.vectors,
    rules: incident.mitigations.map(({ ruleId, vectorId, action, level: _, ...rule }) => ({
      ...rule,
      id: ruleId,
      vectorId: vectorId as VectorId,
      action: action as RuleView['action'],
    })),
    stages: stagesOf(incident),
    timeline: incident.timeline.map(({ id, atUs, kind, text }) => ({ id, atMs: ms(atUs), kind, text })),
  }
}

/** Distance of each stage that happened from the first packet over the tripwire. */
function stagesOf(incident: Incident): Stage[] {
  const reached: [string, string, number | null, Stage['by']][] = [
    ['detected', 'Named', incident.detectedUs, 'node'],
    ['ruleInKernel', 'Rule in kernel', incident.ruleInKernelUs, 'node'],
    ['incidentStored', 'Incident stored', incident.storedUs, 'platform'],
    ['evidenceSecured', 'Evidence secured', incident.evidenceSecuredUs, 'node'],
    ['firstAlert', 'First alert sent', incident.firstAlertUs, 'platform'],
    ['mitigated', 'Mitigated', incident.mitigatedUs, 'node'],
    ['ending', 'Ebbing', incident.endingUs, 'node'],
    ['resolved', 'Over', incident.resolvedUs, 'node'],
  ]
  return reached.flatMap(([key, label, atUs, by]) =>
    atUs === null ? [] : [{ key, label, by, atMs: Math.max(0, ms(atUs - incident.firstPacketUs)) }],
  )
}

/** Everything the incident page shows. */
export type IncidentDetail = IncidentFacts & {
  deliveries: DeliveryView[]
  evidence: EvidenceView | null
  sources: SourceMap | null
  notes: NoteView[]
  feedback: FeedbackView[]
  may: {
    acknowledge: boolean
    annotate: boolean
    downloadEvidence: boolean
    seeEvidence: boolean
    seeDeliveries: boolean
    readPolicy: boolean
  }
}
