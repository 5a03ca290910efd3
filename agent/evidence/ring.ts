import type { CapturedPacket } from './packet'
import { blockBytes, PACKET_BLOCK_BYTES_MIN, pcapngPackets, writePacketBlock } from './pcapng'

export type RingOptions = {
  /** Packets older than this, measured from the newest, are let go. */
  seconds: number
  /** Room for packets as they will be written; reserved at once, used as it fills. */
  bytesMax: number
  /** Bytes kept of each packet. */
  snapLength: number
}

/** Packets as a capture file holds them: pcapng packet blocks, oldest first, and the time of each in epoch µs. */
export type FrozenRing = { blocks: Buffer; timesUs: Float64Array }

/** Packets that are at hand already, as a ring would give them. */
export const freezePackets = (packets: readonly CapturedPacket[]): FrozenRing => ({
  blocks: pcapngPackets(packets),
  timesUs: Float64Array.from(packets, ({ atUs }) => atUs),
})

export type Ring = {
  /** Copies what it keeps, so the caller may reuse its buffer. */
  push(packet: CapturedPacket): void
  /** The packets held now; later pushes do not touch them. */
  freeze(): FrozenRing
  /** Packets held now. */
  readonly size: number
}

/**
 * Keeps the latest packets in one slab of bytes with an index in typed arrays: a push allocates nothing. They are encoded
 * as they come, so that an onset, when every millisecond counts, costs two copies. A packet is stored whole; one that does
 * not fit before the slab's end goes to its start.
 */
export function createRing({ seconds, bytesMax, snapLength }: RingOptions): Ring {
  const slab = Buffer.allocUnsafeSlow(Math.max(bytesMax, blockBytes(snapLength)))
  const slots = Math.max(1, Math.floor(slab.length / PACKET_BLOCK_BYTES_MIN))
  const times = new Float64Array(slots)
  const offsets = new Uint32Array(slots)
  const lengths = new Uint32Array(slots)
  const windowUs = seconds * 1e6
  let first = 0
  let size = 0
  let end = 0
  /** Where the packets ahead of the slab's start end. */
  let turn = 0

  const dropOldest = (): void => {
    first = (first + 1) % slots
    size -= 1
  }

  /** Frees the slab from `at` on for `length` bytes; the oldest packets lie directly ahead of the newest. */
  const makeRoom = (at: number, length: number): void => {
    while (size > 0) {
      const offset = offsets[first] as number
      if (offset >= at + length || offset + (lengths[first] as number) <= at) return
      dropOldest()
    }
  }

  const place = (length: number): number => {
    if (end + length <= slab.length) return end
    // What lies between here and the slab's end would be passed over, so it must go first.
    while (size > 0 && (offsets[first] as number) >= end) dropOldest()
    turn = end
    return 0
  }

  return {
    push(packet) {
      const kept = Math.min(packet.data.length, snapLength)
      if (kept === 0) return
      while (size > 0 && (times[first] as number) < packet.atUs - windowUs) dropOldest()
      if (size === slots) dropOldest()
      const length = blockBytes(kept)
      const at = place(length)
      makeRoom(at, length)
      writePacketBlock(slab, at, packet, kept)
      const slot = (first + size) % slots
      times[slot] = packet.atUs
      offsets[slot] = at
      lengths[slot] = length
      size += 1
      end = at + length
    },
    freeze() {
      if (size === 0) return { blocks: Buffer.alloc(0), timesUs: new Float64Array(0) }
      const from = offsets[first] as number
      const hasTurned = from >= end
      const timesUs = new Float64Array(size)
      timesUs.set(times.subarray(first, Math.min(first + size, slots)))
      if (first + size > slots) timesUs.set(times.subarray(0, first + size - slots), slots - first)
      const blocks = hasTurned
        ? Buffer.concat([slab.subarray(from, turn), slab.subarray(0, end)])
        : Buffer.from(slab.subarray(from, end))
      return { blocks, timesUs }
    },
    get size() {
      return size
    },
  }
}
