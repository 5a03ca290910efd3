import { randomBytes } from 'node:crypto'
import { type Clock, systemClock } from '../../core/clock'
import { insertSession } from '../../db/doors'
import type { AppDb } from '../../db/pool'

type Given = { db: AppDb; clock?: Clock; userId: string; host: string; userAgent?: string | null; lifeMs: number }

const USER_AGENT_MAX = 400

/** Opens a session that is good on one host; its id is all that a token holds. */
export async function createSession({
  db,
  clock = systemClock,
  userId,
  host,
  userAgent = null,
  lifeMs,
}: Given): Promise<string> {
  const id = randomBytes(32).toString('base64url')
  const nowMs = clock.now()
  const named = userAgent?.slice(0, USER_AGENT_MAX) ?? null
  await insertSession(db, { id, userId, host, userAgent: named, nowMs, expiresMs: nowMs + lifeMs })
  return id
}
