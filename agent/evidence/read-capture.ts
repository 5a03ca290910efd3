import { AgentError } from '../errors'
import type { CapturedPacket } from './packet'
import { LINKTYPE } from './pcapng'

/** A packet of a capture file; `data` starts at the link-layer header, its IP packet at `ipOffset` (-1: carries none). */
export type ReadPacket = CapturedPacket & { ipOffset: number }

export type Capture = {
  linkType: number
  packets: ReadPacket[]
  /** The file ends inside a record, as a killed recorder leaves it; what is whole was read. */
  truncated: boolean
}

type Interface = { linkType: number; ticksPerSecond: bigint; offsetSeconds: bigint }

const bad = (why: string): AgentError =>
  new AgentError('bad_capture', `This is not a capture file that can be read: ${why}.`)

/**
 * Reads pcap (microseconds or nanoseconds, either byte order) and pcapng. Link types: Ethernet (with VLAN tags), raw
 * IP, Linux cooked v1 and v2, BSD null.
 * @throws AgentError on another format, on other link types and on blocks that contradict themselves.
 */
export function readCapture(buffer: Buffer): Capture {
  if (buffer.length < 4) throw bad('it is shorter than a header')
  return buffer.readUInt32LE(0) === 0x0a0d0d0a ? readPcapng(buffer) : readPcap(buffer)
}

const PCAP_MAGICS = new Map([
  [0xa1b2c3d4, 1],
  [0xa1b23c4d, 1_000],
])

function readPcap(buffer: Buffer): Capture {
  if (buffer.length < 24) throw bad('it is shorter than a header')
  const little = PCAP_MAGICS.has(buffer.readUInt32LE(0))
  const u32 = (at: number): number => (little ? buffer.readUInt32LE(at) : buffer.readUInt32BE(at))
  const ticksPerMicro = PCAP_MAGICS.get(u32(0))
  if (!ticksPerMicro) throw bad('neither pcap nor pcapng')
  const linkType = knownLinkType(u32(20) & 0xffff)
  const packets: ReadPacket[] = []
  let at = 24
  while (at + 16 <= buffer.length) {
    const captured = u32(at + 8)
    if (at + 16 + captured > buffer.length) break
    const data = buffer.subarray(at + 16, at + 16 + captured)
    const atUs = u32(at) * 1e6 + Math.floor(u32(at + 4) / ticksPerMicro)
    packets.push({ atUs, data, originalLength: u32(at + 12), ipOffset: ipOffset(data, linkType) })
    at += 16 + captured
  }
  return { linkType, packets, truncated: at !== buffer.length }
}

function readPcapng(buffer: Buffer): Capture {
  const packets: ReadPacket[] = []
  let interfaces: Interface[] = []
  let linkType: number | null = null
  let little = true
  const u32 = (at: number): number => (little ? buffer.readUInt32LE(at) : buffer.readUInt32BE(at))
  let at = 0
  while (at + 12 <= buffer.length) {
    const isSection = u32(at) === 0x0a0d0d0a
    if (isSection) little = buffer.readUInt32LE(at + 8) === 0x1a2b3c4d
    const length = u32(at + 4)
    if (length < 12 || length % 4 !== 0) throw bad(`the block at byte ${at} has an impossible length`)
    if (at + length > buffer.length) break
    if (u32(at + length - 4) !== length) throw bad(`the block at byte ${at} contradicts its own length`)
    const body = new Block(buffer.subarray(at + 8, at + length - 4), little)
    if (isSection) interfaces = []
    else if (u32(at) === 1) {
      const description = readInterface(body)
      linkType ??= description.linkType
      interfaces.push(description)
    } else if (u32(at) === 6) packets.push(readPacket(body, interfaces))
    at += length
  }
  if (linkType === null) throw bad('it describes no interface')
  return { linkType, packets, truncated: at !== buffer.length }
}

class Block {
  constructor(
    readonly bytes: Buffer,
    private readonly little: boolean,
  ) {}

  u16(at: number): number {
    if (at + 2 > this.bytes.length) throw bad('a block is shorter than its fields')
    return this.little ? this.bytes.readUInt16LE(at) : this.bytes.readUInt16BE(at)
  }

  u32(at: number): number {
    if (at + 4 > this.bytes.length) throw bad('a block is shorter than its fields')
    return this.little ? this.bytes.readUInt32LE(at) : this.bytes.readUInt32BE(at)
  }

  i64(at: number): bigint {
    if (at + 8 > this.bytes.length) throw bad('a block is shorter than its fields')
    return this.little ? this.bytes.readBigInt64LE(at) : this.bytes.readBigInt64BE(at)
  }
}

const IF_TSRESOL = 9
const IF_TSOFFSET = 14

function readInterface(block: Block): Interface {
  const found: Interface = { linkType: knownLinkType(block.u16(0)), ticksPerSecond: 1_000_000n, offsetSeconds: 0n }
  let at = 8
  while (at + 4 <= block.bytes.length && block.u16(at) !== 0) {
    const length = block.u16(at + 2)
    const resolution = block.bytes[at + 4] ?? 6
    if (block.u16(at) === IF_TSRESOL)
      found.ticksPerSecond = resolution & 0x80 ? 2n ** BigInt(resolution & 0x7f) : 10n ** BigInt(resolution)
    if (block.u16(at) === IF_TSOFFSET) found.offsetSeconds = block.i64(at + 4)
    at += 4 + ((length + 3) & ~3)
  }
  return found
}

function readPacket(block: Block, interfaces: readonly Interface[]): ReadPacket {
  const source = interfaces[block.u32(0)]
  if (!source) throw bad('a packet names an interface that is not described')
  const captured = block.u32(12)
  if (20 + captured > block.bytes.length) throw bad('a packet is longer than its block')
  const data = block.bytes.subarray(20, 20 + captured)
  const ticks = (BigInt(block.u32(4)) << 32n) | BigInt(block.u32(8))
  const atUs = Number((ticks * 1_000_000n) / source.ticksPerSecond + source.offsetSeconds * 1_000_000n)
  return { atUs, data, originalLength: block.u32(16), ipOffset: ipOffset(data, source.linkType) }
}

const KNOWN_LINKTYPES: readonly number[] = Object.values(LINKTYPE)
// DLT_RAW has other numbers on some systems.
const RAW_ALIASES: readonly number[] = [12, 14, LINKTYPE.ipv4, LINKTYPE.ipv6]

function knownLinkType(linkType: number): number {
  if (RAW_ALIASES.includes(linkType)) return LINKTYPE.raw
  if (!KNOWN_LINKTYPES.includes(linkType)) throw bad(`link type ${linkType} is not supported`)
  return linkType
}

const u16 = (data: Uint8Array, at: number): number => ((data[at] ?? 0) << 8) | (data[at + 1] ?? 0)
const isIpType = (etherType: number): boolean => etherType === 0x0800 || etherType === 0x86dd
const VLAN_TYPES: readonly number[] = [0x8100, 0x88a8, 0x9100]

/** Where the IP header starts in a frame of this link type; -1 when the frame carries no IP. */
export function ipOffset(data: Uint8Array, linkType: number): number {
  const offset = payloadOffset(data, linkType)
  const version = (data[offset] ?? 0) >> 4
  return offset >= 0 && (version === 4 || version === 6) ? offset : -1
}

function payloadOffset(data: Uint8Array, linkType: number): number {
  if (linkType === LINKTYPE.raw) return 0
  if (linkType === LINKTYPE.null) return 4
  if (linkType === LINKTYPE.linuxSll) return afterTags(data, 14)
  if (linkType === LINKTYPE.linuxSll2) return isIpType(u16(data, 0)) ? 20 : -1
  return afterTags(data, 12)
}

function afterTags(data: Uint8Array, typeAt: number): number {
  let at = typeAt
  while (VLAN_TYPES.includes(u16(data, at))) at += 4
  return isIpType(u16(data, at)) ? at + 2 : -1
}
