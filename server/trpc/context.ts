import { type Web, web } from '../auth/instances'
import { getSession } from '../auth/session'

/** What every procedure has: the way to the database and who asks, if anybody. */
export type Context = Pick<Web, 'db' | 'log'> & { session: Awaited<ReturnType<typeof getSession>> }

export async function createContext(): Promise<Context> {
  const { db, log } = web()
  return { db, log, session: await getSession() }
}
