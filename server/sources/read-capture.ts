/** Headers of a packet of a capture, from the link layer on, and when it was recorded. */
type OnPacket = (data: Buffer, linkType: number, atUs: number) => void

const RECORD_BYTES_MAX = 1 << 20
const bad = (why: string): Error => new Error(`A capture in the bundle cannot be read: ${why}.`)

/**
 * Reads pcap and pcapng, either byte order, a piece at a time. A last record that is torn off is left out. Time stamps of
 * pcapng count in `resolution`, as the manifest says.
 * @throws Error on another format, and on records of impossible sizes
 */
export async function readCapture(
  pieces: AsyncIterable<Buffer>,
  resolution: 'us' | 'ns',
  onPacket: OnPacket,
): Promise<void> {
  let read: ((held: Buffer) => number) | null = null
  let held: Buffer = Buffer.alloc(0)
  for await (const piece of pieces) {
    held = held.length === 0 ? piece : Buffer.concat([held, piece])
    if (read === null) {
      if (held.length < 24) continue
      read = held.readUInt32LE(0) === SECTION ? pcapngReader(resolution, onPacket) : pcapReader(held, onPacket)
      if (held.readUInt32LE(0) !== SECTION) held = held.subarray(24)
    }
    held = held.subarray(read(held))
  }
  if (read === null) throw bad('it is shorter than a header')
}

const MICROSECONDS = 0xa1b2c3d4
const NANOSECONDS = 0xa1b23c4d
const PCAP_MAGICS: readonly number[] = [MICROSECONDS, NANOSECONDS]

/** Each reader takes what it holds and says how many bytes of it are done with. */
function pcapReader(header: Buffer, onPacket: OnPacket): (held: Buffer) => number {
  const little = PCAP_MAGICS.includes(header.readUInt32LE(0))
  if (!little && !PCAP_MAGICS.includes(header.readUInt32BE(0))) throw bad('it is neither pcap nor pcapng')
  const u32 = (from: Buffer, at: number) => (little ? from.readUInt32LE(at) : from.readUInt32BE(at))
  const linkType = u32(header, 20) & 0xffff
  const ticksPerMicro = u32(header, 0) === NANOSECONDS ? 1_000 : 1
  return (held) => {
    let at = 0
    while (at + 16 <= held.length) {
      const captured = u32(held, at + 8)
      if (captured > RECORD_BYTES_MAX) throw bad('a packet has an impossible length')
      if (at + 16 + captured > held.length) break
      const atUs = u32(held, at) * 1e6 + u32(held, at + 4) / ticksPerMicro
      onPacket(held.subarray(at + 16, at + 16 + captured), linkType, atUs)
      at += 16 + captured
    }
    return at
  }
}

const SECTION = 0x0a0d0d0a
const INTERFACE = 1
const PACKET = 6

function pcapngReader(resolution: 'us' | 'ns', onPacket: OnPacket): (held: Buffer) => number {
  const ticksPerMicro = resolution === 'ns' ? 1_000 : 1
  let little = true
  let linkTypes: number[] = []
  return (held) => {
    const u32 = (at: number) => (little ? held.readUInt32LE(at) : held.readUInt32BE(at))
    let at = 0
    while (at + 12 <= held.length) {
      const isSection = u32(at) === SECTION
      if (isSection) little = held.readUInt32LE(at + 8) === 0x1a2b3c4d
      const length = u32(at + 4)
      if (length < 12 || length % 4 !== 0 || length > RECORD_BYTES_MAX) throw bad('a block has an impossible length')
      if (at + length > held.length) break
      if (isSection) linkTypes = []
      else if (u32(at) === INTERFACE && length >= 20)
        linkTypes.push(little ? held.readUInt16LE(at + 8) : held.readUInt16BE(at + 8))
      else if (u32(at) === PACKET && length >= 32) {
        const captured = u32(at + 20)
        const linkType = linkTypes[u32(at + 8)]
        if (linkType === undefined || 32 + captured > length) throw bad('a packet contradicts its block')
        const atUs = (u32(at + 12) * 2 ** 32 + u32(at + 16)) / ticksPerMicro
        onPacket(held.subarray(at + 28, at + 28 + captured), linkType, atUs)
      }
      at += length
    }
    return at
  }
}

const u16 = (data: Buffer, at: number): number => ((data[at] ?? 0) << 8) | (data[at + 1] ?? 0)
const VLAN_TYPES: readonly number[] = [0x8100, 0x88a8, 0x9100]

function ipOffset(data: Buffer, linkType: number): number {
  if (linkType === 1 || linkType === 113) {
    let at = linkType === 1 ? 12 : 14
    while (VLAN_TYPES.includes(u16(data, at))) at += 4
    return at + 2
  }
  if (linkType === 276) return 20
  return linkType === 0 ? 4 : 0
}

/** Source and destination as the packet's header says, 4 or 16 bytes each; null where it carries no IP. */
export function addressesOf(data: Buffer, linkType: number): { source: Buffer; destination: Buffer } | null {
  const at = ipOffset(data, linkType)
  const version = (data[at] ?? 0) >> 4
  if (version === 4 && at + 20 <= data.length)
    return { source: data.subarray(at + 12, at + 16), destination: data.subarray(at + 16, at + 20) }
  if (version === 6 && at + 40 <= data.length)
    return { source: data.subarray(at + 8, at + 24), destination: data.subarray(at + 24, at + 40) }
  return null
}
