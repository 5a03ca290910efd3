import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { anyPackets, udpPacket } from './fixture'
import type { CapturedPacket } from './packet'
import { PcapCounter, parseKernelDrops } from './pcap-stream'
import { LINKTYPE, pcapngHeader, pcapngPackets, pcapngStatistics } from './pcapng'
import { ipOffset, readCapture } from './read-capture'

const header = pcapngHeader({
  linkType: LINKTYPE.raw,
  snapLength: 128,
  interfaceName: 'veth0',
  application: 'test 1',
  comment: 'one packet in 10',
})
const pcapng = (packets: CapturedPacket[]) =>
  Buffer.concat([
    header,
    pcapngPackets(packets),
    pcapngStatistics({ atUs: 1, received: packets.length, kernelDrops: 3 }),
  ])

function pcap(packets: CapturedPacket[], linkType: number, nanoseconds = true): Buffer {
  const head = Buffer.alloc(24)
  head.writeUInt32LE(nanoseconds ? 0xa1b23c4d : 0xa1b2c3d4, 0)
  head.writeUInt32LE(linkType, 20)
  const records = packets.map(({ atUs, data, originalLength }) => {
    const record = Buffer.alloc(16)
    record.writeUInt32LE(Math.floor(atUs / 1e6), 0)
    record.writeUInt32LE((atUs % 1e6) * (nanoseconds ? 1_000 : 1), 4)
    record.writeUInt32LE(data.length, 8)
    record.writeUInt32LE(originalLength, 12)
    return Buffer.concat([record, data])
  })
  return Buffer.concat([head, ...records])
}

const plain = (packets: readonly CapturedPacket[]) =>
  packets.map(({ atUs, data, originalLength }) => ({ atUs, data: [...data], originalLength }))

describe('capture files', () => {
  it('reads back every packet that was written as pcapng', () => {
    fc.assert(
      fc.property(anyPackets, (packets) => {
        const read = readCapture(pcapng(packets))
        expect(read).toMatchObject({ linkType: LINKTYPE.raw, truncated: false })
        expect(plain(read.packets)).toEqual(plain(packets))
      }),
    )
  })

  it('reads pcap in microseconds and nanoseconds', () => {
    fc.assert(
      fc.property(anyPackets, fc.boolean(), (packets, nanoseconds) => {
        expect(plain(readCapture(pcap(packets, LINKTYPE.ethernet, nanoseconds)).packets)).toEqual(plain(packets))
      }),
    )
  })

  it('keeps whole packets of a file that was cut off, and says that it was', () => {
    const packets = [udpPacket(1e6), udpPacket(2e6), udpPacket(3e6)]
    const bytes = pcapng(packets)
    fc.assert(
      fc.property(fc.integer({ min: header.length, max: bytes.length - 1 }), (length) => {
        const read = readCapture(bytes.subarray(0, length))
        expect(plain(read.packets)).toEqual(plain(packets.slice(0, read.packets.length)))
        expect(read.truncated || read.packets.length * 92 + header.length === length).toBe(true)
      }),
    )
  })

  it('never fails on arbitrary bytes in another way than by saying why', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), fc.boolean(), (noise, behindHeader) => {
        const bytes = behindHeader ? Buffer.concat([header, noise]) : Buffer.from(noise)
        try {
          readCapture(bytes)
        } catch (error) {
          expect(error).toMatchObject({ name: 'AgentError', code: 'bad_capture' })
        }
      }),
      { numRuns: 500 },
    )
  })

  it('finds the IP header behind each link layer', () => {
    const ip = Buffer.from([0x45, 0, 0, 20])
    const ethernet = (type: number[]) => Buffer.concat([Buffer.alloc(12), Buffer.from(type), ip])
    expect(ipOffset(ip, LINKTYPE.raw)).toBe(0)
    expect(ipOffset(ethernet([8, 0]), LINKTYPE.ethernet)).toBe(14)
    expect(ipOffset(ethernet([0x81, 0, 0, 5, 8, 0]), LINKTYPE.ethernet)).toBe(18)
    expect(ipOffset(ethernet([8, 6]), LINKTYPE.ethernet)).toBe(-1)
    expect(ipOffset(Buffer.concat([Buffer.alloc(14), Buffer.from([8, 0]), ip]), LINKTYPE.linuxSll)).toBe(16)
    expect(ipOffset(Buffer.concat([Buffer.from([2, 0, 0, 0]), ip]), LINKTYPE.null)).toBe(4)
  })
})

describe('pcap stream', () => {
  it('counts whole records however the stream is cut into chunks', () => {
    fc.assert(
      fc.property(
        anyPackets,
        fc.array(fc.integer({ min: 1, max: 97 }), { minLength: 1 }),
        fc.nat(15),
        (packets, cuts, torn) => {
          const bytes = pcap(packets, LINKTYPE.ethernet)
          const counter = new PcapCounter()
          const stream = Buffer.concat([bytes, Buffer.alloc(torn)])
          for (let at = 0, i = 0; at < stream.length; i++) {
            const length = cuts[i % cuts.length] as number
            counter.push(stream.subarray(at, at + length))
            at += length
          }
          expect(counter.count).toEqual({
            packets: packets.length,
            firstPacketUs: packets[0]?.atUs ?? null,
            lastPacketUs: packets.at(-1)?.atUs ?? null,
            wholeBytes: bytes.length,
          })
        },
      ),
    )
  })

  it('reads the kernel’s drops from tcpdump’s closing lines, and does not guess them', () => {
    const lines = '20 packets captured\n25 packets received by filter\n5 packets dropped by kernel\n'
    expect(parseKernelDrops(lines)).toBe(5)
    expect(parseKernelDrops('1 packet dropped by kernel')).toBe(1)
    expect(parseKernelDrops('tcpdump: listening on veth0')).toBeNull()
  })
})
