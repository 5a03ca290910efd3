import type { IncomingMessage } from 'node:http'
import { describe, expect, it } from 'vitest'
import { addressOf } from './http'

const from = (remoteAddress: string, forwarded?: string): string =>
  addressOf({ socket: { remoteAddress }, headers: { 'x-forwarded-for': forwarded } } as unknown as IncomingMessage)

describe('address of who asks', () => {
  it('is the peer, whatever it says of itself', () => {
    expect(from('198.51.100.7')).toBe('198.51.100.7')
    expect(from('198.51.100.7', '203.0.113.9')).toBe('198.51.100.7')
    expect(from('::ffff:198.51.100.7')).toBe('198.51.100.7')
  })

  it('is what a proxy of our own saw last', () => {
    expect(from('127.0.0.1', '1.1.1.1, 203.0.113.9')).toBe('203.0.113.9')
    expect(from('10.1.2.3', '203.0.113.9')).toBe('203.0.113.9')
    expect(from('127.0.0.1', 'nonsense')).toBe('127.0.0.1')
  })

  it('counts the addresses of one IPv6 subscriber as one', () => {
    expect(from('2001:db8:1:2:3:4:5:6')).toBe('2001:db8:1:2::/64')
    expect(from('2001:db8:1:2::9')).toBe('2001:db8:1:2::/64')
    expect(from('2001:db8::1')).toBe('2001:db8:0:0::/64')
  })
})
