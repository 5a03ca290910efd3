/** Headers of one sampled packet. Addresses are kept as compact strings: they are only compared and counted. */
export type Packet = {
  atUs: number
  family: 4 | 6
  source: string
  destination: string
  protocol: number
  ttl: number
  /** Length of the IP packet, header included. */
  length: number
  /** `later` fragments carry no ports. */
  fragment: 'none' | 'first' | 'later'
  sourcePort: number
  destinationPort: number
  /** UDP length field (header and payload); 0 otherwise. */
  udpLength: number
  tcpFlags: number
  /** TCP header length in 32-bit words; 5 means no options. */
  tcpDataOffset: number
  tcpWindow: number
  /** Up to 16 bytes behind the transport header. */
  payload: Uint8Array
}

export const IPPROTO = { icmp: 1, tcp: 6, udp: 17, icmp6: 58 } as const
export const TCP_FLAG = { fin: 1, syn: 2, rst: 4, psh: 8, ack: 16, urg: 32 } as const

const EXTENSION_HEADERS = new Set([0, 43, 44, 51, 60])
const NO_PAYLOAD = new Uint8Array(0)
const PAYLOAD_BYTES_MAX = 16

const u16 = (data: Uint8Array, at: number): number => ((data[at] ?? 0) << 8) | (data[at + 1] ?? 0)

const hex = (data: Uint8Array, from: number, to: number): string =>
  Buffer.from(data.buffer, data.byteOffset + from, to - from).toString('latin1')

/** Text form of an address kept by `decodePacket`. */
export function formatAddress(address: string): string {
  const bytes = Buffer.from(address, 'latin1')
  if (bytes.length === 4) return bytes.join('.')
  const groups: string[] = []
  for (let at = 0; at < 16; at += 2) groups.push(u16(bytes, at).toString(16))
  return groups.join(':').replace(/(?:^|:)(?:0(?::|$)){2,}/, '::')
}

/**
 * Decodes a packet that starts at its IP header; truncated captures are fine.
 * @returns null when the bytes are not IPv4 or IPv6.
 */
export function decodePacket(data: Uint8Array, atUs: number): Packet | null {
  const version = (data[0] ?? 0) >> 4
  if (version === 4 && data.length >= 20) return decodeIpv4(data, atUs)
  if (version === 6 && data.length >= 40) return decodeIpv6(data, atUs)
  return null
}

function decodeIpv4(data: Uint8Array, atUs: number): Packet {
  const fragmentField = u16(data, 6)
  const offset = fragmentField & 0x1fff
  const fragment = offset > 0 ? 'later' : fragmentField & 0x2000 ? 'first' : 'none'
  const packet = blankPacket(atUs, 4, hex(data, 12, 16), hex(data, 16, 20))
  packet.protocol = data[9] ?? 0
  packet.ttl = data[8] ?? 0
  packet.length = u16(data, 2)
  packet.fragment = fragment
  if (fragment !== 'later') decodeTransport(packet, data, ((data[0] ?? 0) & 15) * 4)
  return packet
}

function decodeIpv6(data: Uint8Array, atUs: number): Packet {
  const packet = blankPacket(atUs, 6, hex(data, 8, 24), hex(data, 24, 40))
  packet.ttl = data[7] ?? 0
  packet.length = u16(data, 4) + 40
  let protocol = data[6] ?? 0
  let at = 40
  while (EXTENSION_HEADERS.has(protocol) && at + 8 <= data.length) {
    if (protocol === 44) {
      const field = u16(data, at + 2)
      packet.fragment = field >> 3 > 0 ? 'later' : field & 1 ? 'first' : 'none'
    }
    const size = protocol === 44 ? 8 : protocol === 51 ? ((data[at + 1] ?? 0) + 2) * 4 : ((data[at + 1] ?? 0) + 1) * 8
    protocol = data[at] ?? 0
    at += size
  }
  packet.protocol = protocol
  if (packet.fragment !== 'later') decodeTransport(packet, data, at)
  return packet
}

function decodeTransport(packet: Packet, data: Uint8Array, at: number): void {
  if (packet.protocol !== IPPROTO.tcp && packet.protocol !== IPPROTO.udp) return
  packet.sourcePort = u16(data, at)
  packet.destinationPort = u16(data, at + 2)
  let payloadAt = at + 8
  let end = data.length
  if (packet.protocol === IPPROTO.tcp) {
    packet.tcpDataOffset = (data[at + 12] ?? 0) >> 4
    packet.tcpFlags = data[at + 13] ?? 0
    packet.tcpWindow = u16(data, at + 14)
    payloadAt = at + packet.tcpDataOffset * 4
  } else {
    packet.udpLength = u16(data, at + 4)
    // Ethernet pads short frames: bytes behind the datagram are not payload.
    end = Math.min(end, at + Math.max(8, packet.udpLength))
  }
  if (payloadAt < end) packet.payload = copied(data, payloadAt, Math.min(end, payloadAt + PAYLOAD_BYTES_MAX))
}

/** The caller reuses its buffer. Byte by byte: so few take less than a view and a copy of it. */
function copied(data: Uint8Array, from: number, end: number): Uint8Array {
  const copy = new Uint8Array(end - from)
  for (let at = from; at < end; at++) copy[at - from] = data[at] as number
  return copy
}

/** A packet of which nothing is known yet. Every packet begins as one: so all have one shape for the compiler. */
export function blankPacket(atUs: number, family: 4 | 6, source: string, destination: string): Packet {
  return {
    atUs,
    family,
    source,
    destination,
    protocol: 0,
    ttl: 0,
    length: 0,
    fragment: 'none',
    sourcePort: 0,
    destinationPort: 0,
    udpLength: 0,
    tcpFlags: 0,
    tcpDataOffset: 0,
    tcpWindow: 0,
    payload: NO_PAYLOAD,
  }
}
