import { decode, encode } from 'next-auth/jwt'
import { z } from 'zod'

/** What one try to sign in at an issuer remembers until the browser comes back. */
export const Attempt = z.object({
  slug: z.string(),
  issuer: z.string(),
  state: z.string(),
  nonce: z.string(),
  verifier: z.string(),
  /** Path to open afterwards. */
  to: z.string(),
})
export type Attempt = z.infer<typeof Attempt>

const LIFE_S = 600
// Never taken for a session: another salt, another key.
const SALT = 'sso attempt'

export const attemptCookieName = (isSecure: boolean): string => (isSecure ? '__Host-sso' : 'sso')

export const sealAttempt = (attempt: Attempt, secret: string): Promise<string> =>
  encode({ token: attempt, secret, salt: SALT, maxAge: LIFE_S })

/** Null when it is none, past its ten minutes, or not ours. */
export async function openAttempt(token: string | null, secret: string): Promise<Attempt | null> {
  if (token === null) return null
  const claims = await decode({ token, secret, salt: SALT }).catch(() => null)
  return Attempt.safeParse(claims).data ?? null
}

/** Sent back with the redirect; `value` empty takes the cookie away. */
export const attemptCookie = (value: string, isSecure: boolean): string =>
  [
    `${attemptCookieName(isSecure)}=${value}`,
    'Path=/',
    `Max-Age=${value === '' ? 0 : LIFE_S}`,
    'HttpOnly',
    'SameSite=Lax',
    ...(isSecure ? ['Secure'] : []),
  ].join('; ')
