import type { INCIDENT_EVENTS, IncidentState } from '../../wire/incident'

export type IncidentEventKind = (typeof INCIDENT_EVENTS)[number]

/** What the platform knows of an incident when a report arrives; null when it has never heard of it. */
export type KnownIncident = { state: IncidentState; revision: number }

export type IncomingReport = { state: IncidentState; revision: number; event: IncidentEventKind }

/** What people are told: each effect becomes one message for every destination that wants its kind. */
export type NotifyEffect = 'opened' | 'updated' | 'resolved'

export type Decision =
  | { kind: 'stale'; state: IncidentState; effects: [] }
  | {
      kind: 'open' | 'update'
      state: IncidentState
      effects: NotifyEffect[]
      /** State the node claimed and the platform did not follow; null when it followed. */
      refusedState: IncidentState | null
    }

const TERMINAL = ['resolved', 'rejected'] as const satisfies readonly IncidentState[]

/** States that may follow; a state may always follow itself. */
const NEXT: Record<IncidentState, readonly IncidentState[]> = {
  suspected: ['confirmed', 'mitigating', 'mitigated', 'ending', 'resolved', 'rejected'],
  confirmed: ['mitigating', 'mitigated', 'ending', 'resolved', 'rejected'],
  mitigating: ['confirmed', 'mitigated', 'ending', 'resolved', 'rejected'],
  mitigated: ['confirmed', 'mitigating', 'ending', 'resolved', 'rejected'],
  ending: ['confirmed', 'mitigating', 'mitigated', 'resolved', 'rejected'],
  resolved: [],
  rejected: [],
}

/** Events worth telling people who were already told that the incident is open. */
const UPDATING: readonly IncidentEventKind[] = ['vector_added', 'mitigated', 'resumed']

export function isTerminal(state: IncidentState): boolean {
  return (TERMINAL as readonly IncidentState[]).includes(state)
}

/** True once people have been told: a suspicion alerts nobody, and what was rejected at first sight never did. */
const isAnnounced = (state: IncidentState): boolean => state !== 'suspected' && state !== 'rejected'

function nextState(known: KnownIncident | null, claimed: IncidentState): IncidentState {
  if (known === null || known.state === claimed) return claimed
  return NEXT[known.state].includes(claimed) ? claimed : known.state
}

function effectsOf(known: KnownIncident | null, state: IncidentState, event: IncidentEventKind): NotifyEffect[] {
  if (known !== null && isTerminal(known.state)) return []
  const wasAnnounced = known !== null && isAnnounced(known.state)
  if (!wasAnnounced) {
    if (!isAnnounced(state)) return []
    return state === 'resolved' ? ['opened', 'resolved'] : ['opened']
  }
  if (isTerminal(state)) return ['resolved']
  return UPDATING.includes(event) ? ['updated'] : []
}

/**
 * Turns one report of a node into the platform's state of the incident and what must be said.
 * A report not newer than what is known has no effect. A finished incident keeps its state; later
 * reports may still complete its data (evidence uploaded).
 */
export function decide(known: KnownIncident | null, report: IncomingReport): Decision {
  if (known !== null && report.revision <= known.revision) return { kind: 'stale', state: known.state, effects: [] }
  const state = nextState(known, report.state)
  return {
    kind: known === null ? 'open' : 'update',
    state,
    effects: effectsOf(known, state, report.event),
    refusedState: state === report.state ? null : report.state,
  }
}
