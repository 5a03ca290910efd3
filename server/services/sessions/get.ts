import { type Clock, systemClock } from '../../core/clock'
import { findLiveSession, type LiveSession } from '../../db/doors'
import type { AppDb } from '../../db/pool'

/** The session while it lives; null once it is revoked or past its time. */
export const getSession = ({
  db,
  clock = systemClock,
  id,
}: {
  db: AppDb
  clock?: Clock
  id: string
}): Promise<LiveSession | null> => findLiveSession(db, id, clock.now())
