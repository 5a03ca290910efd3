import { describe, expect, test } from 'vitest'
import { localUrl, publicUrl } from './address'
import { readOptions } from './options'
import { isOpenHttp } from './print'
import { BACKOFF, nextDelayMs } from './supervise'

const address = (address: string, family: 'IPv4' | 'IPv6', internal = false) => ({ address, family, internal })

describe('the address that bin/up prints', () => {
  const interfaces = {
    lo: [address('127.0.0.1', 'IPv4', true)],
    eth0: [address('fe80::1', 'IPv6'), address('2001:db8::5', 'IPv6'), address('203.0.113.5', 'IPv4')],
  }

  test('is the machine’s own when it listens everywhere, else the one it listens on', () => {
    expect(publicUrl('0.0.0.0', 3000, interfaces)).toBe('http://203.0.113.5:3000')
    expect(publicUrl('0.0.0.0', 3000, { lo: interfaces.lo })).toBe('http://127.0.0.1:3000')
    expect(publicUrl('0.0.0.0', 3000, { eth0: interfaces.eth0.slice(0, 2) })).toBe('http://[2001:db8::5]:3000')
    expect(publicUrl('::1', 81, interfaces)).toBe('http://[::1]:81')
    expect(localUrl('0.0.0.0', 3000)).toBe('http://127.0.0.1:3000')
    expect(localUrl('203.0.113.5', 3000)).toBe('http://203.0.113.5:3000')
  })

  test('comes with a warning where it leads over a network without TLS', () => {
    expect(isOpenHttp('http://203.0.113.5:3000')).toBe(true)
    for (const url of ['https://203.0.113.5', 'http://127.0.0.1:3000', 'http://localhost:3000', 'http://[::1]:3000'])
      expect(isOpenHttp(url), url).toBe(false)
  })
})

describe('a program that ends', () => {
  test('is started again later and later, and quickly after it ran for a while', () => {
    let delay = 0
    const delays = Array.from({ length: 9 }, () => {
      delay = nextDelayMs(10, delay, BACKOFF)
      return delay
    })
    expect(delays).toEqual([250, 500, 1_000, 2_000, 4_000, 8_000, 16_000, 30_000, 30_000])
    expect(nextDelayMs(BACKOFF.steadyMs, 30_000, BACKOFF)).toBe(BACKOFF.firstMs)
  })
})

describe('options of bin/up', () => {
  test('what is not valid is refused in words', () => {
    expect(() => readOptions(['--data', '/d', '--port', 'http'])).toThrow(/--port/)
    expect(() => readOptions(['--data', '/d', '--url', 'security.example.org'])).toThrow(/http:\/\/ or https:\/\//)
    expect(() => readOptions(['--data', '/d', '--email', 'nobody'])).toThrow(/mail address/)
  })

  test('an address loses its last slash, a mail address its capitals', () => {
    const options = readOptions([
      '--data',
      '/d',
      '--url',
      'https://security.example.org/',
      '--email',
      'Ann@Example.org',
    ])
    expect(options).toMatchObject({ url: 'https://security.example.org', email: 'ann@example.org', port: 3000 })
  })
})
