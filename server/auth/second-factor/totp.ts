import { Secret, TOTP } from 'otpauth'

const PERIOD_S = 30
/** Clocks of phones differ: the step before and the step after are good as well. */
const STEPS_OFF_MAX = 1

/** 160 random bits, base32, as authenticators take them. */
export const newTotpSecret = (): string => new Secret({ size: 20 }).base32

const totpOf = (secret: string, label = '', issuer = ''): TOTP =>
  new TOTP({
    secret: Secret.fromBase32(secret),
    label,
    issuer,
    algorithm: 'SHA1',
    digits: 6,
    period: PERIOD_S,
  })

/** What the QR code holds. */
export const totpUri = (secret: string, { account, issuer }: { account: string; issuer: string }): string =>
  totpOf(secret, account, issuer).toString()

/** The step (RFC 6238) whose code this is; null when it is none of the three around now. */
export function stepOfCode(secret: string, code: string, nowMs: number): number | null {
  const delta = totpOf(secret).validate({ token: code, timestamp: nowMs, window: STEPS_OFF_MAX })
  return delta === null ? null : Math.floor(nowMs / 1_000 / PERIOD_S) + delta
}
