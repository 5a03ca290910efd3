import { randomBytes } from 'node:crypto'
import { type Clock, systemClock } from '../../core/clock'
import { insertSession } from '../../db/doors'
import type { AppDb } from '../../db/pool'

type Given = {
  db: AppDb
  clock?: Clock
  userId: string
  host: string
  userAgent?: string | null
  /** Workspace whose issuer opens it: good there alone. */
  boundTo?: string | null
  lifeMs: number
}

const USER_AGENT_MAX = 400

/** 256 random bits: all that a token holds of a session. */
export const newSessionId = (): string => randomBytes(32).toString('base64url')

/** Opens a session that is good on one host. It is pending, and opens nothing, where its user has a second factor. */
export async function createSession({
  db,
  clock = systemClock,
  userId,
  host,
  userAgent = null,
  boundTo = null,
  lifeMs,
}: Given): Promise<string> {
  const id = newSessionId()
  const nowMs = clock.now()
  const named = userAgent?.slice(0, USER_AGENT_MAX) ?? null
  await insertSession(db, { id, userId, host, userAgent: named, boundTo, nowMs, expiresMs: nowMs + lifeMs })
  return id
}
