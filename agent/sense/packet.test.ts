import fc from 'fast-check'
import { expect, test } from 'vitest'
import { decodeNflog } from './nflog'
import { decodePacket, formatAddress, IPPROTO, TCP_FLAG } from './packet'

const fromHex = (text: string): Uint8Array => Uint8Array.from(Buffer.from(text.replaceAll(' ', ''), 'hex'))

const UDP4 = '4500 0020 0001 0000 3511 0000 c6120001 cb00710b 0035 6987 000c 0000 8180 0001'
const SYN4 = '4500 0028 0001 4000 4006 0000 c6120001 cb00710b 8000 01bb 00000001 00000000 5002 0400 0000 0000'

test('a UDP packet decodes to its ports, lengths, TTL and first bytes', () => {
  const decoded = decodePacket(fromHex(UDP4), 7)
  expect(decoded).toMatchObject({
    atUs: 7,
    family: 4,
    protocol: IPPROTO.udp,
    ttl: 0x35,
    length: 32,
    sourcePort: 53,
    destinationPort: 27_015,
    udpLength: 12,
  })
  expect([...(decoded?.payload ?? [])]).toEqual([0x81, 0x80, 0, 1])
  expect(formatAddress(decoded?.source ?? '')).toBe('198.18.0.1')
})

test('bytes behind the datagram are padding, not payload', () => {
  expect(decodePacket(fromHex(`${UDP4} ffff ffff`), 0)?.payload).toHaveLength(4)
})

test('a SYN decodes to flags, header length and window', () => {
  expect(decodePacket(fromHex(SYN4), 0)).toMatchObject({
    protocol: IPPROTO.tcp,
    tcpFlags: TCP_FLAG.syn,
    tcpDataOffset: 5,
    tcpWindow: 1024,
    destinationPort: 443,
  })
})

test('a later fragment carries no ports', () => {
  const later = fromHex(UDP4)
  later[6] = 0x00
  later[7] = 0xb9
  expect(decodePacket(later, 0)).toMatchObject({ fragment: 'later', sourcePort: 0, destinationPort: 0 })
})

test('an IPv6 packet is read through its extension headers', () => {
  const header = '6000 0000 0014 0040 20010db8000000000000000000000001 20010db800000000000000000000000b'
  const hopByHop = '1100 0104 0000 0000'
  const decoded = decodePacket(fromHex(`${header} ${hopByHop} 007b 6987 000c 0000 1700 032a`), 0)
  expect(decoded).toMatchObject({ family: 6, protocol: IPPROTO.udp, sourcePort: 123, length: 60, ttl: 64 })
  expect(formatAddress(decoded?.destination ?? '')).toBe('2001:db8::b')
})

test('no bytes make the decoders throw', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 200 }), (data) => {
      decodePacket(data, 0)
      decodeNflog(Buffer.from(data))
    }),
  )
})

test('an NFLOG record gives prefix, mark, time stamp and packet', () => {
  const attribute = (type: number, value: Buffer): Buffer => {
    const head = Buffer.alloc(4)
    head.writeUInt16LE(value.length + 4, 0)
    head.writeUInt16LE(type, 2)
    return Buffer.concat([head, value, Buffer.alloc((4 - (value.length % 4)) % 4)])
  }
  const stamp = Buffer.alloc(16)
  stamp.writeBigUInt64BE(5n, 0)
  stamp.writeBigUInt64BE(42n, 8)
  const record = Buffer.concat([
    Buffer.from([2, 0, 0, 0]),
    attribute(2, Buffer.from([0x10, 0, 0, 0])),
    attribute(10, Buffer.from('u\0')),
    attribute(3, stamp),
    attribute(9, Buffer.from(fromHex(UDP4))),
  ])
  expect(decodeNflog(record)).toMatchObject({ prefix: 'u', mark: 0x1000_0000, atUs: 5_000_042 })
  expect(decodeNflog(record)?.data).toHaveLength(32)
})

test('what was decoded stays when the buffer it came from is used again', () => {
  const buffer = Buffer.from(fromHex(UDP4))
  const decoded = decodePacket(buffer, 0)
  buffer.fill(0xff)
  expect([...(decoded?.payload ?? [])]).toEqual([0x81, 0x80, 0, 1])
  expect(formatAddress(decoded?.source ?? '')).toBe('198.18.0.1')
})
