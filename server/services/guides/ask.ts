import { z } from 'zod'
import { type Clock, systemClock } from '../../core/clock'
import { newId } from '../../core/ids'
import type { Sealer } from '../../core/seal'
import { DAY_MS } from '../../core/units'
import { throughDoors } from '../../db/account-doors'
import type { AppDb } from '../../db/pool'
import { createGuideRow } from '../../db/visitor-doors'
import { Email } from '../accounts/fields'
import { writeAccountMail } from '../accounts/mail'
import { hashOf, newToken } from '../accounts/token'
import { parseInput } from '../context'

export const GuideInput = z.object({ email: Email })

type Given = { db: AppDb; sealer: Sealer; clock?: Clock; origin: string; input: z.input<typeof GuideInput> }

/** Mails a link to the implementation guide: one mail, and none after it. The newest link replaces those that wait. */
export async function askForGuide({ db, sealer, clock = systemClock, origin, input }: Given): Promise<void> {
  const { email } = parseInput(GuideInput, input)
  const token = newToken()
  const nowMs = clock.now()
  await throughDoors(db, async (client) => {
    await createGuideRow(client, { id: newId(), email, tokenHash: hashOf(token), nowMs, expiresMs: nowMs + DAY_MS })
    const content = { kind: 'guide', link: `${origin}/guide/open?token=${token}` } as const
    await writeAccountMail(client, sealer, { recipient: email, content, nowMs })
  })
}
