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
export const TAP_PREFIX = { peace: 'p', wake: 'w', udp: 'u', syn: 's' } as const

/** Counter rules of chain `count_in`, in order; `syn` packets are counted under `tcp` as well. */
export const COUNT_CLASSES = ['udp', 'syn', 'tcp', 'icmp', 'other'] as const
export type CountClass = (typeof COUNT_CLASSES)[number]

export const SENSE_PRIORITY = -455
/** Behind the cut: what passes here is delivered. */
export const DELIVERED_PRIORITY = -446
export const SNAP_LENGTH = 128

/** Sampled packets each second after the first 512: what user space can afford under any flood. */
const SAMPLE_PPS = 2_000
const SAMPLE_BURST = 512
const TAP_PPS_MAX = 100

const SYN = 'tcp flags & (fin | syn | rst | ack) == syn'

// Protocols by number: a bare server has no /etc/protocols, and nft then knows no names.
const countRules = (chain: string): string[] => [
  `add rule ${chain} meta l4proto ${IPPROTO.udp} counter return`,
  `add rule ${chain} ${SYN} counter`,
  `add rule ${chain} meta l4proto ${IPPROTO.tcp} counter return`,
  `add rule ${chain} meta l4proto { ${IPPROTO.icmp}, ${IPPROTO.icmp6} } counter return`,
  `add rule ${chain} counter`,
]

function tripChain(chain: string, group: number, prefix: string): string[] {
  return [
    `add chain ${chain}`,
    // NFLOG holds fewer than queue-threshold packets back for a second: one rule of threshold 1 wakes at once.
    `add rule ${chain} limit rate 1/second burst 1 packets log prefix "${TAP_PREFIX.wake}" group ${group} snaplen ${SNAP_LENGTH} queue-threshold 1 return`,
    `add rule ${chain} limit rate ${SAMPLE_PPS}/second burst ${SAMPLE_BURST} packets log prefix "${prefix}" group ${group} snaplen ${SNAP_LENGTH} queue-threshold 16`,
  ]
}

/**
 * nft commands that build the sense table: counters before every rule of ours, tripwires, thin tap.
 * The table belongs to the nft process that runs them and vanishes with it.
 */
export function renderSense(names: TableNames, group: number, tripwires: Tripwires): string[] {
  const table = `inet ${names.sense}`
  return [
    `add table ${table} { flags owner; }`,
    `add chain ${table} count_in`,
    ...countRules(`${table} count_in`),
    `add chain ${table} marked`,
    `add rule ${table} marked ${MARKED} counter`,
    `add chain ${table} count_out`,
    ...countRules(`${table} count_out`),
    ...tripChain(`${table} trip_udp`, group, TAP_PREFIX.udp),
    ...tripChain(`${table} trip_syn`, group, TAP_PREFIX.syn),
    `add chain ${table} arm`,
    ...renderTripwires(names, group, tripwires).slice(1),
    `add chain ${table} wire { type filter hook prerouting priority ${SENSE_PRIORITY}; policy accept; }`,
    `add rule ${table} wire iif lo return`,
    `add rule ${table} wire jump count_in`,
    `add rule ${table} wire jump marked`,
    `add rule ${table} wire jump arm`,
    `add chain ${table} out { type filter hook postrouting priority 310; policy accept; }`,
    `add rule ${table} out oif lo return`,
    `add rule ${table} out jump count_out`,
    `add chain ${table} delivered { type filter hook prerouting priority ${DELIVERED_PRIORITY}; policy accept; }`,
    `add rule ${table} delivered iif lo return`,
    `add rule ${table} delivered counter`,
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
    `add rule ${chain} numgen random mod ${Math.max(1, tapOneIn)} == 0 limit rate ${TAP_PPS_MAX}/second burst ${TAP_PPS_MAX} packets log prefix "${TAP_PREFIX.peace}" group ${group} snaplen ${SNAP_LENGTH} queue-threshold 64`,
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
  in: Record<CountClass, Count>
  out: Record<CountClass, Count>
  delivered: Count
  /** Packets of verified clients, and answers this node asked for. */
  marked: Count
}

const ZERO: Count = { packets: 0, bytes: 0 }

/** Counters of the listed sense table: one command reads them all. */
export function parseSenseTable(listing: string): SenseCounts {
  const chains = new Map<string, Count[]>()
  for (const block of listing.split(/\n\tchain /).slice(1))
    chains.set(block.slice(0, block.indexOf(' ')), parseCounters(block))
  const classes = (name: string): Record<CountClass, Count> => {
    const counts = chains.get(name) ?? []
    return Object.fromEntries(COUNT_CLASSES.map((one, at) => [one, counts[at] ?? ZERO])) as Record<CountClass, Count>
  }
  const single = (name: string): Count => chains.get(name)?.[0] ?? ZERO
  return {
    in: classes('count_in'),
    out: classes('count_out'),
    delivered: single('delivered'),
    marked: single('marked'),
  }
}
