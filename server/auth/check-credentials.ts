import { z } from 'zod'
import { LimitExceededError, UnavailableError } from '../core/errors'
import { findUserForSignIn, type SignInUser } from '../db/doors'
import type { AppDb } from '../db/pool'
import { createSession } from '../services/sessions/create'
import { createAttemptLimit } from './attempt-limit'
import { verifyPassword } from './password'
import { SESSION_AGE_S } from './session-cookie'

const Credentials = z.object({
  email: z.string().trim().toLowerCase().max(254).pipe(z.email()),
  password: z.string().min(1).max(1_024),
})

// Counted by account and address together, so that a stranger cannot lock a person out; the rest bounds guessing from many places.
const perPair = createAttemptLimit({ failuresMax: 8, windowMs: 60_000, keysMax: 10_000 })
const perAddress = createAttemptLimit({ failuresMax: 40, windowMs: 60_000, keysMax: 10_000 })
const perAccount = createAttemptLimit({ failuresMax: 200, windowMs: 60_000, keysMax: 10_000 })

type Given = { db: AppDb; credentials: unknown; host: string; address: string; userAgent?: string | null }

/** Opens a session for the right password; null for a wrong one. Gives back the id of the session. */
export async function openSession({ db, credentials, host, address, userAgent }: Given): Promise<string | null> {
  const parsed = Credentials.safeParse(credentials)
  if (!parsed.success) return null
  const account = parsed.data.email
  const counted = [
    { limit: perPair, key: `${account} ${address}` },
    { limit: perAddress, key: address },
    { limit: perAccount, key: account },
  ]
  if (counted.some(({ limit, key }) => limit.isSpent(key))) {
    throw new LimitExceededError('Too many failed sign-ins. Wait a minute, then try again.')
  }
  const user = await findUser(db, account)
  if (!(await verifyPassword(parsed.data.password, user?.passwordHash ?? null)) || !user) {
    for (const { limit, key } of counted) limit.fail(key)
    return null
  }
  perPair.clear(`${account} ${address}`)
  return createSession({ db, userId: user.id, host, userAgent, lifeMs: SESSION_AGE_S * 1_000 })
}

async function findUser(db: AppDb, email: string): Promise<SignInUser | null> {
  try {
    return await findUserForSignIn(db, email)
  } catch (cause) {
    throw new UnavailableError('Sign-in is not reachable right now. Try again in a moment.', { cause })
  }
}
