import type { IncidentReport } from '@/wire/incident'

/** What became of the packets that a rule hit. */
export const RULE_DONE: Record<IncidentReport['rules'][number]['action'], string> = {
  drop: 'dropped',
  limit: 'limited',
  count: 'would have been dropped',
}
