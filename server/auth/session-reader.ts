import { type Clock, systemClock } from '../core/clock'
import type { AppDb } from '../db/pool'
import { getSession } from '../services/sessions/get'
import { sessionIdOf } from './session-cookie'

export type Session = NonNullable<Awaited<ReturnType<typeof getSession>>>

export type SessionReader = {
  /** The live session of a Cookie header, or null. `host` is the one the browser asked for: a session is good there only. */
  read: (cookieHeader: string, host: string) => Promise<Session | null>
  /** True until the session is revoked or past its time. */
  isLive: (sessionId: string) => Promise<boolean>
}

type Options = { db: AppDb; secret: string; now?: () => number }

/** Looks every session up in the database, so that a revocation holds at once: for pages, procedures and sockets alike. */
export function createSessionReader({ db, secret, now = systemClock.now }: Options): SessionReader {
  const clock: Clock = { ...systemClock, now }
  return {
    read: async (cookieHeader, host) => {
      const id = await sessionIdOf(cookieHeader, secret)
      const session = id === null ? null : await getSession({ db, clock, id })
      return session?.host === host ? session : null
    },
    isLive: async (sessionId) => (await getSession({ db, clock, id: sessionId })) !== null,
  }
}
