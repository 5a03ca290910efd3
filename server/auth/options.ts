import type { NextAuthOptions } from 'next-auth'
import CredentialsProvider from 'next-auth/providers/credentials'
import { LimitExceededError, ValidationError } from '../core/errors'
import { revokeSession } from '../services/sessions/revoke'
import { openSession } from './check-credentials'
import { addressOf, hostOf, isSecureRequest } from './host-of'
import type { Web } from './instances'
import { openByLink } from './open-by-link'
import { openSecondStep } from './second-factor/second-step'
import { SESSION_AGE_S, sessionCookieName } from './session-cookie'

/** next-auth for one request. Its token carries a session id and nothing else. */
export function authOptions(
  headers: Headers,
  { db, env, secret, log, sealer }: Pick<Web, 'db' | 'env' | 'secret' | 'log' | 'sealer'>,
): NextAuthOptions {
  const isSecure = isSecureRequest(headers)
  const address = addressOf(headers)
  const userAgent = headers.get('user-agent')
  return {
    secret,
    useSecureCookies: isSecure,
    cookies: {
      sessionToken: {
        name: sessionCookieName(isSecure),
        options: { httpOnly: true, sameSite: 'lax', path: '/', secure: isSecure },
      },
    },
    session: { strategy: 'jwt', maxAge: SESSION_AGE_S },
    pages: { signIn: '/sign-in', error: '/sign-in' },
    providers: [
      CredentialsProvider({
        credentials: { email: { type: 'email' }, password: { type: 'password' } },
        authorize: async (credentials) => {
          const sessionId = await openSession({ db, credentials, host: hostOf(headers), address, userAgent }).catch(
            toReason,
          )
          return sessionId === null ? null : { id: sessionId }
        },
      }),
      CredentialsProvider({
        id: 'link',
        credentials: { kind: {}, token: {}, name: {}, password: {} },
        authorize: async (link) => {
          const rangeUrl = env.PASSWORD_RANGE_URL
          const sessionId = await openByLink({ db, link, host: hostOf(headers), userAgent, rangeUrl }).catch(toReason)
          return sessionId === null ? null : { id: sessionId }
        },
      }),
      CredentialsProvider({
        id: 'second-step',
        credentials: { code: {} },
        authorize: async (given) => {
          const cookie = headers.get('cookie') ?? ''
          const code = String(given?.code ?? '').slice(0, 100)
          const step = { db, sealer, secret, cookie, host: hostOf(headers), address, code }
          const result = await openSecondStep(step).catch(toReason)
          if (result === 'gone') throw new Error(result)
          return result === 'wrong' ? null : { id: result.sessionId }
        },
      }),
    ],
    callbacks: {
      jwt: ({ token, user }) => ({ sid: user ? user.id : token.sid }),
      session: ({ session }) => ({ expires: session.expires }),
    },
    events: {
      signOut: async ({ token }) => {
        if (typeof token?.sid === 'string') await revokeSession({ db, id: token.sid })
      },
    },
    logger: { error: (code, meta) => log.warn({ code, meta }, 'sign-in failed'), warn: () => {}, debug: () => {} },
  }
}

/** The form knows a few codes, and what is wrong with a field is said as it is; next-auth would show any other message too. */
function toReason(error: unknown): never {
  if (error instanceof ValidationError) throw error
  throw new Error(error instanceof LimitExceededError ? error.code : 'unavailable')
}
