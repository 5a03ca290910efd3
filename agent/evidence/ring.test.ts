import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { anyPackets, udpPacket } from './fixture'
import { LINKTYPE, pcapngHeader } from './pcapng'
import { readCapture } from './read-capture'
import { createRing, type FrozenRing } from './ring'

const header = pcapngHeader({
  linkType: LINKTYPE.raw,
  snapLength: 128,
  interfaceName: '',
  application: '',
  comment: '',
})

/** The packets as whoever opens the file sees them. */
function read({ blocks, timesUs }: FrozenRing) {
  const { packets, truncated } = readCapture(Buffer.concat([header, blocks]))
  expect(truncated).toBe(false)
  expect(packets.map(({ atUs }) => atUs)).toEqual([...timesUs])
  return packets
}

describe('ring', () => {
  it('always holds the newest packets, whole and in order, within time, bytes and snap length', () => {
    fc.assert(
      fc.property(anyPackets, fc.integer({ min: 200, max: 2_000 }), (packets, bytesMax) => {
        const ring = createRing({ seconds: 10, bytesMax, snapLength: 100 })
        for (const packet of packets) ring.push(packet)
        const { blocks } = ring.freeze()
        const held = read(ring.freeze())
        const newest = packets.slice(packets.length - held.length)
        expect(held.map(({ atUs, originalLength }) => [atUs, originalLength])).toEqual(
          newest.map(({ atUs, originalLength }) => [atUs, originalLength]),
        )
        expect(held.map(({ data }) => [...data])).toEqual(newest.map(({ data }) => [...data.subarray(0, 100)]))
        expect(blocks.length).toBeLessThanOrEqual(bytesMax)
        if (packets.length > 0) expect(held.length).toBeGreaterThan(0)
        for (const { atUs } of held) expect(atUs).toBeGreaterThanOrEqual((packets.at(-1)?.atUs ?? 0) - 10e6)
      }),
    )
  })

  it('drops no packet while time and bytes allow', () => {
    const ring = createRing({ seconds: 30, bytesMax: 124_000, snapLength: 128 })
    for (let i = 0; i < 1_000; i++) ring.push(udpPacket(i * 1_000, 90))
    expect(ring.size).toBe(1_000)
  })

  it('keeps a frozen copy apart from later pushes and from the caller’s buffer', () => {
    const ring = createRing({ seconds: 30, bytesMax: 1_000, snapLength: 128 })
    const packet = udpPacket(1)
    ring.push(packet)
    packet.data.fill(255)
    const frozen = ring.freeze()
    for (let i = 2; i < 100; i++) ring.push(udpPacket(i))
    const held = read(frozen)
    expect(held).toHaveLength(1)
    expect(held[0]?.data[0]).toBe(0x45)
  })
})
