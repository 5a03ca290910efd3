import { headers } from 'next/headers'
import { addressOf, originOf } from '../auth/host-of'
import { type Web, web } from '../auth/instances'
import { getSession } from '../auth/session'
import { UnavailableError } from '../core/errors'
import type { SharedReading } from '../services/context'
import type { Membership } from '../services/members/get-for-user'

/** What every procedure has: the way to the database and who asks, if anybody. */
export type Context = Pick<Web, 'db' | 'env' | 'log' | 'sealer' | 'issuerFetch'> & {
  session: Awaited<ReturnType<typeof getSession>>
  /** Address that the browser sees, e.g. https://security.example.org */
  origin: string
  /** Network address of who asks. */
  address: string
  /** Read once a request, by slug: every procedure of a page asks for the same. */
  memberships?: Map<string, Promise<Membership>>
  /** One a request and workspace, by its id. */
  readings?: Map<string, SharedReading>
}

export async function createContext(): Promise<Context> {
  const { db, env, log, sealer, issuerFetch } = web()
  const given = await headers()
  const origin = originOf(given, env.PUBLIC_URL)
  return {
    db,
    env,
    log,
    sealer,
    issuerFetch,
    session: await getSession(),
    origin,
    address: addressOf(given),
    memberships: new Map(),
    readings: new Map(),
  }
}

/** Whether mail with links goes out from here. */
export const sendsMail = ({ env }: Pick<Context, 'env'>): boolean => env.SMTP_URL !== '' && env.PUBLIC_URL !== ''

/**
 * Where links of mails lead: never where a forged Host header says.
 * @throws UnavailableError where mail would wait for ever
 */
export function mailOrigin({ env }: Pick<Context, 'env'>): string {
  if (!sendsMail({ env }))
    throw new UnavailableError(
      'This platform sends no mail yet. Its owner sets SMTP_URL, MAIL_FROM and PUBLIC_URL; then try again.',
    )
  return env.PUBLIC_URL
}
