import { z } from 'zod'
import { newId } from '../../core/ids'
import type { Sealer } from '../../core/seal'
import { queueAccountMail } from '../../db/account-doors'

/** What a mail about an account says; `link` lets somebody in. */
export const AccountMailContent = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('confirm_sign_up'), name: z.string(), workspaceName: z.string(), link: z.string() }),
  z.object({ kind: z.literal('has_account'), link: z.string() }),
  z.object({ kind: z.literal('sign_in'), link: z.string() }),
  z.object({
    kind: z.literal('invite'),
    workspaceName: z.string(),
    by: z.string(),
    role: z.string(),
    groupName: z.string().nullable(),
    link: z.string(),
  }),
  z.object({ kind: z.literal('second_factor'), what: z.enum(['on', 'off', 'codes']), link: z.string() }),
  z.object({ kind: z.literal('guide'), link: z.string() }),
  z.object({ kind: z.literal('booking_received'), link: z.string() }),
  z.object({
    kind: z.literal('booking_asked'),
    email: z.string(),
    name: z.string(),
    organisation: z.string(),
    runs: z.string(),
    servers: z.string(),
    preferredTime: z.string(),
    message: z.string(),
    link: z.string(),
  }),
])
export type AccountMailContent = z.infer<typeof AccountMailContent>

/** Where a mail's content is kept: see `Sealer`. */
export const accountMailPlace = (id: string): string => `account_mail/${id}`

type Client = Parameters<typeof queueAccountMail>[0]

/** Queues mail in the caller's transaction, its content sealed. */
export async function writeAccountMail(
  client: Client,
  sealer: Sealer,
  { recipient, content, nowMs }: { recipient: string; content: AccountMailContent; nowMs: number },
): Promise<void> {
  const id = newId()
  await queueAccountMail(client, { id, recipient, content: sealer.seal(content, accountMailPlace(id)), nowMs })
}
