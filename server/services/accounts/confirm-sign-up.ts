import { type Clock, systemClock } from '../../core/clock'
import { newId } from '../../core/ids'
import { confirmSignUpRow, type Entrance, throughDoors } from '../../db/account-doors'
import type { AppDb } from '../../db/pool'
import { hashOf } from './token'

/**
 * Makes account, workspace and its owner of a proved address. Null when the link is good no more: used, past its day, or the
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
  return throughDoors(db, (client) => confirmSignUpRow(client, { tokenHash: hashOf(token), nowMs: clock.now(), ids }))
}
