import { encode } from 'next-auth/jwt'
import { createAttemptLimit } from '../attempt-limit'
import { addressOf, hostOf, isSecureRequest, originOf } from '../host-of'
import { type Web, web } from '../instances'
import { cookieValue, sessionCookieName } from '../session-cookie'
import { attemptCookie, attemptCookieName, openAttempt, sealAttempt } from './attempt'
import { beginSso, finishSso, type SsoParts, SsoRefused } from './enter'

/** Each try asks an issuer: nobody makes us ask without end. */
const tries = createAttemptLimit({ failuresMax: 30, windowMs: 60_000, keysMax: 10_000 })

const partsOf = ({ db, sealer, issuerFetch }: Web): SsoParts => ({ db, sealer, fetch: issuerFetch() })

function redirectTo(url: string, cookies: string[]): Response {
  const headers = new Headers({ Location: url, 'Cache-Control': 'no-store' })
  for (const cookie of cookies) headers.append('Set-Cookie', cookie)
  return new Response(null, { status: 303, headers })
}

function refusal({ log }: Web, headers: Headers, error: unknown, slug: string): Response {
  const fault = error instanceof SsoRefused ? error.fault : 'unavailable'
  log.warn({ err: error, workspace: slug, fault }, 'sign-in through an issuer refused')
  const search = new URLSearchParams({ ...(slug === '' ? {} : { workspace: slug }), fault })
  return redirectTo(`/sign-in?${search}`, [attemptCookie('', isSecureRequest(headers))])
}

/** Sends the browser to the workspace's issuer. */
export async function startSso(request: Request): Promise<Response> {
  const { headers } = request
  const { searchParams } = new URL(request.url)
  const slug = (searchParams.get('workspace') ?? '').slice(0, 64)
  const here = web()
  const address = addressOf(headers)
  if (tries.isSpent(address)) return new Response('Too many tries. Wait a minute, then try again.\n', { status: 429 })
  tries.fail(address)
  try {
    const origin = originOf(headers, here.env.PUBLIC_URL)
    const { url, attempt } = await beginSso(partsOf(here), { slug, origin, to: searchParams.get('to') ?? '' })
    const sealed = await sealAttempt(attempt, here.secret)
    return redirectTo(url.href, [attemptCookie(sealed, isSecureRequest(headers))])
  } catch (error) {
    return refusal(here, headers, error, slug)
  }
}

/** Takes the browser back from the issuer, and in. */
export async function takeBackSso(request: Request): Promise<Response> {
  const { headers } = request
  const here = web()
  const isSecure = isSecureRequest(headers)
  const token = cookieValue(headers.get('cookie') ?? '', attemptCookieName(isSecure))
  const attempt = await openAttempt(token, here.secret)
  if (attempt === null) return refusal(here, headers, new SsoRefused('stale'), '')
  try {
    const sid = await finishSso(partsOf(here), {
      attempt,
      search: new URL(request.url).searchParams,
      origin: originOf(headers, here.env.PUBLIC_URL),
      host: hostOf(headers),
      userAgent: headers.get('user-agent'),
    })
    const session = await encode({ token: { sid }, secret: here.secret, maxAge: BOUND_COOKIE_S })
    return redirectTo(pathWithin(attempt.slug, attempt.to), [
      attemptCookie('', isSecure),
      `${sessionCookieName(isSecure)}=${session}; Path=/; Max-Age=${BOUND_COOKIE_S}; HttpOnly; SameSite=Lax${isSecure ? '; Secure' : ''}`,
    ])
  } catch (error) {
    return refusal(here, headers, error, attempt.slug)
  }
}

const BOUND_COOKIE_S = 24 * 3_600

/** Only a page of this workspace is opened afterwards. */
const pathWithin = (slug: string, to: string): string =>
  to === `/${slug}` || to.startsWith(`/${slug}/`) ? to : `/${slug}`
