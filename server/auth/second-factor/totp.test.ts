import { describe, expect, test } from 'vitest'
import { newTotpSecret, stepOfCode, totpUri } from './totp'

/** RFC 6238, appendix B: the ASCII secret 12345678901234567890, here in base32; its codes cut to six digits. */
const RFC_SECRET = 'GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ'

describe('time-based codes', () => {
  test.each([
    [59, '287082'],
    [1_111_111_109, '081804'],
    [1_111_111_111, '050471'],
    [1_234_567_890, '005924'],
    [2_000_000_000, '279037'],
    [20_000_000_000, '353130'],
  ])('at %i s the code of RFC 6238 is right, and names its step', (seconds, code) => {
    expect(stepOfCode(RFC_SECRET, code, seconds * 1_000)).toBe(Math.floor(seconds / 30))
  })

  test('the step before and the one after are good, two off are not', () => {
    const step = Math.floor(1_234_567_890 / 30)
    const at = (steps: number) => stepOfCode(RFC_SECRET, '005924', (1_234_567_890 + steps * 30) * 1_000)
    expect([at(-1), at(0), at(1)]).toEqual([step, step, step])
    expect([at(-2), at(2)]).toEqual([null, null])
  })

  test.each(['', '00592', '0059244', '005925', 'abcdef'])('%j is no code', (code) => {
    expect(stepOfCode(RFC_SECRET, code, 1_234_567_890_000)).toBeNull()
  })

  test('a new secret has 160 bits, and its address names product and account, whatever they hold', () => {
    const secret = newTotpSecret()
    expect(secret).toMatch(/^[A-Z2-7]{32}$/)
    expect(newTotpSecret()).not.toBe(secret)
    const uri = new URL(totpUri(secret, { account: 'ada+x@example.org', issuer: 'A & B: 世界' }))
    expect([uri.protocol, uri.host]).toEqual(['otpauth:', 'totp'])
    expect(uri.searchParams.get('secret')).toBe(secret)
    expect(uri.searchParams.get('issuer')).toBe('A & B: 世界')
  })
})
