import { type Clock, systemClock } from '../../core/clock'
import { newId } from '../../core/ids'
import { PRICES } from '../../core/prices'
import { DAY_MS } from '../../core/units'
import { confirmSignUpRow, type Entrance, throughDoors } from '../../db/account-doors'
import type { AppDb } from '../../db/pool'
import { hashOf } from './token'

/**
 * Makes account, workspace (its trial begins now) and its owner of a proved address. Null when the link is good no more: used, past its day, or the
 * address got an account meanwhile.
 */
export async function confirmSignUp({
  db,
  clock = systemClock,
  token,
}: {
  db: AppDb
  clock?: Clock
  token: string
}): Promise<Entrance | null> {
  const ids = { userId: newId(), workspaceId: newId(), memberId: newId(), grantId: newId(), auditId: newId() }
  const nowMs = clock.now()
  const trialEndsMs = nowMs + PRICES.trialDays * DAY_MS
  return throughDoors(db, (client) => confirmSignUpRow(client, { tokenHash: hashOf(token), nowMs, ids, trialEndsMs }))
}
