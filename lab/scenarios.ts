import { FLOOD_VARIANTS, type Flood, type FloodName, planFlood, type Target } from './floods'
import type { NodeName } from './topology'

/** What each scenario does: which floods hit which nodes, how often; or a crowd that is no flood. Pure. */

export const SCENARIOS = [
  'udp-flood',
  'dns-reflection',
  'syn-flood',
  'udp-random',
  'ipv6-flood',
  'two-at-once',
  'pulse',
  'surge',
] as const
export type Scenario = (typeof SCENARIOS)[number]

export const VARIANTS = {
  ...FLOOD_VARIANTS,
  'two-at-once': ['udp+dns', 'ipv6+syn'],
  pulse: ['fixed', 'random', 'changing', 'short'],
  surge: ['ramp', 'rush'],
} as const satisfies Record<Scenario, readonly [string, ...string[]]>

export type Assault = { node: NodeName; flood: Flood }

/** `bursts`: for each, who is hit; they start `everySeconds` apart and last `seconds`. */
export type Plan = { bursts: Assault[][]; seconds: number; everySeconds: number }

export type Crowd = { joinSeconds: number; staySeconds: number }

export function isVariant(scenario: Scenario, variant: string): boolean {
  return (VARIANTS[scenario] as readonly string[]).includes(variant)
}

export const crowdOf = (variant: string, seconds: number): Crowd => ({
  joinSeconds: variant === 'rush' ? 12 : 30,
  staySeconds: seconds,
})

const PULSES = 4
const PULSE = { seconds: 5, everySeconds: 25 }
/** The same story in half the time; its pauses still outlast the five quiet seconds after which rules stand by. */
const SHORT_PULSE = { seconds: 2, everySeconds: 12 }
/** Of two floods at once each is smaller: their generators share a core. */
const PPS_OF_TWO = 100_000

export function planScenario(
  scenario: Exclude<Scenario, 'surge'>,
  variant: string,
  targets: Record<NodeName, Target>,
  seconds: number,
): Plan {
  const hit = (node: NodeName, name: FloodName, kind: string): Assault => ({
    node,
    flood: planFlood(name, kind, targets[node]),
  })
  if (scenario === 'pulse') return planPulses(variant, hit)
  const once = (assaults: Assault[]): Plan => ({ bursts: [assaults], seconds, everySeconds: seconds })
  if (scenario !== 'two-at-once') return once([hit('match-01', scenario, variant)])
  const both =
    variant === 'udp+dns'
      ? [hit('match-01', 'udp-flood', 'fixed'), hit('match-02', 'dns-reflection', 'any')]
      : [hit('match-01', 'ipv6-flood', 'fixed'), hit('match-02', 'syn-flood', 'bare')]
  return once(both.map(({ node, flood }) => ({ node, flood: { ...flood, pps: PPS_OF_TWO } })))
}

function planPulses(variant: string, hit: (node: NodeName, name: FloodName, kind: string) => Assault): Plan {
  const stories: Record<string, [FloodName, string][]> = {
    fixed: [['udp-flood', 'fixed']],
    random: [['udp-random', 'random']],
    short: [['udp-random', 'random']],
    changing: [
      ['udp-flood', 'fixed'],
      ['dns-reflection', 'any'],
      ['syn-flood', 'bare'],
      ['udp-random', 'random'],
    ],
  }
  const story = stories[variant]!
  const bursts = Array.from({ length: PULSES }, (_, pulse) => [hit('match-01', ...story[pulse % story.length]!)])
  return { bursts, ...(variant === 'short' ? SHORT_PULSE : PULSE) }
}
