import { type Clock, systemClock } from '../../core/clock'
import { endSession } from '../../db/doors'
import type { AppDb } from '../../db/pool'

/** Ends a session at once; false when it had ended before. */
export const revokeSession = ({
  db,
  clock = systemClock,
  id,
}: {
  db: AppDb
  clock?: Clock
  id: string
}): Promise<boolean> => endSession(db, id, clock.now())
