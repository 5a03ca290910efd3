import { z } from 'zod'
import { LimitExceededError } from '../core/errors'
import type { Sealer } from '../core/seal'
import type { AppDb } from '../db/pool'
import { beginSignUp } from '../services/accounts/begin-sign-up'
import { Email, PersonName, WorkspaceName } from '../services/accounts/fields'
import { sendSignInLink } from '../services/accounts/send-sign-in-link'
import { parseInput } from '../services/context'
import { createAttemptLimit } from './attempt-limit'
import { hashPassword } from './password'
import { requireGoodPassword } from './password-rules'

/** Where a request comes from and where links lead. */
export type Visitor = { db: AppDb; sealer: () => Sealer; origin: string; address: string; rangeUrl: string }

const HOUR_MS = 3_600_000
const signUps = createAttemptLimit({ failuresMax: 10, windowMs: HOUR_MS, keysMax: 10_000 })
const linksPerAddress = createAttemptLimit({ failuresMax: 20, windowMs: HOUR_MS, keysMax: 10_000 })
const linksPerAccount = createAttemptLimit({ failuresMax: 5, windowMs: HOUR_MS, keysMax: 10_000 })

function spend(limit: ReturnType<typeof createAttemptLimit>, key: string): void {
  if (limit.isSpent(key))
    throw new LimitExceededError('Too many mails were asked for from here. Wait an hour, then try again.')
  limit.fail(key)
}

const SignUp = z.object({ email: Email, name: PersonName, workspaceName: WorkspaceName, password: z.string() })

/** Begins to sign up: mails the link that proves the address. @throws ValidationError, LimitExceededError */
export async function signUp(visitor: Visitor, given: unknown): Promise<void> {
  const { password, ...input } = parseInput(SignUp, given)
  const about = [input.email.split('@')[0] as string, input.name, input.workspaceName]
  await requireGoodPassword({ password, about, rangeUrl: visitor.rangeUrl })
  spend(signUps, visitor.address)
  const passwordHash = await hashPassword(password)
  const { db, sealer, origin } = visitor
  await beginSignUp({ db, sealer: sealer(), origin, input: { ...input, passwordHash } })
}

const LinkRequest = z.object({ email: Email })

/** Mails a link that signs in, if the address has an account. @throws ValidationError, LimitExceededError */
export async function requestSignInLink(visitor: Visitor, given: unknown): Promise<void> {
  const input = parseInput(LinkRequest, given)
  spend(linksPerAddress, visitor.address)
  spend(linksPerAccount, input.email)
  const { db, sealer, origin } = visitor
  await sendSignInLink({ db, sealer: sealer(), origin, input })
}
