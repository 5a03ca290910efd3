import { createHash } from 'node:crypto'
import { type Clock, systemClock } from '../../core/clock'
import { findSessions, type ListedSession } from '../../db/doors'
import type { AppDb } from '../../db/pool'

/** What people name a session by: its id stays inside its cookie. */
export const handleOf = (sessionId: string): string => createHash('sha256').update(sessionId).digest('hex').slice(0, 24)

export type OwnSession = ListedSession & { isThis: boolean }

/** Where a person is signed in, the session used last first. */
export async function listSessions({
  db,
  clock = systemClock,
  userId,
  boundTo,
  sessionId,
}: {
  db: AppDb
  clock?: Clock
  userId: string
  boundTo: string | null
  /** The one that asks. */
  sessionId: string
}): Promise<OwnSession[]> {
  const own = handleOf(sessionId)
  return (await findSessions(db, { userId, boundTo }, clock.now())).map((one) => ({
    ...one,
    isThis: one.handle === own,
  }))
}
