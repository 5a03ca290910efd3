import type { Clock } from '../core/clock'
import type { Sealer } from '../core/seal'
import { MINUTE_MS } from '../core/units'
import { claimAccountMail, recordAccountMail } from '../db/account-doors'
import { AccountMailContent, accountMailPlace } from '../services/accounts/mail'
import type { TestDatabase } from './database'

/** Mail about accounts that waits, opened; each is taken as sent. */
export async function takeMails(
  db: TestDatabase,
  sealer: Sealer,
  clock: Clock,
): Promise<{ to: string; content: AccountMailContent }[]> {
  const claimed = await claimAccountMail(db.engine, { limit: 20, nowMs: clock.now(), leaseMs: MINUTE_MS })
  for (const { id } of claimed)
    await recordAccountMail(db.engine, { id, state: 'sent', nextMs: null, nowMs: clock.now(), error: null })
  return claimed.map(({ id, recipient, content }) => ({
    to: recipient,
    content: AccountMailContent.parse(sealer.open(content, accountMailPlace(id))),
  }))
}
