import { encode } from 'uqr'
import { systemClock } from '../../core/clock'
import { ConflictError, ValidationError } from '../../core/errors'
import {
  beginSecondFactor as beginRow,
  confirmSecondFactorRow,
  findSecondFactor,
  removeSecondFactor,
  replaceRecoveryCodes,
} from '../../db/second-factor-doors'
import { defaultBrand } from '../../tenancy/brand'
import { type Holder, proveByPassword, requireProof, secretPlace, stepTyped } from './prove'
import { hashRecoveryCode, newRecoveryCodes } from './recovery-codes'
import { newTotpSecret, totpUri } from './totp'

export type SecondFactor = {
  isOn: boolean
  sinceMs: number | null
  codesLeft: number
  /** Whether the account has a password to prove oneself by. */
  hasPassword: boolean
}

export async function getSecondFactor({ db, userId }: Pick<Holder, 'db' | 'userId'>): Promise<SecondFactor> {
  const kept = await findSecondFactor(db, userId)
  return {
    isOn: kept?.confirmedAt != null,
    sinceMs: kept?.confirmedAt?.getTime() ?? null,
    codesLeft: kept?.codesLeft ?? 0,
    hasPassword: kept?.hasPassword ?? false,
  }
}

/** What an authenticator needs: the secret as text and as a picture of squares. */
export type SetUp = { secret: string; qr: { size: number; path: string } }

/** Makes a new secret; nothing is asked for until a code proved that it arrived. @throws ValidationError, ConflictError */
export async function beginSecondFactor(holder: Holder, password: string): Promise<SetUp> {
  const { db, sealer, clock = systemClock, userId, email } = holder
  const { isOn, hasPassword } = await getSecondFactor(holder)
  if (isOn) throw new ConflictError('A second factor is set up already. Switch it off before you set up another.')
  if (hasPassword && !(await proveByPassword(holder, password)))
    throw new ValidationError('This is not your password. Check it and try again.', 'password')
  const secret = newTotpSecret()
  const sealed = sealer().seal(secret, secretPlace(userId))
  if (!(await beginRow(db, { userId, secret: sealed, nowMs: clock.now() })))
    throw new ConflictError('A second factor was set up just now, elsewhere. Load the page again.')
  return { secret, qr: qrOf(totpUri(secret, { account: email, issuer: defaultBrand().productName })) }
}

/** Squares of a QR code as one path, a unit each. */
function qrOf(text: string): SetUp['qr'] {
  const { size, data } = encode(text, { ecc: 'M', border: 2 })
  const path = data.flatMap((row, y) => row.flatMap((isDark, x) => (isDark ? [`M${x} ${y}h1v1h-1z`] : []))).join('')
  return { size, path }
}

/** Proves that the authenticator has the secret; from now on signing in asks for its codes. Gives recovery codes, this once. */
export async function confirmSecondFactor(holder: Holder, typed: string): Promise<string[]> {
  const { db, clock = systemClock, userId } = holder
  const step = await stepTyped(holder, typed.replace(/\s/g, ''), false)
  if (step === null)
    throw new ValidationError(
      'This code does not fit. Check that the clock of your phone is right, and type the newest one.',
      'code',
    )
  const { codes, hashes } = await makeCodes(userId)
  if (await confirmSecondFactorRow(db, { userId, step, hashes, nowMs: clock.now() })) return codes
  throw new ConflictError('A second factor was set up just now, elsewhere. Load the page again.')
}

/** Ten new ones; those before are good no more. */
export async function renewRecoveryCodes(holder: Holder, proof: string): Promise<string[]> {
  const { db, clock = systemClock, userId } = holder
  await requireProof(holder, proof)
  const { codes, hashes } = await makeCodes(userId)
  if (await replaceRecoveryCodes(db, { userId, hashes, nowMs: clock.now() })) return codes
  throw new ConflictError('No second factor is set up. Set one up first.')
}

export async function disableSecondFactor(holder: Holder, proof: string): Promise<void> {
  const { db, clock = systemClock, userId } = holder
  await requireProof(holder, proof)
  if (await removeSecondFactor(db, userId, clock.now())) return
  throw new ConflictError('No second factor is set up. It may have been switched off elsewhere.')
}

async function makeCodes(userId: string): Promise<{ codes: string[]; hashes: string[] }> {
  const codes = newRecoveryCodes()
  return { codes, hashes: await Promise.all(codes.map((code) => hashRecoveryCode(userId, code))) }
}
