import type { Sample } from '../../../wire/sample'
import type { MessageDelivery } from '../deliveries/list'
import type { Evidence } from '../evidence/list'
import type { Feedback } from '../feedback/feedback'
import type { Incident } from '../incidents/incident'
import type { Mitigation, TimelineEntry } from '../incidents/parts'
import type { Note } from '../notes/note'
import type { SourceMap } from '../sources/get'

/** For whom: an integrity ruling, whoever paid for the evening, or who wants to do better next time. */
export const EDITIONS = ['league', 'sponsor', 'retrospective'] as const
export type Edition = (typeof EDITIONS)[number]

/** One incident with what the reader may know of it; null: not theirs to read. */
export type ReportedIncident = Incident & {
  /** Groups its node belongs to, outermost first, by their names. */
  places: string[]
  timeline: TimelineEntry[]
  mitigations: Mitigation[]
  samples: Sample[]
  evidence: Evidence[] | null
  sources: SourceMap | null
  deliveries: MessageDelivery[] | null
  notes: Note[] | null
  feedback: Feedback[] | null
}

export type ReportScope =
  | { kind: 'incident' }
  | { kind: 'group'; name: string; fromMs: number; toMs: number }
  | { kind: 'workspace'; fromMs: number; toMs: number }

export type Report = {
  scope: ReportScope
  edition: Edition
  workspaceName: string
  madeMs: number
  /** Nodes the report is about. */
  nodeCount: number
  incidents: ReportedIncident[]
  /** Those that the report has no room for. */
  leftOut: number
}
