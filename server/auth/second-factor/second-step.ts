import type { Sealer } from '../../core/seal'
import type { AppDb } from '../../db/pool'
import { completeSession, getPendingSession } from '../../services/sessions/pass'
import { SESSION_AGE_S, sessionIdOf } from '../session-cookie'
import { proveByCode } from './prove'

type Given = {
  db: AppDb
  sealer: () => Sealer
  secret: string
  cookie: string
  host: string
  address: string
  code: string
}

/** What the second step came to: the id of a whole session, or why there is none. */
export type SecondStep = { sessionId: string } | 'wrong' | 'gone'

/** Turns the pending session of a Cookie header into a whole one for the right code. @throws LimitExceededError */
export async function openSecondStep({ db, sealer, secret, cookie, host, address, code }: Given): Promise<SecondStep> {
  const pendingId = await sessionIdOf(cookie, secret)
  const pending = pendingId === null ? null : await getPendingSession({ db, id: pendingId })
  if (pendingId === null || pending?.host !== host) return 'gone'
  const { userId, email } = pending
  if (!(await proveByCode({ db, sealer, userId, email, address }, code))) return 'wrong'
  const sessionId = await completeSession({ db, pendingId, lifeMs: SESSION_AGE_S * 1_000 })
  return sessionId === null ? 'gone' : { sessionId }
}
