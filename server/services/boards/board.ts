import { z } from 'zod'
import { impairment, type LastSeconds, nodeState, type OpenIncident } from '../nodes/node-state'

export const BOARD_STATES = ['impaired', 'under_mitigation', 'unknown', 'clean'] as const
export type BoardState = (typeof BOARD_STATES)[number]

const ms = z.number().nonnegative()

// Strict on purpose: a field that is added by mistake must not reach who holds a link.
export const BoardMatch = z.strictObject({
  id: z.string(),
  name: z.string(),
  /** The stage it lies in, when it lies in one. */
  stage: z.string().nullable(),
  state: z.enum(BOARD_STATES),
  sinceMs: ms.nullable(),
  sentence: z.string(),
  isLive: z.boolean(),
  /** The window it is in, or the next one. */
  window: z.strictObject({ startsMs: ms, endsMs: ms }).nullable(),
  /** Only where the link or the role grants rates; null in it: nothing was measured lately. */
  rate: z.strictObject({ pps: z.number(), bps: z.number() }).nullable().optional(),
})
export type BoardMatch = z.infer<typeof BoardMatch>

export const Board = z.strictObject({
  title: z.string(),
  timeZone: z.string(),
  isLive: z.boolean(),
  showsRates: z.boolean(),
  matches: z.array(BoardMatch),
  /** Matches that found no room. */
  more: z.int().nonnegative(),
})
export type Board = z.infer<typeof Board>

/** As many tiles as one can read across a room. */
export const TILES_MAX = 24

/** One server of a match, as far as its board needs to know. */
export type ServerFacts = {
  isOnline: boolean
  /** Of the incidents that go on; `openedMs` by the node's clock. */
  open: readonly (OpenIncident & { openedMs: number })[]
  /** When the last one was over. */
  lastOverMs: number | null
  lastSeenMs: number | null
  last: LastSeconds | null
}

export type Verdict = Pick<BoardMatch, 'state' | 'sinceMs' | 'sentence'>

/** A rule needs milliseconds; what was just seen and has none yet is not yet left alone. */
const RULE_MS_MAX = 2_000

/** What a match is to who watches it: one word, since when, one sentence without a name, an address or a rate. Pure. */
export function judgeMatch(servers: readonly ServerFacts[], nowMs: number): Verdict {
  if (servers.length === 0) return { state: 'unknown', sinceMs: null, sentence: 'No servers are assigned yet.' }
  const states = servers.map((server) => nodeState({ ...server, hasSurge: false, nowMs }).state)
  const attacked = servers.filter((_, index) => states[index] === 'attack')
  const sinceMs = earliest(servers.flatMap(({ open }) => open.filter(isAttack).map(({ openedMs }) => openedMs)))
  if (states.includes('impaired')) return { state: 'impaired', sinceMs, sentence: impairedSentence(servers, nowMs) }
  if (attacked.some((server) => isLeftAlone(server, nowMs)))
    return { state: 'impaired', sinceMs, sentence: 'An attack is going on and is not dropped.' }
  if (attacked.length > 0) return { state: 'under_mitigation', sinceMs, sentence: 'An attack is being dropped.' }
  if (states.includes('mitigated'))
    return { state: 'under_mitigation', sinceMs, sentence: 'An attack is held off. Players are fine.' }
  return calm(servers, states)
}

const isAttack = ({ state }: OpenIncident): boolean => state !== 'suspected'

function isLeftAlone({ open }: ServerFacts, nowMs: number): boolean {
  return open.some(
    ({ state, ruleInKernelMs, openedMs }) =>
      (state === 'confirmed' || state === 'mitigating') && ruleInKernelMs === null && nowMs - openedMs > RULE_MS_MAX,
  )
}

function impairedSentence(servers: readonly ServerFacts[], nowMs: number): string {
  const reasons = servers.flatMap(({ open, last }) => open.map((incident) => impairment(incident, last, nowMs)))
  return reasons.some((reason) => reason?.startsWith('players'))
    ? 'An attack is dropped, but players lose packets.'
    : 'An attack is dropped, but too much of it gets through.'
}

function calm(servers: readonly ServerFacts[], states: readonly string[]): Verdict {
  const away = servers.filter((_, index) => states[index] === 'offline')
  const lastSeenMs = latest(away.map((server) => server.lastSeenMs))
  if (away.length === servers.length)
    return {
      state: 'unknown',
      sinceMs: lastSeenMs,
      sentence: servers.length === 1 ? 'Its server does not report.' : 'Its servers do not report.',
    }
  const sinceMs = latest(servers.map(({ lastOverMs }) => lastOverMs))
  if (away.length > 0)
    return {
      state: 'clean',
      sinceMs,
      sentence: `No attack. ${away.length} of ${servers.length} servers do not report.`,
    }
  return { state: 'clean', sinceMs, sentence: 'No attack.' }
}

const earliest = (times: readonly number[]): number | null => (times.length === 0 ? null : Math.min(...times))
function latest(times: readonly (number | null)[]): number | null {
  const known = times.filter((time) => time !== null)
  return known.length === 0 ? null : Math.max(...known)
}

/** A match that ended so long ago makes room. */
const OVER_MS = 15 * 60_000

/** Those that matter now, when there are too many: not clean, then on air, then the next ones. In their own stable order. */
export function chooseTiles(matches: readonly BoardMatch[], nowMs: number): { shown: BoardMatch[]; more: number } {
  const current = matches.filter(
    ({ window, state }) =>
      state === 'impaired' || state === 'under_mitigation' || window === null || window.endsMs > nowMs - OVER_MS,
  )
  const rank = ({ state, isLive, window }: BoardMatch): number => {
    if (state === 'impaired' || state === 'under_mitigation') return 0
    if (isLive) return 1
    return window === null ? 3 : 2
  }
  const startOf = ({ window }: BoardMatch): number => window?.startsMs ?? Number.MAX_SAFE_INTEGER
  const kept = new Set([...current].sort((a, b) => rank(a) - rank(b) || startOf(a) - startOf(b)).slice(0, TILES_MAX))
  const byTimeAndName = (a: BoardMatch, b: BoardMatch): number =>
    startOf(a) - startOf(b) || a.name.localeCompare(b.name, 'en', { numeric: true })
  return { shown: current.filter((match) => kept.has(match)).sort(byTimeAndName), more: current.length - kept.size }
}
