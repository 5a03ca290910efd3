import type { VectorId } from '../../wire/vectors'
import { type Match, matchesPacket } from '../mitigate/match'
import { IPPROTO, type Packet } from '../sense/packet'
import { histogram, isSyn, lengthEntropy, shareOf, sourceSpread } from './composition'
import { mineFingerprint } from './fingerprint'
import { REFLECTIONS, reflectionMatch } from './reflections'

/** UDP and TCP ports on which this node serves. */
export type Services = { udp: readonly number[]; tcp: readonly number[] }

/** One vector found in a sample: its share, how sure its name is, what selects it. */
export type Finding = {
  vectorId: VectorId
  /** Share of the sample, 0..1. */
  share: number
  confidence: number
  packets: number
  targetPort: number | null
  /** Selectors of the attack; null when only the new-source limit is left. */
  matches: Match[] | null
  /** What the new-source limit would select, for vectors without a fingerprint or with doubt. */
  limit: Match
  /** The signature proves the attack: policy `certain` applies. */
  certain: boolean
  /** Share of its packets that the selectors cover, and what they would do to clean packets. */
  coverage: number
  cleanHits: number
  cleanPackets: number
}

const SHARE_MIN = 0.05
const DIRECT_SHARE_MIN = 0.1
/** Fingerprints are mined in at most so many packets: enough to be sure, cheap enough to be early. */
const MINED_PACKETS_MAX = 256

/** Probability that the name is right: what such a signature can prove, less the uncertainty of a small sample. */
const confidenceOf = (proof: number, packets: number): number => proof * (1 - Math.exp(-packets / 20))

const isUdp = (packet: Packet): boolean => packet.protocol === IPPROTO.udp

/** Names what is in a sample of suspect packets. `clean`: packets of this node's own peace. */
export function classify(suspects: readonly Packet[], clean: readonly Packet[], services: Services): Finding[] {
  const findings: Finding[] = []
  let rest = suspects
  const take = (found: Finding[]): void => {
    findings.push(...found)
    rest = rest.filter((packet) => !found.some((finding) => belongsTo(finding, packet)))
  }
  take(findReflections(rest, suspects.length))
  take(findFragments(rest, findings, suspects.length))
  take(findSyn(rest, clean, services, suspects.length))
  take(findGenericReflection(rest, services, suspects.length))
  take(findOffService(rest, services, suspects.length))
  take(findOnService(rest, clean, services, suspects.length))
  return findings.sort((a, b) => b.share - a.share)
}

const belongsTo = (finding: Finding, packet: Packet): boolean =>
  (finding.matches ?? [finding.limit]).some((match) => matchesPacket(match, packet)) ||
  matchesPacket(finding.limit, packet)

function finding(
  vectorId: VectorId,
  packets: readonly Packet[],
  total: number,
  more: Partial<Finding> & { limit: Match },
) {
  const [port, hits] = topPort(packets)
  return {
    vectorId,
    share: packets.length / total,
    packets: packets.length,
    confidence: confidenceOf(0.99, packets.length),
    targetPort: hits >= packets.length * 0.9 ? port : null,
    matches: [more.limit],
    certain: true,
    coverage: 1,
    cleanHits: 0,
    cleanPackets: 0,
    ...more,
  } satisfies Finding
}

function topPort(packets: readonly Packet[]): [number, number] {
  let top: [number, number] = [0, 0]
  for (const entry of histogram(packets, (packet) => packet.destinationPort)) if (entry[1] > top[1]) top = entry
  return top
}

function findReflections(packets: readonly Packet[], total: number): Finding[] {
  return REFLECTIONS.flatMap((signature) => {
    const limit = reflectionMatch(signature)
    const hits = packets.filter((packet) => matchesPacket(limit, packet))
    return hits.length >= total * SHARE_MIN ? [finding(signature.vectorId, hits, total, { limit })] : []
  })
}

/** Large answers arrive in pieces; the later ones carry no port, so they follow the reflection they came with. */
function findFragments(packets: readonly Packet[], found: readonly Finding[], total: number): Finding[] {
  const limit: Match = { protocol: 'udp', laterFragment: true }
  const hits = packets.filter((packet) => matchesPacket(limit, packet))
  const parent = found[0]
  if (!parent || hits.length < total * SHARE_MIN) return []
  return [finding(parent.vectorId, hits, total, { limit, confidence: parent.confidence })]
}

function findSyn(packets: readonly Packet[], clean: readonly Packet[], services: Services, total: number): Finding[] {
  const hits = packets.filter(isSyn)
  if (hits.length < total * DIRECT_SHARE_MIN) return []
  const [port, portHits] = topPort(hits)
  const onePort = portHits >= hits.length * 0.9
  const limit: Match = { protocol: 'tcp', syn: true, ...(onePort ? { destinationPorts: [port] } : {}) }
  // No real stack of our time sends a SYN without options.
  if (shareOf(hits, (packet) => packet.tcpDataOffset === 5) >= 0.9)
    return [finding('syn_flood', hits, total, { limit, matches: [{ ...limit, dataOffset: 5 }] })]
  const print = mineFingerprint(hits.slice(0, MINED_PACKETS_MAX), clean, limit)
  const closed = onePort && !services.tcp.includes(port)
  return [
    finding('syn_flood', hits, total, {
      limit,
      confidence: confidenceOf(0.95, hits.length),
      matches: print ? [print.match] : null,
      certain: closed,
      ...(print
        ? { coverage: print.coverage, cleanHits: print.cleanHits, cleanPackets: print.cleanPackets }
        : { coverage: 0 }),
    }),
  ]
}

/** One foreign source port, many senders, alike lengths: a reflector that has no name yet. */
function findGenericReflection(packets: readonly Packet[], services: Services, total: number): Finding[] {
  const udp = packets.filter((packet) => isUdp(packet) && packet.fragment !== 'later')
  const ports = [...histogram(udp, (packet) => packet.sourcePort)].sort((a, b) => b[1] - a[1])
  const [port, hits] = ports[0] ?? [0, 0]
  if (hits < total * 0.5 || services.udp.includes(port)) return []
  const one = udp.filter((packet) => packet.sourcePort === port)
  const toServices = shareOf(one, (packet) => services.udp.includes(packet.destinationPort))
  const fewSenders = histogram(one, (packet) => packet.source).size < 8
  if (toServices > 0.5 || fewSenders || lengthEntropy(one) > 0.25) return []
  const limit: Match = { protocol: 'udp', sourcePorts: [port], notDestinationPorts: services.udp }
  return [finding('generic_reflect', one, total, { limit, confidence: confidenceOf(0.8, one.length) })]
}

/** Nobody serves there: dropping it can hurt no player. Answers this node asked for carry the mark and pass. */
function findOffService(packets: readonly Packet[], services: Services, total: number): Finding[] {
  const hits = packets.filter(
    (packet) => isUdp(packet) && packet.fragment !== 'later' && !services.udp.includes(packet.destinationPort),
  )
  if (hits.length < total * DIRECT_SHARE_MIN) return []
  const [port, portHits] = topPort(hits)
  const limit: Match =
    portHits >= hits.length * 0.9
      ? { protocol: 'udp', destinationPorts: [port] }
      : { protocol: 'udp', notDestinationPorts: services.udp }
  // A host without UDP services has no port list to spare: then only a fingerprint may drop, never the protocol.
  const bare = limit.notDestinationPorts?.length === 0
  const print = bare ? mineFingerprint(hits.slice(0, MINED_PACKETS_MAX), [], limit) : null
  return [
    finding(directUdp(hits), hits, total, {
      limit,
      confidence: confidenceOf(0.95, hits.length),
      certain: histogram(hits, (packet) => packet.source).size >= 8,
      ...(bare ? { matches: print ? [print.match] : null } : {}),
    }),
  ]
}

const directUdp = (packets: readonly Packet[]): VectorId =>
  lengthEntropy(packets) <= 0.25 ? 'udp_flood_fixed' : 'udp_flood_random'

function findOnService(packets: readonly Packet[], clean: readonly Packet[], services: Services, total: number) {
  const findings: Finding[] = []
  for (const port of services.udp) {
    const hits = packets.filter((packet) => isUdp(packet) && packet.destinationPort === port)
    if (hits.length < total * DIRECT_SHARE_MIN) continue
    const limit: Match = { protocol: 'udp', destinationPorts: [port] }
    const print = mineFingerprint(hits.slice(0, MINED_PACKETS_MAX), clean, limit)
    findings.push(
      finding(directUdp(hits), hits, total, {
        limit,
        // On a port in use the name rests on the senders: forged ones never come twice.
        confidence: confidenceOf(0.7 + 0.25 * sourceSpread(hits), hits.length),
        matches: print ? [print.match] : null,
        certain: false,
        ...(print
          ? { coverage: print.coverage, cleanHits: print.cleanHits, cleanPackets: print.cleanPackets }
          : { coverage: 0 }),
      }),
    )
  }
  return findings
}
