import { encode } from 'uqr'
import { systemClock } from '../../core/clock'
import { ConflictError, ValidationError } from '../../core/errors'
import { throughDoors } from '../../db/account-doors'
import {
  beginSecondFactor as beginRow,
  confirmSecondFactorRow,
  findSecondFactor,
  removeSecondFactor,
  replaceRecoveryCodes,
} from '../../db/second-factor-doors'
import { writeAccountMail } from '../../services/accounts/mail'
import { defaultBrand } from '../../tenancy/brand'
import { type Holder, proveByPassword, requireProof, secretPlace, stepTyped } from './prove'
import { hashRecoveryCode, newRecoveryCodes } from './recovery-codes'
import { newTotpSecret, totpUri } from './totp'

/** `origin`: where links of mails lead; null where no mail goes out. */
export type MailedHolder = Holder & { origin: string | null }

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
export async function confirmSecondFactor(holder: MailedHolder, typed: string): Promise<string[]> {
  const { clock = systemClock, userId } = holder
  const step = await stepTyped(holder, typed.replace(/\s/g, ''), false)
  if (step === null)
    throw new ValidationError(
      'This code does not fit. Check that the clock of your phone is right, and type the newest one.',
      'code',
    )
  const { codes, hashes } = await makeCodes(userId)
  const row = { userId, step, hashes, nowMs: clock.now() }
  if (await change(holder, 'on', (client) => confirmSecondFactorRow(client, row))) return codes
  throw new ConflictError('A second factor was set up just now, elsewhere. Load the page again.')
}

/** Ten new ones; those before are good no more. */
export async function renewRecoveryCodes(holder: MailedHolder, proof: string): Promise<string[]> {
  const { clock = systemClock, userId } = holder
  await requireProof(holder, proof)
  const { codes, hashes } = await makeCodes(userId)
  const row = { userId, hashes, nowMs: clock.now() }
  if (await change(holder, 'codes', (client) => replaceRecoveryCodes(client, row))) return codes
  throw new ConflictError('No second factor is set up. Set one up first.')
}

export async function disableSecondFactor(holder: MailedHolder, proof: string): Promise<void> {
  const { clock = systemClock, userId } = holder
  await requireProof(holder, proof)
  if (await change(holder, 'off', (client) => removeSecondFactor(client, userId, clock.now()))) return
  throw new ConflictError('No second factor is set up. It may have been switched off elsewhere.')
}

/** Changes it and tells the person by mail, both or neither: somebody else may have done it. */
function change(
  { db, sealer, clock = systemClock, email, origin }: MailedHolder,
  what: 'on' | 'off' | 'codes',
  work: (client: Parameters<typeof removeSecondFactor>[0]) => Promise<boolean>,
): Promise<boolean> {
  return throughDoors(db, async (client) => {
    if (!(await work(client))) return false
    const content = { kind: 'second_factor', what, link: `${origin}/sign-in` } as const
    if (origin !== null) await writeAccountMail(client, sealer(), { recipient: email, content, nowMs: clock.now() })
    return true
  })
}

async function makeCodes(userId: string): Promise<{ codes: string[]; hashes: string[] }> {
  const codes = newRecoveryCodes()
  return { codes, hashes: await Promise.all(codes.map((code) => hashRecoveryCode(userId, code))) }
}
