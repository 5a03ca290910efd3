import { headers } from 'next/headers'
import { cache } from 'react'
import { hostOf } from './host-of'
import { web } from './instances'
import { createSessionReader, type Session } from './session-reader'

/** Who makes this request: looked up once a request, never trusted from the cookie alone. */
export const getSession = cache(async (): Promise<Session | null> => {
  const given = await headers()
  const { db, secret } = web()
  return createSessionReader({ db, secret }).read(given.get('cookie') ?? '', hostOf(given))
})
