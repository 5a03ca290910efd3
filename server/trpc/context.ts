import { headers } from 'next/headers'
import { originOf } from '../auth/host-of'
import { type Web, web } from '../auth/instances'
import { getSession } from '../auth/session'

/** What every procedure has: the way to the database and who asks, if anybody. */
export type Context = Pick<Web, 'db' | 'env' | 'log'> & {
  session: Awaited<ReturnType<typeof getSession>>
  /** Address that the browser sees, e.g. https://security.example.org */
  origin: string
}

export async function createContext(): Promise<Context> {
  const { db, env, log } = web()
  return { db, env, log, session: await getSession(), origin: originOf(await headers(), env.PUBLIC_URL) }
}
