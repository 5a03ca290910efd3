import { describe, expect, it } from 'vitest'
import { parseNetwork } from './networks'

describe('networks', () => {
  it.each([
    ['203.0.113.77/24', '203.0.113.0/24'],
    [' 203.0.113.7 ', '203.0.113.7/32'],
    ['0.0.0.0/0', '0.0.0.0/0'],
    ['255.255.255.255', '255.255.255.255/32'],
    ['2001:DB8:0:0:1:0:0:1', '2001:db8::1:0:0:1/128'],
    ['2001:db8:ffff::/33', '2001:db8:8000::/33'],
    ['::/0', '::/0'],
    ['::1', '::1/128'],
    ['1:2:3:4:5:6:7:8', '1:2:3:4:5:6:7:8/128'],
    ['fe80::', 'fe80::/128'],
  ])('%s has one spelling: %s', (given, text) => {
    expect(parseNetwork(given).text).toBe(text)
  })

  it.each([
    '',
    '/',
    '10.0.0.0/33',
    '10.0.0/8',
    '010.0.0.1',
    '256.0.0.1',
    '10.0.0.0/-1',
    '10.0.0.0/8/8',
    '10.0.0.0/ 8',
    '::1::',
    ':::',
    '1:2:3:4:5:6:7:8::',
    '2001:db8::/129',
    'fe80::1%eth0',
    '::ffff:10.0.0.1',
    '0.0.0.0 } drop',
    '<script>',
  ])('%j is refused, with the text in the sentence', (given) => {
    expect(() => parseNetwork(given)).toThrow(expect.objectContaining({ code: 'validation', field: 'friends' }))
  })
})
