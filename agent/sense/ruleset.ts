import type { TableNames } from '../config'
import { MARKED } from './mark'
import { IPPROTO } from './packet'

/** Rates at which the kernel wakes the agent, and how thin the tap is in peace. */
export type Tripwires = {
  udp: { pps: number; burst: number }
  syn: { pps: number; burst: number }
  /** One packet out of this many goes to the tap. */
  tapOneIn: number
}

/** Prefixes of logged packets: which rule saw them. */
export const TAP_PREFIX = { peace: 'p', wake: 'w', udp: 'u', syn: 's', held: 'h' } as const

/** What is counted apart, both ways; `syn` packets are counted under `tcp` as well. */
export const COUNT_CLASSES = ['udp', 'syn', 'tcp', 'icmp', 'other'] as const
export type CountClass = (typeof COUNT_CLASSES)[number]

/**
 * Keys of the set in which everything is counted. One small set, because nft lists it for half of what the rules of a
 * table cost, and that is paid each second. Each rule has a key of its own: a random number below 1, plus the key.
 */
const TALLY = 'tally'
const KEYS = { in: 0x10, out: 0x20, marked: 0x30 } as const
const TALLY_SIZE = 64

/** Behind the cut: what is counted here is delivered, and only that can cross a tripwire. */
export const SENSE_PRIORITY = -455
export const SNAP_LENGTH = 128

/**
 * Packets over a tripwire that are sampled each second, behind a burst. While we look: with the thin tap of peace below
 * 2,000 under any flood; fewer would be cheaper, but a flood that comes while a crowd has used up the burst is judged
 * from these. While rules drop: enough to judge what they do not cover, and what a limit holds back, as an audience or not.
 */
export const SAMPLING = { looking: { pps: 1_800, burst: 512 }, dropping: { pps: 160, burst: 64 } } as const
export type Sampling = (typeof SAMPLING)[keyof typeof SAMPLING]
const TAP_PPS_MAX = 25

const SYN = 'tcp flags & (fin | syn | rst | ack) == syn'

const counted = (key: number): string => `update @${TALLY} { numgen random mod 1 offset ${key} counter }`

// Protocols by number: a bare server has no /etc/protocols, and nft then knows no names.
const countRules = (chain: string, firstKey: number): string[] => [
  `add rule ${chain} meta l4proto ${IPPROTO.udp} ${counted(firstKey)} return`,
  `add rule ${chain} ${SYN} ${counted(firstKey + 1)}`,
  `add rule ${chain} meta l4proto ${IPPROTO.tcp} ${counted(firstKey + 2)} return`,
  `add rule ${chain} meta l4proto { ${IPPROTO.icmp}, ${IPPROTO.icmp6} } ${counted(firstKey + 3)} return`,
  `add rule ${chain} ${counted(firstKey + 4)}`,
]

/** Commands that sample what crosses a tripwire from now on as given. */
export const renderSampling = (names: TableNames, group: number, sampling: Sampling): string[] =>
  (['udp', 'syn'] as const).flatMap((name) => {
    const chain = `inet ${names.sense} trip_${name}`
    return [`flush chain ${chain}`, ...tripRules(chain, group, TAP_PREFIX[name], sampling)]
  })

/** Statements that log at most so many packets. */
export const sampled = (group: number, prefix: string, { pps, burst }: Sampling): string =>
  `limit rate ${pps}/second burst ${burst} packets counter log prefix "${prefix}" group ${group} snaplen ${SNAP_LENGTH} queue-threshold 16`

function tripRules(chain: string, group: number, prefix: string, sampling: Sampling): string[] {
  return [
    // NFLOG holds fewer than queue-threshold packets back for a second: one rule of threshold 1 wakes at once.
    `add rule ${chain} limit rate 1/second burst 1 packets log prefix "${TAP_PREFIX.wake}" group ${group} snaplen ${SNAP_LENGTH} queue-threshold 1 return`,
    `add rule ${chain} ${sampled(group, prefix, sampling)}`,
  ]
}

/**
 * nft commands that build the sense table: counters behind the cut, tripwires, thin tap.
 * The table belongs to the nft process that runs them and vanishes with it.
 */
export function renderSense(names: TableNames, group: number, tripwires: Tripwires): string[] {
  const table = `inet ${names.sense}`
  return [
    `add table ${table} { flags owner; }`,
    `add set ${table} ${TALLY} { type mark; flags dynamic; size ${TALLY_SIZE}; }`,
    `add chain ${table} count_in`,
    ...countRules(`${table} count_in`, KEYS.in),
    `add chain ${table} count_out`,
    ...countRules(`${table} count_out`, KEYS.out),
    `add chain ${table} trip_udp`,
    `add chain ${table} trip_syn`,
    ...renderSampling(names, group, SAMPLING.looking),
    `add chain ${table} arm`,
    ...renderTripwires(names, group, tripwires).slice(1),
    `add chain ${table} wire { type filter hook prerouting priority ${SENSE_PRIORITY}; policy accept; }`,
    `add rule ${table} wire iif lo return`,
    `add rule ${table} wire jump count_in`,
    `add rule ${table} wire ${MARKED} ${counted(KEYS.marked)}`,
    `add rule ${table} wire jump arm`,
    `add chain ${table} out { type filter hook postrouting priority 310; policy accept; }`,
    `add rule ${table} out oif lo return`,
    `add rule ${table} out jump count_out`,
  ]
}

/** Commands that arm the tripwires anew; they replace the old ones in one transaction. */
export function renderTripwires(names: TableNames, group: number, tripwires: Tripwires): string[] {
  const chain = `inet ${names.sense} arm`
  const { udp, syn, tapOneIn } = tripwires
  return [
    `flush chain ${chain}`,
    `add rule ${chain} meta l4proto ${IPPROTO.udp} limit rate over ${udp.pps}/second burst ${udp.burst} packets goto trip_udp`,
    `add rule ${chain} ${SYN} limit rate over ${syn.pps}/second burst ${syn.burst} packets goto trip_syn`,
    `add rule ${chain} numgen random mod ${Math.max(1, tapOneIn)} == 0 limit rate ${TAP_PPS_MAX}/second burst ${TAP_PPS_MAX} packets counter log prefix "${TAP_PREFIX.peace}" group ${group} snaplen ${SNAP_LENGTH} queue-threshold 64`,
  ]
}

export type Count = { packets: number; bytes: number }

/** Counters of a listing, in rule order. */
export function parseCounters(listing: string): Count[] {
  const counts: Count[] = []
  for (const match of listing.matchAll(/counter packets (\d+) bytes (\d+)/g))
    counts.push({ packets: Number(match[1]), bytes: Number(match[2]) })
  return counts
}

export type SenseCounts = {
  /** What arrived and no rule of ours dropped. */
  in: Record<CountClass, Count>
  out: Record<CountClass, Count>
  /** Packets of verified clients, and answers this node asked for. */
  marked: Count
}

export const NONE: Count = { packets: 0, bytes: 0 }

export const addCounts = (a: Count, b: Count): Count => ({ packets: a.packets + b.packets, bytes: a.bytes + b.bytes })

/** What to list for `parseTally`. */
export const tallyOf = (names: TableNames): string => `set inet ${names.sense} ${TALLY}`

/** Counters of the listed tally; what never met a packet has no element yet. */
export function parseTally(listing: string): SenseCounts {
  const counts = new Map<number, Count>()
  for (const [, key, packets, bytes] of listing.matchAll(/0x([0-9a-f]{8}) counter packets (\d+) bytes (\d+)/g))
    counts.set(Number.parseInt(key as string, 16), { packets: Number(packets), bytes: Number(bytes) })
  const at = (key: number): Count => counts.get(key) ?? NONE
  const classes = (first: number): Record<CountClass, Count> =>
    Object.fromEntries(COUNT_CLASSES.map((one, index) => [one, at(first + index)])) as Record<CountClass, Count>
  return { in: classes(KEYS.in), out: classes(KEYS.out), marked: at(KEYS.marked) }
}
