import { type Match, matchesPacket, type PayloadMatch, type Range } from '../mitigate/match'
import { IPPROTO, type Packet } from '../sense/packet'
import { histogram } from './composition'

/** A selector found in the attack, with what it would have done to clean traffic of the same class. */
export type Fingerprint = { match: Match; coverage: number; cleanHits: number; cleanPackets: number }

/** Share of the attack a fingerprint must cover, and of clean packets of its class that it may hit. */
const COVERAGE_MIN = 0.9
const CLEAN_SHARE_MAX = 0.0005
/** With fewer clean packets to test against, one term is not believed. */
const CLEAN_PACKETS_MIN = 50
/** The latest clean packets say enough; testing all of them would cost milliseconds in front of the cut. */
const CLEAN_TESTED_MAX = 512
const TERMS_MAX = 4
const RANGE_COVERAGE = 0.97

/** Says one thing: of two terms with the same key the later would replace the earlier. */
type Term = Partial<Match>

/**
 * Greedy search for the narrowest conjunction that covers the attack and spares clean traffic
 * (reference: rule miner with a collateral budget per class). `base` holds what every rule must say; its ports alone
 * are never enough.
 * @returns null when no conjunction of up to four terms meets the budget.
 */
export function mineFingerprint(attack: readonly Packet[], clean: readonly Packet[], base: Match): Fingerprint | null {
  const cleanOfClass = latest(clean, base)
  let match: Match = { ...base }
  let terms = candidateTerms(attack)
  // What the conjunction selects so far: each further term is tried on that alone.
  let covered = attack
  let cleanHit = cleanOfClass
  for (let used = 0; used < TERMS_MAX && terms.length > 0; used++) {
    const best = bestTerm(base.protocol, terms, covered, attack.length * COVERAGE_MIN, cleanHit)
    if (!best) return null
    match = { ...match, ...best }
    covered = selected(covered, base.protocol, best)
    cleanHit = selected(cleanHit, base.protocol, best)
    terms = terms.filter((term) => Object.keys(term)[0] !== Object.keys(best)[0])
    const believed = cleanOfClass.length >= CLEAN_PACKETS_MIN || used > 0
    if (believed && cleanHit.length <= cleanOfClass.length * CLEAN_SHARE_MAX)
      return {
        match,
        coverage: covered.length / attack.length,
        cleanHits: cleanHit.length,
        cleanPackets: cleanOfClass.length,
      }
  }
  return null
}

function latest(clean: readonly Packet[], base: Match): readonly Packet[] {
  const found: Packet[] = []
  for (let at = clean.length - 1; at >= 0 && found.length < CLEAN_TESTED_MAX; at--)
    if (matchesPacket(base, clean[at]!)) found.push(clean[at]!)
  return found
}

const selected = (packets: readonly Packet[], protocol: Match['protocol'], term: Term): readonly Packet[] => {
  const match: Match = { protocol, ...term }
  return packets.filter((packet) => matchesPacket(match, packet))
}

function bestTerm(
  protocol: Match['protocol'],
  terms: readonly Term[],
  attack: readonly Packet[],
  coveredMin: number,
  clean: readonly Packet[],
): Term | null {
  let best: { term: Term; hits: number } | null = null
  for (const term of terms) {
    if (selected(attack, protocol, term).length < coveredMin) continue
    const hits = selected(clean, protocol, term).length
    if (!best || hits < best.hits) best = { term, hits }
  }
  return best?.term ?? null
}

function candidateTerms(attack: readonly Packet[]): Term[] {
  const udp = attack[0]?.protocol === IPPROTO.udp
  const terms: Term[] = []
  const add = (range: Range | null, term: (range: Range) => Term): void => {
    if (range) terms.push(term(range))
  }
  if (udp)
    add(
      narrowRange(attack, (packet) => packet.udpLength, 16),
      (udpLength) => ({ udpLength }),
    )
  else
    add(
      narrowRange(attack, (packet) => packet.length, 8),
      (length) => ({ length }),
    )
  add(
    narrowRange(attack, (packet) => packet.ttl, 4),
    (ttl) => ({ ttl }),
  )
  const sourcePort = mode(attack, (packet) => packet.sourcePort)
  if (sourcePort !== null) terms.push({ sourcePorts: [sourcePort] })
  if (udp) terms.push(...payloadTerms(attack))
  else terms.push(...tcpTerms(attack))
  return terms
}

function tcpTerms(attack: readonly Packet[]): Term[] {
  const window = mode(attack, (packet) => packet.tcpWindow)
  const dataOffset = mode(attack, (packet) => packet.tcpDataOffset)
  return [...(window === null ? [] : [{ window }]), ...(dataOffset === null ? [] : [{ dataOffset }])]
}

function payloadTerms(attack: readonly Packet[]): Term[] {
  return [8, 4, 2].flatMap((size) => {
    const prefix = mode(attack, (packet) =>
      packet.payload.length >= size ? packet.payload.subarray(0, size).join(',') : '',
    )
    if (!prefix) return []
    const match: PayloadMatch = { offsetBits: 64, bits: size * 8, bytes: prefix.split(',').map(Number) }
    return [{ payload: [match] }]
  })
}

/** The value that at least COVERAGE_MIN of the packets share. */
function mode<T>(packets: readonly Packet[], key: (packet: Packet) => T): T | null {
  for (const [value, count] of histogram(packets, key)) if (count >= packets.length * COVERAGE_MIN) return value
  return null
}

/** Shortest range that holds nearly all values, when it is no wider than `widthMax`. */
function narrowRange(packets: readonly Packet[], key: (packet: Packet) => number, widthMax: number): Range | null {
  const values = packets.map(key).sort((a, b) => a - b)
  const span = Math.ceil(values.length * RANGE_COVERAGE)
  let best: Range | null = null
  for (let at = 0; at + span <= values.length; at++) {
    const low = values[at]!
    const high = values[at + span - 1]!
    if (!best || high - low < best.high - best.low) best = { low, high }
  }
  return best && best.high - best.low <= widthMax ? best : null
}
