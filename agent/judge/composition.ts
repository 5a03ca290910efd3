import { IPPROTO, type Packet, TCP_FLAG } from '../sense/packet'

/** Shannon entropy of a histogram over its largest possible value for this sample; 0 uniform value, 1 all different. */
export function normalizedEntropy(counts: Iterable<number>, total: number): number {
  if (total <= 1) return 0
  let bits = 0
  for (const count of counts) bits -= (count / total) * Math.log2(count / total)
  return bits / Math.log2(total)
}

export function histogram<T>(packets: readonly Packet[], key: (packet: Packet) => T): Map<T, number> {
  const counts = new Map<T, number>()
  for (const packet of packets) {
    const value = key(packet)
    counts.set(value, (counts.get(value) ?? 0) + 1)
  }
  return counts
}

export const isSyn = (packet: Packet): boolean =>
  packet.protocol === IPPROTO.tcp &&
  (packet.tcpFlags & (TCP_FLAG.fin | TCP_FLAG.syn | TCP_FLAG.rst | TCP_FLAG.ack)) === TCP_FLAG.syn

/** Sources each packet: 1 when every packet comes from another address, near 0 for one sender. */
export const sourceSpread = (packets: readonly Packet[]): number =>
  packets.length === 0 ? 0 : histogram(packets, (packet) => packet.source).size / packets.length

export const lengthEntropy = (packets: readonly Packet[]): number =>
  normalizedEntropy(histogram(packets, (packet) => packet.length).values(), packets.length)

export const ttlEntropy = (packets: readonly Packet[]): number =>
  normalizedEntropy(histogram(packets, (packet) => packet.ttl).values(), packets.length)

/** Jensen-Shannon divergence of two histograms, base 2: 0 the same, 1 disjoint. */
export function divergence<T>(a: Map<T, number>, b: Map<T, number>): number {
  const totalA = sum(a.values())
  const totalB = sum(b.values())
  if (totalA === 0 || totalB === 0) return 0
  let bits = 0
  for (const key of new Set([...a.keys(), ...b.keys()])) {
    const p = (a.get(key) ?? 0) / totalA
    const q = (b.get(key) ?? 0) / totalB
    const middle = (p + q) / 2
    if (p > 0) bits += (p / 2) * Math.log2(p / middle)
    if (q > 0) bits += (q / 2) * Math.log2(q / middle)
  }
  return bits
}

function sum(values: Iterable<number>): number {
  let total = 0
  for (const value of values) total += value
  return total
}

/** Share of items for which the test holds; 0 of none. */
export function shareOf<T>(items: readonly T[], test: (item: T) => boolean): number {
  if (items.length === 0) return 0
  let hits = 0
  for (const item of items) if (test(item)) hits += 1
  return hits / items.length
}
