import fc from 'fast-check'
import type { CapturedPacket } from './packet'

/** A minimal IPv4 UDP packet of `length` captured bytes. */
export function udpPacket(atUs: number, length = 60, originalLength = length): CapturedPacket {
  const data = new Uint8Array(length)
  data.set([0x45, 0, originalLength >> 8, originalLength & 255, 0, 0, 0, 0, 64, 17, 0, 0, 198, 18, 0, 1, 192, 0, 2, 1])
  return { atUs, data, originalLength }
}

/** Any packets a capture may hold, in order of time. */
export const anyPackets = fc
  .array(
    fc.record({
      gapUs: fc.integer({ min: 0, max: 5_000_000 }),
      data: fc.uint8Array({ minLength: 1, maxLength: 200 }),
      more: fc.integer({ min: 0, max: 1_400 }),
    }),
    { maxLength: 40 },
  )
  .map((packets): CapturedPacket[] => {
    let atUs = 1_790_000_000_000_000
    return packets.map(({ gapUs, data, more }) => {
      atUs += gapUs
      return { atUs, data, originalLength: data.length + more }
    })
  })
