import { z } from 'zod'
import { type Clock, systemClock } from '../../core/clock'
import { newId } from '../../core/ids'
import type { Sealer } from '../../core/seal'
import { DAY_MS } from '../../core/units'
import { beginSignUpRow, throughDoors } from '../../db/account-doors'
import type { AppDb } from '../../db/pool'
import { parseInput } from '../context'
import { Email, PersonName, slugOf, WorkspaceName } from './fields'
import { writeAccountMail } from './mail'
import { hashOf, newToken } from './token'

const Input = z.object({
  email: Email,
  name: PersonName,
  workspaceName: WorkspaceName,
  passwordHash: z.string().min(1),
})

/** `origin`: where links of this mail lead. */
type Given = { db: AppDb; sealer: Sealer; clock?: Clock; origin: string; input: z.input<typeof Input> }

/**
 * Mails a link that proves the address and makes the account. Whoever has an account is told so by mail: this answer is the
 * same, or it would say who is here.
 */
export async function beginSignUp({ db, sealer, clock = systemClock, origin, input }: Given): Promise<void> {
  const { email, name, workspaceName, passwordHash } = parseInput(Input, input)
  const token = newToken()
  const nowMs = clock.now()
  const slug = slugOf(workspaceName)
  const row = { id: newId(), email, name, workspaceName, slug, passwordHash, tokenHash: hashOf(token), nowMs }
  await throughDoors(db, async (client) => {
    const isKnown = await beginSignUpRow(client, { ...row, expiresMs: nowMs + DAY_MS })
    const content = isKnown
      ? ({ kind: 'has_account', link: `${origin}/sign-in` } as const)
      : ({ kind: 'confirm_sign_up', name, workspaceName, link: `${origin}/confirm?token=${token}` } as const)
    await writeAccountMail(client, sealer, { recipient: email, content, nowMs })
  })
}
