import { z } from 'zod'
import { type Clock, systemClock } from '../../core/clock'
import { newId } from '../../core/ids'
import type { Sealer } from '../../core/seal'
import { MINUTE_MS } from '../../core/units'
import { createSignInLinkRow, throughDoors } from '../../db/account-doors'
import type { AppDb } from '../../db/pool'
import { parseInput } from '../context'
import { Email } from './fields'
import { writeAccountMail } from './mail'
import { hashOf, newToken } from './token'

const Input = z.object({ email: Email })

/** A link out of band is good for ten minutes at most (ASVS 6.5.5). */
const LINK_MS = 10 * MINUTE_MS

type Given = { db: AppDb; sealer: Sealer; clock?: Clock; origin: string; input: z.input<typeof Input> }

/** Mails a link that signs in once. Who has no account gets no mail, and the caller cannot tell. */
export async function sendSignInLink({ db, sealer, clock = systemClock, origin, input }: Given): Promise<void> {
  const { email } = parseInput(Input, input)
  const token = newToken()
  const nowMs = clock.now()
  const row = { id: newId(), email, tokenHash: hashOf(token), nowMs, expiresMs: nowMs + LINK_MS }
  await throughDoors(db, async (client) => {
    if (!(await createSignInLinkRow(client, row))) return
    const content = { kind: 'sign_in', link: `${origin}/sign-in/link?token=${token}` } as const
    await writeAccountMail(client, sealer, { recipient: email, content, nowMs })
  })
}
