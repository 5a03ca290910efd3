import { z } from 'zod'
import { ConflictError, ValidationError } from '../core/errors'
import type { AppDb } from '../db/pool'
import { confirmSignUp } from '../services/accounts/confirm-sign-up'
import { consumeSignInLink } from '../services/accounts/use-sign-in-link'
import { acceptInvite, getInvite } from '../services/invites/accept'
import { createSession } from '../services/sessions/create'
import { hashPassword } from './password'
import { requireGoodPassword } from './password-rules'
import { SESSION_AGE_S } from './session-cookie'

const Link = z.object({
  kind: z.enum(['confirm', 'sign_in', 'invite']),
  token: z.string().min(1).max(200),
  name: z.string().optional(),
  password: z.string().optional(),
})

type Given = { db: AppDb; link: unknown; host: string; userAgent?: string | null; rangeUrl: string }

/**
 * Opens a session for whoever holds a link that was mailed: it proves the address. Gives back the session's id; null when the link is
 * good no more. @throws ValidationError when a new account's name or password will not do
 */
export async function openByLink({ db, link, host, userAgent, rangeUrl }: Given): Promise<string | null> {
  const parsed = Link.safeParse(link)
  if (!parsed.success) return null
  const userId = await userOf(db, parsed.data, rangeUrl)
  return userId === null ? null : createSession({ db, userId, host, userAgent, lifeMs: SESSION_AGE_S * 1_000 })
}

async function userOf(db: AppDb, { kind, token, name, password }: z.output<typeof Link>, rangeUrl: string) {
  if (kind === 'confirm') return (await confirmSignUp({ db, token }))?.userId ?? null
  if (kind === 'sign_in') return consumeSignInLink({ db, token })
  const invite = await getInvite({ db, token })
  if (!invite?.isGood) return null
  const input = invite.hasAccount ? null : await newAccount(invite.email, name, password, rangeUrl)
  return acceptInvite({ db, token, input }).then(
    (entrance) => entrance.userId,
    (error: unknown) => {
      if (error instanceof ConflictError) return null
      throw error
    },
  )
}

async function newAccount(email: string, name: string | undefined, password: string | undefined, rangeUrl: string) {
  if (!name || !password) throw new ValidationError('A new account needs a name and a password.', 'name')
  await requireGoodPassword({ password, about: [email.split('@')[0] as string, name], rangeUrl })
  return { name, passwordHash: await hashPassword(password) }
}
