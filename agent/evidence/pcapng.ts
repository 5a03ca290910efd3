import type { CapturedPacket } from './packet'

/** Link types of the captures this agent writes or reads (tcpdump.org/linktypes.html). */
export const LINKTYPE = { null: 0, ethernet: 1, raw: 101, linuxSll: 113, ipv4: 228, ipv6: 229, linuxSll2: 276 } as const

const BLOCK = { section: 0x0a0d0d0a, interface: 1, packet: 6, statistics: 5 } as const
const OPTION = { comment: 1, hardware: 2, os: 3, application: 4, name: 2, resolution: 9 } as const
const STATISTIC = { received: 4, dropped: 5 } as const
const BYTE_ORDER_MAGIC = 0x1a2b3c4d
const MICROSECONDS = 6
const PACKET_HEADER_BYTES = 28
const BLOCK_FRAME_BYTES = 12

const padded = (bytes: number): number => (bytes + 3) & ~3

/** Bytes that a packet's block takes when `captured` bytes of it are kept. */
export const blockBytes = (captured: number): number => PACKET_HEADER_BYTES + padded(captured) + 4
export const PACKET_BLOCK_BYTES_MIN = blockBytes(1)

function option(code: number, value: Uint8Array): Buffer {
  const bytes = Buffer.alloc(4 + padded(value.length))
  bytes.writeUInt16LE(code, 0)
  bytes.writeUInt16LE(value.length, 2)
  bytes.set(value, 4)
  return bytes
}

const textOption = (code: number, text: string): Buffer => option(code, Buffer.from(text))
const endOfOptions = Buffer.alloc(4)

function countOption(code: number, count: number): Buffer {
  const value = Buffer.alloc(8)
  value.writeBigUInt64LE(BigInt(count))
  return option(code, value)
}

function block(type: number, parts: Buffer[]): Buffer {
  const length = BLOCK_FRAME_BYTES + parts.reduce((bytes, part) => bytes + part.length, 0)
  const head = Buffer.alloc(8)
  head.writeUInt32LE(type, 0)
  head.writeUInt32LE(length, 4)
  const tail = Buffer.alloc(4)
  tail.writeUInt32LE(length, 0)
  return Buffer.concat([head, ...parts, tail])
}

function writeTime(bytes: Buffer, at: number, timeUs: number): void {
  bytes.writeUInt32LE(Math.floor(timeUs / 2 ** 32), at)
  bytes.writeUInt32LE(timeUs % 2 ** 32, at + 4)
}

/** Section header and the one interface; time stamps are microseconds. */
export function pcapngHeader(header: {
  linkType: number
  snapLength: number
  interfaceName: string
  application: string
  comment: string
}): Buffer {
  const section = Buffer.alloc(16)
  section.writeUInt32LE(BYTE_ORDER_MAGIC, 0)
  section.writeUInt16LE(1, 4)
  section.writeBigInt64LE(-1n, 8)
  const description = Buffer.alloc(8)
  description.writeUInt16LE(header.linkType, 0)
  description.writeUInt32LE(header.snapLength, 4)
  return Buffer.concat([
    block(BLOCK.section, [
      section,
      textOption(OPTION.comment, header.comment),
      textOption(OPTION.application, header.application),
      endOfOptions,
    ]),
    block(BLOCK.interface, [
      description,
      textOption(OPTION.name, header.interfaceName),
      option(OPTION.resolution, Uint8Array.of(MICROSECONDS)),
      endOfOptions,
    ]),
  ])
}

/** Writes an enhanced packet block of interface 0 at `at`, with the first `captured` bytes of the packet. */
export function writePacketBlock(bytes: Buffer, at: number, packet: CapturedPacket, captured: number): void {
  const size = blockBytes(captured)
  bytes.writeUInt32LE(BLOCK.packet, at)
  bytes.writeUInt32LE(size, at + 4)
  bytes.writeUInt32LE(0, at + 8)
  writeTime(bytes, at + 12, packet.atUs)
  bytes.writeUInt32LE(captured, at + 20)
  bytes.writeUInt32LE(packet.originalLength, at + 24)
  bytes.fill(0, at + PACKET_HEADER_BYTES + captured, at + size - 4)
  bytes.set(packet.data.length === captured ? packet.data : packet.data.subarray(0, captured), at + PACKET_HEADER_BYTES)
  bytes.writeUInt32LE(size, at + size - 4)
}

/** Enhanced packet blocks of interface 0, in the order given. */
export function pcapngPackets(packets: readonly CapturedPacket[]): Buffer {
  const bytes = Buffer.allocUnsafe(packets.reduce((sum, { data }) => sum + blockBytes(data.length), 0))
  let at = 0
  for (const packet of packets) {
    writePacketBlock(bytes, at, packet, packet.data.length)
    at += blockBytes(packet.data.length)
  }
  return bytes
}

/** Closing block: how many packets the source received and how many the kernel dropped (null: not known). */
export function pcapngStatistics(statistics: { atUs: number; received: number; kernelDrops: number | null }): Buffer {
  const head = Buffer.alloc(12)
  writeTime(head, 4, statistics.atUs)
  const counts = [countOption(STATISTIC.received, statistics.received)]
  if (statistics.kernelDrops !== null) counts.push(countOption(STATISTIC.dropped, statistics.kernelDrops))
  return block(BLOCK.statistics, [head, ...counts, endOfOptions])
}
