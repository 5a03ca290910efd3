import { IPPROTO, type Packet, TCP_FLAG } from '../sense/packet'

export type Range = { low: number; high: number }

/** Value at a bit offset from the transport header, big-endian: whole bytes, or fewer than 8 bits within one byte. */
export type PayloadMatch = { offsetBits: number; bits: number; bytes: readonly number[] }

/** A conjunction: every given term must hold. The verified and solicited are exempt before any match is tried. */
export type Match = {
  protocol: 'udp' | 'tcp'
  sourcePorts?: readonly number[]
  sourcePortRange?: Range
  destinationPorts?: readonly number[]
  /** Ports of the node's services; matches packets to any other port. */
  notDestinationPorts?: readonly number[]
  udpLength?: Range
  length?: Range
  ttl?: Range
  /** Any of these. */
  payload?: readonly PayloadMatch[]
  syn?: true
  dataOffset?: number
  window?: number
  /** Fragments behind the first, which carry no ports. */
  laterFragment?: true
  /** Only this destination address (text), where the node has several. */
  destination?: string
}

const inRange = (value: number, range: Range): boolean => value >= range.low && value <= range.high

const UDP_PAYLOAD_BITS = 64

function payloadMatches(packet: Packet, { offsetBits, bits, bytes }: PayloadMatch): boolean {
  const from = Math.floor((offsetBits - UDP_PAYLOAD_BITS) / 8)
  if (bits >= 8) return bytes.every((byte, at) => packet.payload[from + at] === byte)
  const byte = packet.payload[from]
  return byte !== undefined && ((byte >> (8 - (offsetBits % 8) - bits)) & ((1 << bits) - 1)) === bytes[0]
}

/** Whether a sampled packet would hit the rule: the same terms that the kernel evaluates. */
export function matchesPacket(match: Match, packet: Packet): boolean {
  if (packet.protocol !== (match.protocol === 'udp' ? IPPROTO.udp : IPPROTO.tcp)) return false
  if (match.laterFragment) return packet.fragment === 'later'
  if (packet.fragment === 'later') return false
  if (match.sourcePorts && !match.sourcePorts.includes(packet.sourcePort)) return false
  if (match.sourcePortRange && !inRange(packet.sourcePort, match.sourcePortRange)) return false
  if (match.destinationPorts && !match.destinationPorts.includes(packet.destinationPort)) return false
  if (match.notDestinationPorts?.includes(packet.destinationPort)) return false
  if (match.udpLength && !inRange(packet.udpLength, match.udpLength)) return false
  if (match.length && !inRange(packet.length, match.length)) return false
  if (match.ttl && !inRange(packet.ttl, match.ttl)) return false
  if (match.payload && !match.payload.some((one) => payloadMatches(packet, one))) return false
  return match.protocol === 'udp' || tcpMatches(match, packet)
}

function tcpMatches(match: Match, packet: Packet): boolean {
  const handshake = packet.tcpFlags & (TCP_FLAG.fin | TCP_FLAG.syn | TCP_FLAG.rst | TCP_FLAG.ack)
  if (match.syn && handshake !== TCP_FLAG.syn) return false
  if (match.dataOffset !== undefined && packet.tcpDataOffset !== match.dataOffset) return false
  return match.window === undefined || packet.tcpWindow === match.window
}

const nftRange = ({ low, high }: Range): string => (low === high ? `${low}` : `${low}-${high}`)
const nftSet = (values: readonly number[]): string =>
  values.length === 1 ? `${values[0]}` : `{ ${values.join(', ')} }`
const nftPayload = ({ bytes }: PayloadMatch): string =>
  `0x${bytes.map((byte) => byte.toString(16).padStart(2, '0')).join('')}`

function renderPayload(payload: readonly PayloadMatch[]): string {
  const [first] = payload
  if (!first) throw new Error('a payload match needs at least one value')
  const values = payload.map(nftPayload)
  const value = values.length === 1 ? values[0] : `{ ${values.join(', ')} }`
  return `@th,${first.offsetBits},${first.bits} ${value}`
}

/**
 * The match as nft expressions for one IP family. TTL and total length have other names in IPv6, where nft's
 * `length` counts the payload only.
 */
export function renderMatch(match: Match, family: 4 | 6): string {
  const ip = family === 4 ? 'ip' : 'ip6'
  if (match.laterFragment)
    return family === 4
      ? `ip frag-off & 0x1fff != 0 ip protocol ${IPPROTO[match.protocol]}`
      : `frag frag-off != 0 meta l4proto ${IPPROTO[match.protocol]}`
  const terms: string[] = []
  const { protocol } = match
  if (match.destination) terms.push(`${ip} daddr ${match.destination}`)
  if (match.sourcePorts) terms.push(`${protocol} sport ${nftSet(match.sourcePorts)}`)
  if (match.sourcePortRange) terms.push(`${protocol} sport ${nftRange(match.sourcePortRange)}`)
  if (match.destinationPorts) terms.push(`${protocol} dport ${nftSet(match.destinationPorts)}`)
  if (match.notDestinationPorts?.length) terms.push(`${protocol} dport != { ${match.notDestinationPorts.join(', ')} }`)
  if (match.syn) terms.push('tcp flags & (fin | syn | rst | ack) == syn')
  if (match.dataOffset !== undefined) terms.push(`tcp doff ${match.dataOffset}`)
  if (match.window !== undefined) terms.push(`tcp window ${match.window}`)
  if (match.udpLength) terms.push(`udp length ${nftRange(match.udpLength)}`)
  if (match.length) terms.push(renderLength(match.length, family))
  if (match.ttl) terms.push(`${family === 4 ? 'ip ttl' : 'ip6 hoplimit'} ${nftRange(match.ttl)}`)
  if (match.payload) terms.push(renderPayload(match.payload))
  if (terms.length === 0) terms.push(`meta l4proto ${IPPROTO[protocol]}`)
  return terms.join(' ')
}

const renderLength = (range: Range, family: 4 | 6): string =>
  family === 4
    ? `ip length ${nftRange(range)}`
    : `ip6 length ${nftRange({ low: Math.max(0, range.low - 40), high: Math.max(0, range.high - 40) })}`

const wordsRange = ({ low, high }: Range): string => (low === high ? `${low}` : `${low} to ${high}`)

/** The match in words for people: "UDP from port 53 with answer payload". */
export function describeMatch(match: Match): string {
  const words = [match.syn ? 'SYN packets' : match.protocol.toUpperCase()]
  if (match.laterFragment) return `${match.protocol.toUpperCase()} fragments behind the first`
  if (match.sourcePorts) words.push(`from port ${match.sourcePorts.join(', ')}`)
  if (match.sourcePortRange) words.push(`from ports ${wordsRange(match.sourcePortRange)}`)
  if (match.destinationPorts) words.push(`to port ${match.destinationPorts.join(', ')}`)
  if (match.notDestinationPorts?.length) words.push('to ports without a service')
  if (match.dataOffset === 5) words.push('without TCP options')
  if (match.window !== undefined) words.push(`with window ${match.window}`)
  if (match.udpLength) words.push(`of ${wordsRange(shift(match.udpLength, -8))} bytes of data`)
  if (match.length) words.push(`of ${wordsRange(match.length)} bytes`)
  if (match.ttl) words.push(`with TTL ${wordsRange(match.ttl)}`)
  if (match.payload) words.push('with the attack’s first bytes')
  if (match.destination) words.push(`at ${match.destination}`)
  return words.join(' ')
}

const shift = ({ low, high }: Range, by: number): Range => ({
  low: Math.max(0, low + by),
  high: Math.max(0, high + by),
})
