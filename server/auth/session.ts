import { headers } from 'next/headers'
import { cache } from 'react'
import type { PendingSession } from '../db/doors'
import { getPendingSession as readPendingSession } from '../services/sessions/pass'
import { hostOf } from './host-of'
import { web } from './instances'
import { sessionIdOf } from './session-cookie'
import { createSessionReader, type Session } from './session-reader'

/** Who makes this request: looked up once a request, never trusted from the cookie alone. */
export const getSession = cache(async (): Promise<Session | null> => {
  const given = await headers()
  const { db, secret } = web()
  return createSessionReader({ db, secret }).read(given.get('cookie') ?? '', hostOf(given))
})

/** Who did the first step of signing in on this host and owes the second; null when nobody does. */
export const getPendingSession = cache(async (): Promise<PendingSession | null> => {
  const given = await headers()
  const { db, secret } = web()
  const id = await sessionIdOf(given.get('cookie') ?? '', secret)
  const pending = id === null ? null : await readPendingSession({ db, id })
  return pending?.host === hostOf(given) ? pending : null
})
