import type { RuleBasis } from '../../wire/incident'
import type { VectorId } from '../../wire/vectors'
import type { TableNames } from '../config'
import { MARK_BIT, MARKED } from '../sense/mark'
import { IPPROTO } from '../sense/packet'
import { SAMPLING, sampled, TAP_PREFIX } from '../sense/ruleset'
import { describeMatch, type Match, renderMatch } from './match'

/** One cut: what it selects, what happens to it. `limitPps` bounds what is let through (action `limit`). */
export type Cut = {
  id: string
  vectorId: VectorId
  action: 'drop' | 'limit' | 'count'
  /** What the action follows from, so that another policy can decide it anew. */
  basis?: RuleBasis
  limitPps?: number
  match: Match
}

export const VERIFIED_PRIORITY = -460
/** Before anything is counted: what is dropped costs nothing more. */
export const CUT_PRIORITY = -458
export const CLEAR_PRIORITY = -445
const OUT_PRIORITY = 300

/** The kernel lets go of an incident's chains this long after the agent stopped refreshing them. */
export const ALIVE_SECONDS = 2

/** A source counts as verified once it has had two-way traffic for this long. */
export const VERIFIED_AGE_SECONDS = 10
const VERIFIED_KEEP_MINUTES = 30
const SET_SIZE_MAX = 65_535

const FAMILIES = [4, 6] as const

/** Commands that refresh the map elements through which the cut is reached; works when they already expired. */
export function renderAlive(names: TableNames, incident: string): string[] {
  const target = `inet ${names.cut} alive`
  const elements = FAMILIES.map((family) => `ipv${family} timeout ${ALIVE_SECONDS}s : jump ${incident}_v${family}`)
  const value = `{ ${elements.join(', ')} }`
  const keys = '{ ipv4, ipv6 }'
  return [`add element ${target} ${value}`, `delete element ${target} ${keys}`, `add element ${target} ${value}`]
}

/** What a limit holds back is dropped here, and a sample of it shown: it may be an audience. */
const HELD = 'held'

/**
 * Whole cut table of one incident, replacing whatever stood there, in one transaction.
 * @param group NFLOG group of the tap.
 * @param friends Networks that no limit holds back.
 */
export function renderCutTable(
  names: TableNames,
  group: number,
  incident: string,
  cuts: readonly Cut[],
  friends: readonly string[] = [],
): string[] {
  const table = `inet ${names.cut}`
  return [
    `add table ${table}`,
    `delete table ${table}`,
    `add table ${table}`,
    `add map ${table} alive { type nf_proto : verdict; flags timeout; }`,
    ...renderHeld(table, group, cuts),
    ...(hasLimit(cuts) ? renderFriends(table, friends) : []),
    ...FAMILIES.flatMap((family) => renderIncidentChain(table, incident, family, cuts, friends)),
    `add chain ${table} wire { type filter hook prerouting priority ${CUT_PRIORITY}; policy accept; }`,
    `add rule ${table} wire iif lo return`,
    `add rule ${table} wire meta nfproto vmap @alive`,
    ...renderAlive(names, incident).slice(0, 1),
  ]
}

export const hasLimit = (cuts: readonly Cut[]): boolean => cuts.some(({ action }) => action === 'limit')

const friendsOf = (friends: readonly string[], family: 4 | 6): string[] =>
  friends.filter((network) => network.includes(':') === (family === 6))

/** One small set a family, and none where there is nobody in it: listing a chain lists the sets of its table. */
function renderFriends(table: string, friends: readonly string[]): string[] {
  return FAMILIES.flatMap((family) => {
    const own = friendsOf(friends, family)
    if (own.length === 0) return []
    const set = `${table} friends${family}`
    return [
      `add set ${set} { type ipv${family}_addr; flags interval; auto-merge; }`,
      `add element ${set} { ${own.join(', ')} }`,
    ]
  })
}

function renderHeld(table: string, group: number, cuts: readonly Cut[]): string[] {
  if (!hasLimit(cuts)) return []
  return [
    `add chain ${table} ${HELD}`,
    `flush chain ${table} ${HELD}`,
    `add rule ${table} ${HELD} ${sampled(group, TAP_PREFIX.held, SAMPLING.dropping)}`,
    `add rule ${table} ${HELD} drop`,
  ]
}

function renderIncidentChain(
  table: string,
  incident: string,
  family: 4 | 6,
  cuts: readonly Cut[],
  friends: readonly string[],
): string[] {
  const chain = `${table} ${incident}_v${family}`
  return [
    `add chain ${chain}`,
    `add rule ${chain} ${MARKED} counter return`,
    ...cuts.flatMap((cut) => renderCut(chain, family, cut, friends)),
  ]
}

/** Rules of one cut in one chain. */
export function renderCut(chain: string, family: 4 | 6, cut: Cut, friends: readonly string[] = []): string[] {
  const match = renderMatch(cut.match, family)
  const comment = `comment "${cut.id}"`
  // What is only observed goes on its way: no rule behind this one takes it, nor counts it again.
  if (cut.action === 'count') return [`add rule ${chain} ${match} counter return ${comment}`]
  if (cut.action === 'drop') return [`add rule ${chain} ${match} counter drop ${comment}`]
  const rate = Math.max(1, cut.limitPps ?? 1)
  const strangers =
    friendsOf(friends, family).length === 0 ? '' : ` ${family === 4 ? 'ip' : 'ip6'} saddr != @friends${family}`
  return [
    `add rule ${chain} ${match}${strangers} limit rate over ${rate}/second burst ${Math.max(5, Math.ceil(rate / 10))} packets counter goto ${HELD} ${comment}`,
  ]
}

/** Commands that add cuts to a standing incident, whose own stand already. */
export const renderMoreCuts = (
  names: TableNames,
  group: number,
  incident: string,
  cuts: readonly Cut[],
  standing: readonly Cut[] = [],
  friends: readonly string[] = [],
): string[] => [
  ...renderHeld(`inet ${names.cut}`, group, cuts),
  ...(hasLimit(cuts) && !hasLimit(standing) ? renderFriends(`inet ${names.cut}`, friends) : []),
  ...FAMILIES.flatMap((family) =>
    cuts.flatMap((cut) => renderCut(`inet ${names.cut} ${incident}_v${family}`, family, cut, friends)),
  ),
]

export const renderWithdraw = (names: TableNames): string[] => [
  `add table inet ${names.cut}`,
  `delete table inet ${names.cut}`,
]

/** A cut in words, as shown to people. */
export function describeCut(cut: Cut): string {
  const what = describeMatch(cut.match)
  if (cut.action === 'count') return `Count ${what}; drop nothing.`
  if (cut.action === 'drop') return `Drop ${what}.`
  return `Let ${cut.limitPps} packets a second of new sources through: ${what}.`
}

/** The cut as nft prints it for IPv4, for the incident page. */
export const showCut = (cut: Cut): string =>
  (renderCut('', 4, cut)[0] ?? '')
    .replace(/^add rule\s+/, '')
    .replace(/ comment ".*"$/, '')
    .replace(`goto ${HELD}`, 'drop')

/**
 * Table that learns verified clients in the kernel, without waking anyone: `fresh` elements are never refreshed, so a
 * source that is known but no longer fresh was first seen at least VERIFIED_AGE_SECONDS ago; `replied` says we
 * answered it. Answers to questions this node asked (`asked`) carry the same mark. What an earlier run learned stays:
 * players keep their mark through a restart in mid-attack.
 */
export function renderVerified(names: TableNames, servicePorts: readonly number[]): string[] {
  const table = `inet ${names.verified}`
  const chain = (name: string, hook = ''): string[] => [
    `add chain ${table} ${name}${hook}`,
    `flush chain ${table} ${name}`,
  ]
  const base = (name: string, hook: string, priority: number): string[] => [
    ...chain(name, ` { type filter hook ${hook} priority ${priority}; policy accept; }`),
    `add rule ${table} ${name} ${hook === 'prerouting' ? 'iif' : 'oif'} lo return`,
  ]
  return [
    `add table ${table}`,
    ...FAMILIES.flatMap((family) => renderVerifiedSets(table, family)),
    ...['learn4', 'learn6', 'replied', 'mark4', 'mark6'].flatMap((name) => chain(name)),
    ...FAMILIES.flatMap((family) => renderMarkRules(table, family)),
    ...renderLearn(names, servicePorts),
    ...base('mark_in', 'prerouting', VERIFIED_PRIORITY),
    `add rule ${table} mark_in meta nfproto vmap { ipv4 : jump mark4, ipv6 : jump mark6 }`,
    ...base('clear', 'prerouting', CLEAR_PRIORITY),
    `add rule ${table} clear ${MARKED} meta mark set meta mark & ${(~MARK_BIT >>> 0).toString()}`,
    ...base('out', 'postrouting', OUT_PRIORITY),
    `add rule ${table} out jump replied`,
  ]
}

function renderVerifiedSets(table: string, family: 4 | 6): string[] {
  const type = `ipv${family}_addr`
  const set = (name: string, key: string, timeout: string): string =>
    `add set ${table} ${name}${family} { type ${key}; flags dynamic,timeout; size ${SET_SIZE_MAX}; timeout ${timeout}; }`
  return [
    set('fresh', type, `${VERIFIED_AGE_SECONDS}s`),
    set('known', type, `${3 * VERIFIED_AGE_SECONDS}s`),
    set('replied', type, `${3 * VERIFIED_AGE_SECONDS}s`),
    set('verified', type, `${VERIFIED_KEEP_MINUTES}m`),
    set('asked', `${type} . inet_service`, '30s'),
  ]
}

function renderMarkRules(table: string, family: 4 | 6): string[] {
  const chain = `${table} mark${family}`
  const saddr = family === 4 ? 'ip saddr' : 'ip6 saddr'
  const mark = `meta mark set meta mark | ${MARK_BIT}`
  return [
    `add rule ${chain} ${saddr} @verified${family} update @verified${family} { ${saddr} } ${mark} counter return`,
    `add rule ${chain} ${saddr} . udp sport @asked${family} ${mark} return`,
    `add rule ${chain} goto learn${family}`,
  ]
}

/** Freeze: nothing new is learned while an attacker may forge sources. */
export const renderFreeze = (names: TableNames): string[] =>
  ['learn4', 'learn6', 'replied'].map((chain) => `flush chain inet ${names.verified} ${chain}`)

/** Learn, with these UDP ports as the ones this node answers on: a packet from any other port asks for an answer. */
export function renderLearn(names: TableNames, servicePorts: readonly number[]): string[] {
  const table = `inet ${names.verified}`
  return [
    ...renderFreeze(names),
    ...FAMILIES.map((family) => `flush set ${table} asked${family}`),
    ...FAMILIES.flatMap((family) => renderLearnChain(table, family)),
    ...FAMILIES.flatMap((family) => renderRepliedRules(table, family, servicePorts)),
  ]
}

/** Learn again after an incident; what was half learned in the flood is forgotten. */
export const renderThaw = (names: TableNames, servicePorts: readonly number[]): string[] => [
  ...FAMILIES.flatMap((family) =>
    ['fresh', 'known', 'replied'].map((set) => `flush set inet ${names.verified} ${set}${family}`),
  ),
  ...renderLearn(names, servicePorts),
]

function renderLearnChain(table: string, family: 4 | 6): string[] {
  const chain = `${table} learn${family}`
  const saddr = family === 4 ? 'ip saddr' : 'ip6 saddr'
  return [
    `add rule ${chain} ${saddr} != @fresh${family} ${saddr} @known${family} ${saddr} @replied${family} add @verified${family} { ${saddr} }`,
    `add rule ${chain} add @fresh${family} { ${saddr} }`,
    `add rule ${chain} update @known${family} { ${saddr} }`,
  ]
}

function renderRepliedRules(table: string, family: 4 | 6, servicePorts: readonly number[]): string[] {
  const daddr = family === 4 ? 'ip daddr' : 'ip6 daddr'
  const notService =
    servicePorts.length > 0 ? `udp sport != { ${servicePorts.join(', ')} } ` : `meta l4proto ${IPPROTO.udp} `
  return [
    `add rule ${table} replied ${notService}update @asked${family} { ${daddr} . udp dport }`,
    `add rule ${table} replied update @replied${family} { ${daddr} }`,
  ]
}
