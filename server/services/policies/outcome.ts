import { RULE_BASES, type RuleBasis } from '../../../wire/incident'
import { POLICY_ACTIONS, type PolicyAction } from '../../../wire/messages'
import type { VectorId } from '../../../wire/vectors'
import { actionFor, type PolicySettings } from './settings'

/** A rule as it stood in an incident. */
export type PastRule = {
  vectorId: VectorId
  action: 'drop' | 'limit' | 'count'
  /** Older agents do not say. */
  basis?: RuleBasis
  /** What it dropped or held back; what it counted where it only counted. */
  packets: number
  /** How long it stood. */
  seconds: number
}

/** Between which two counts the truth lies; one count where both are alike. */
export type Range = { low: number; high: number }

export type RuleOutcome = {
  vectorId: VectorId
  was: PolicyAction
  /** What it would have been; more than one where the rule does not say what it followed from. */
  would: PolicyAction[]
  dropped: number
  wouldDrop: Range
}

const DONE: Record<PastRule['action'], PolicyAction> = { drop: 'drop', limit: 'limit', count: 'observe' }

/** What a rule of the past would have been under a draft, and what it would have dropped. Pure; counts of the kernel, not guesses. */
export function outcomeOf(rule: PastRule, past: PolicySettings, draft: PolicySettings): RuleOutcome {
  const was = DONE[rule.action]
  const told = rule.basis ? [rule.basis] : RULE_BASES.filter((basis) => actionFor(past, rule.vectorId, basis) === was)
  const bases = told.length > 0 ? told : RULE_BASES
  const wanted = new Set(bases.map((basis) => actionFor(draft, rule.vectorId, basis)))
  const would = POLICY_ACTIONS.filter((action) => wanted.has(action))
  const ranges = would.map((action) => wouldDrop(rule, was, action, past.newSourcePps, draft.newSourcePps))
  return {
    vectorId: rule.vectorId,
    was,
    would,
    dropped: was === 'observe' ? 0 : rule.packets,
    wouldDrop: {
      low: Math.min(...ranges.map(({ low }) => low)),
      high: Math.max(...ranges.map(({ high }) => high)),
    },
  }
}

/**
 * A limit counts what it held back, not what it let through: that is at most its rate for as long as it stood. So what
 * another action would have dropped is known exactly, or between two counts.
 */
function wouldDrop(
  { packets, seconds }: PastRule,
  was: PolicyAction,
  would: PolicyAction,
  pastPps: number,
  draftPps: number,
): Range {
  if (would === 'observe') return { low: 0, high: 0 }
  const passedMax = was === 'limit' ? Math.ceil(pastPps * seconds) : 0
  if (would === 'drop') return { low: packets, high: packets + passedMax }
  const morePassed = Math.ceil((was === 'limit' ? draftPps - pastPps : draftPps) * seconds)
  return { low: Math.max(0, packets - Math.max(0, morePassed)), high: packets + Math.max(0, -morePassed) }
}

/** Whether the draft would have made anything else of a rule. */
export const isOther = ({ was, would, dropped, wouldDrop: { low, high } }: RuleOutcome): boolean =>
  would.length > 1 || would[0] !== was || (was !== 'observe' && (low !== dropped || high !== dropped))
