import { type Clock, systemClock } from '../../core/clock'
import { findPendingSession, type PendingSession, passSession } from '../../db/doors'
import type { AppDb } from '../../db/pool'
import { newSessionId } from './create'

/** Whom a pending session is about; null when it is none, or good no more. */
export const getPendingSession = ({
  db,
  clock = systemClock,
  id,
}: {
  db: AppDb
  clock?: Clock
  id: string
}): Promise<PendingSession | null> => findPendingSession(db, id, clock.now())

/** Trades a pending session for a whole one with a new id, once; null when it is good no more. */
export async function completeSession({
  db,
  clock = systemClock,
  pendingId,
  lifeMs,
}: {
  db: AppDb
  clock?: Clock
  pendingId: string
  lifeMs: number
}): Promise<string | null> {
  const id = newSessionId()
  const nowMs = clock.now()
  return (await passSession(db, { pendingId, id, nowMs, expiresMs: nowMs + lifeMs })) ? id : null
}
