import type { IncidentState } from '@/wire/incident'
import { NODE_STATES, type NodeState } from '../../server/trpc/node-state'

/** What a thing is right now. Everything that shows a state uses one of these. */
export type State = NodeState

/** Worst first. */
export const STATES: readonly State[] = NODE_STATES

export const STATE_WORDS: Record<State, string> = {
  clean: 'clean',
  watching: 'watching',
  attack: 'under attack',
  mitigated: 'mitigated',
  impaired: 'impaired',
  offline: 'offline',
  surge: 'surge',
}

type Mark = { state: State; word: string }

const INCIDENT_MARKS: Record<IncidentState, Mark> = {
  suspected: { state: 'watching', word: 'suspected' },
  confirmed: { state: 'attack', word: 'under attack' },
  mitigating: { state: 'attack', word: 'dropping' },
  mitigated: { state: 'mitigated', word: 'mitigated' },
  ending: { state: 'mitigated', word: 'ending' },
  resolved: { state: 'clean', word: 'over' },
  rejected: { state: 'surge', word: 'not an attack' },
}

export const incidentMark = (state: IncidentState): Mark => INCIDENT_MARKS[state]

export const isOver = (state: IncidentState): boolean => state === 'resolved' || state === 'rejected'
