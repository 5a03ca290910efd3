import type { CapturedPacket } from './packet'

export type { CapturedPacket }

export type RingOptions = {
  /** Packets older than this, measured from the newest, are let go. */
  seconds: number
  /** Room for packet bytes; reserved at once, used as it fills. */
  bytesMax: number
  /** Bytes kept of each packet. */
  snapLength: number
}

export type Ring = {
  /** Copies what it keeps, so the caller may reuse its buffer. */
  push(packet: CapturedPacket): void
  /** The packets held now, oldest first; later pushes do not touch them. */
  freeze(): CapturedPacket[]
  /** Packets held now. */
  readonly size: number
}

/** Smallest share of the slab one packet is expected to take; bounds the index. */
const RECORD_BYTES_MIN = 32

/**
 * Keeps the latest packets in one slab of bytes with an index in typed arrays: a push allocates nothing.
 * A packet is stored whole; one that does not fit before the slab's end goes to its start.
 */
export function createRing({ seconds, bytesMax, snapLength }: RingOptions): Ring {
  const slab = Buffer.allocUnsafeSlow(Math.max(bytesMax, snapLength))
  const slots = Math.max(1, Math.floor(slab.length / RECORD_BYTES_MIN))
  const times = new Float64Array(slots)
  const offsets = new Uint32Array(slots)
  const lengths = new Uint16Array(slots)
  const originals = new Uint32Array(slots)
  const windowUs = seconds * 1e6
  let first = 0
  let size = 0
  let end = 0

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
    return 0
  }

  return {
    push({ atUs, data, originalLength }) {
      const length = Math.min(data.length, snapLength, 0xffff)
      if (length === 0) return
      while (size > 0 && (times[first] as number) < atUs - windowUs) dropOldest()
      if (size === slots) dropOldest()
      const at = place(length)
      makeRoom(at, length)
      slab.set(data.length === length ? data : data.subarray(0, length), at)
      const slot = (first + size) % slots
      times[slot] = atUs
      offsets[slot] = at
      lengths[slot] = length
      originals[slot] = originalLength
      size += 1
      end = at + length
    },
    freeze() {
      const held = Array.from({ length: size }, (_, i) => (first + i) % slots)
      const copy = Buffer.allocUnsafeSlow(held.reduce((bytes, slot) => bytes + (lengths[slot] as number), 0))
      let at = 0
      return held.map((slot) => {
        const offset = offsets[slot] as number
        const from = at
        at += slab.copy(copy, from, offset, offset + (lengths[slot] as number))
        return {
          atUs: times[slot] as number,
          data: copy.subarray(from, at),
          originalLength: originals[slot] as number,
        }
      })
    },
    get size() {
      return size
    },
  }
}
