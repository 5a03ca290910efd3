import type { IncidentReport } from '../../wire/incident'
import type { Stage } from './stage-layout'

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
  verified: IncidentReport['verifiedClients']
  acknowledged: { atMs: number; by: string | null } | null
}

export type TimelineEntry = { id: string; atMs: number; kind: string; text: string; by: string }

export type DeliveryView = {
  id: string
  destination: string
  channel: string
  kind: string
  state: 'pending' | 'sent' | 'failed' | 'retrying'
  queuedMs: number
  /** When the destination had the request line. */
  startedMs: number | null
  answeredMs: number | null
  attempts: number
  detail: string | null
  mayRepeat: boolean
}

export type EvidenceView = {
  state: 'recording' | 'on_node' | 'uploaded'
  bundleSha256: string | null
  packets: number
  packetsBeforeOnset: number
  bytes: number
  files: {
    name: string
    source: string
    resolution: string
    samplingRate: number | null
    kernelDrops: number | null
    packets: number
  }[]
}

/** Everything the incident page shows. */
export type IncidentDetail = IncidentSummary &
  Pick<IncidentReport, 'score' | 'target' | 'reasons' | 'rules' | 'traffic' | 'baseline' | 'policy'> & {
    report: { vectors: IncidentReport['vectors'] }
    stages: Stage[]
    timeline: TimelineEntry[]
    deliveries: DeliveryView[]
    evidence: EvidenceView | null
    may: { acknowledge: boolean; downloadEvidence: boolean }
  }
