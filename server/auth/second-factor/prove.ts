import { type Clock, systemClock } from '../../core/clock'
import { LimitExceededError, ValidationError } from '../../core/errors'
import type { Sealer } from '../../core/seal'
import { findUserForSignIn } from '../../db/doors'
import type { AppDb } from '../../db/pool'
import { passSecondFactor, spendRecoveryCode, trySecondFactor } from '../../db/second-factor-doors'
import { createAttemptLimit } from '../attempt-limit'
import { verifyPassword } from '../password'
import { hashRecoveryCode, plainRecoveryCode } from './recovery-codes'
import { stepOfCode } from './totp'

/** Whose second factor it is, and the way to it. `address`: where the request comes from. */
export type Holder = {
  db: AppDb
  sealer: () => Sealer
  clock?: Clock
  userId: string
  email: string
  address: string
}

/** Where a secret is kept: see `Sealer`. */
export const secretPlace = (userId: string): string => `second_factor/${userId}`

const QUARTER_MS = 15 * 60_000
// By account and address, so that a stranger who guesses locks nobody out: this way in stays when the other is spent.
const recoveries = createAttemptLimit({ failuresMax: 10, windowMs: QUARTER_MS, keysMax: 10_000 })
const passwords = createAttemptLimit({ failuresMax: 8, windowMs: QUARTER_MS, keysMax: 10_000 })

/** True for the right code of the moment, once, or for a recovery code not used yet, which is used up. @throws LimitExceededError */
export async function proveByCode(holder: Holder, typed: string): Promise<boolean> {
  const digits = typed.replace(/\s/g, '')
  if (/^\d{6}$/.test(digits)) return proveByTotp(holder, digits)
  const code = plainRecoveryCode(typed)
  return code === null ? false : proveByRecoveryCode(holder, code)
}

async function proveByTotp(holder: Holder, code: string): Promise<boolean> {
  const step = await stepTyped(holder, code, true)
  return step !== null && passSecondFactor(holder.db, holder.userId, step)
}

/** Step of the code that was typed; null when it is wrong, or nothing is set up. Counts as a try. @throws LimitExceededError */
export async function stepTyped(holder: Holder, code: string, isConfirmed: boolean): Promise<number | null> {
  const { db, sealer, clock = systemClock, userId } = holder
  const nowMs = clock.now()
  const tried = await trySecondFactor(db, { userId, isConfirmed, nowMs })
  if (tried === null) return null
  if (tried.isSpent)
    throw new LimitExceededError('Too many wrong codes. Wait a quarter of an hour, or use one of your recovery codes.')
  return stepOfCode(sealer().open(tried.secret, secretPlace(userId)) as string, code, nowMs)
}

async function proveByRecoveryCode(holder: Holder, code: string): Promise<boolean> {
  const { db, clock = systemClock, userId, address } = holder
  const key = `${userId} ${address}`
  if (recoveries.isSpent(key))
    throw new LimitExceededError('Too many wrong recovery codes. Wait a quarter of an hour, then try again.')
  const hash = await hashRecoveryCode(userId, code)
  const isGood = await spendRecoveryCode(db, { userId, hash, nowMs: clock.now() })
  if (!isGood) recoveries.fail(key)
  return isGood
}

/** True for the password of the account. @throws LimitExceededError */
export async function proveByPassword({ db, email, address }: Holder, password: string): Promise<boolean> {
  const key = `${email} ${address}`
  if (passwords.isSpent(key)) throw new LimitExceededError('Too many wrong passwords. Wait a quarter of an hour.')
  const user = await findUserForSignIn(db, email)
  const isRight = await verifyPassword(password, user?.passwordHash ?? null)
  if (!isRight) passwords.fail(key)
  return isRight
}

/** Changing what signs somebody in asks again who it is (ASVS 7.5.1). @throws ValidationError */
export async function requireProof(holder: Holder, typed: string): Promise<void> {
  if (await proveByCode(holder, typed)) return
  if (typed !== '' && (await proveByPassword(holder, typed))) return
  throw new ValidationError('This is neither your password nor a good code. Check it and try again.', 'proof')
}
