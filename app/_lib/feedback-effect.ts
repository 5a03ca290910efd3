import { packetCount, packetRate, span } from './figures'

export const VERDICT_WORDS = {
  attack: 'An attack, and named rightly',
  audience: 'Our audience, not an attack',
  misnamed: 'An attack, but under another name',
} as const
export type Verdict = keyof typeof VERDICT_WORDS

type Rule = { action: 'drop' | 'limit' | 'count'; packets: number }
type Second = { atMs: number; wire: { pps: number } }

export type Facts = {
  score: number
  rules: Rule[]
  /** Seconds around the incident. */
  seconds: readonly Second[]
  startedMs: number
  endedMs: number | null
  usualPpsHigh: number | null
}

const rate = (pps: number): string => {
  const { value, unit } = packetRate(pps)
  return `${value} ${unit}`
}

const total = (rules: readonly Rule[], action: Rule['action']): number =>
  rules.reduce((sum, rule) => sum + (rule.action === action ? rule.packets : 0), 0)

/** What this word changes, and what would have to change for it to matter: measured, never guessed. Pure. */
export function effectOf(verdict: Verdict, facts: Facts): string[] {
  const nothing =
    'Feedback informs people. It is kept with this incident and stands in its report; it is not sent to the node and changes no rule, no policy, no name and no baseline.'
  if (verdict === 'attack') return [nothing]
  if (verdict === 'misnamed')
    return [
      nothing,
      'The name in lists, alerts and reports stays the one the node gave, with your name for it beside it.',
    ]
  return [nothing, whatDecided(facts), whatWasCut(facts), whatWasNotLearned(facts)]
}

const whatDecided = ({ score }: Facts): string =>
  `The node decided by its own terms, listed under “Why we think so”: together an attack with probability ${score.toFixed(2)}. Your word is not one of them.`

function whatWasCut({ rules }: Facts): string {
  const dropped = total(rules, 'drop')
  const limited = total(rules, 'limit')
  if (dropped === 0 && limited === 0)
    return 'No rule took a packet out, so no other policy would have let more through.'
  const parts = [
    ...(dropped > 0 ? [`${packetCount(dropped)} packets were dropped as certain`] : []),
    ...(limited > 0 ? [`${packetCount(limited)} were held back as doubtful, over the rate of new sources`] : []),
  ]
  return `${parts.join(', and ')}. Under a policy that observes, the same rules would have counted them and dropped none.`
}

function whatWasNotLearned({ seconds, startedMs, endedMs, usualPpsHigh }: Facts): string {
  const inside = seconds
    .filter(({ atMs }) => atMs > startedMs && (endedMs === null || atMs <= endedMs))
    .map(({ wire }) => wire.pps)
    .sort((left, right) => left - right)
  const usual = usualPpsHigh === null ? 'has learned no usual rate yet' : `takes up to ${rate(usualPpsHigh)} for usual`
  const learned = `The node's baseline ${usual}. It never learns from seconds in which an attack is held`
  if (inside.length === 0) return `${learned}, and these will not be added later.`
  const median = inside[Math.floor(inside.length / 2)] as number
  return `${learned}: ${span(inside.length * 1_000)} of this incident, half of them at ${rate(median)} or more, stay out of it whatever is said here.`
}
