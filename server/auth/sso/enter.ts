import {
  authorizationCodeGrant,
  buildAuthorizationUrl,
  type Configuration,
  calculatePKCECodeChallenge,
  fetchUserInfo,
  randomNonce,
  randomPKCECodeVerifier,
  randomState,
} from 'openid-client'
import { type Clock, systemClock } from '../../core/clock'
import { newId } from '../../core/ids'
import type { Sealer } from '../../core/seal'
import type { AppDb } from '../../db/pool'
import { enterBySso, type FoundConnection, findConnection } from '../../db/sso-doors'
import { Email, PersonName } from '../../services/accounts/fields'
import { createSession } from '../../services/sessions/create'
import { connectionPlace } from '../../services/sign-in/connection'
import type { Attempt } from './attempt'
import { openIssuer } from './issuer'
import type { IssuerFetch } from './issuer-fetch'

/** Why somebody was not let in; the sign-in page has words for each. */
export type SsoFault =
  | 'no_connection'
  | 'issuer_down'
  | 'refused'
  | 'stale'
  | 'unproved'
  | 'unverified'
  | 'foreign_domain'
  | 'not_member'
  | 'other_person'
  | 'changed'

export class SsoRefused extends Error {
  constructor(
    readonly fault: SsoFault,
    options?: ErrorOptions,
  ) {
    super(`sign-in through an issuer: ${fault}`, options)
    this.name = 'SsoRefused'
  }
}

export type SsoParts = { db: AppDb; sealer: () => Sealer; fetch: IssuerFetch; clock?: Clock }

/** An issuer answers for a person no longer than this; then it is asked again. */
const BOUND_AGE_MS = 24 * 3_600_000

/** Where an issuer sends the browser back to. */
export const callbackOf = (origin: string): string => `${origin}/api/sso/callback`

/** Where to send the browser, and what to remember until it is back. @throws SsoRefused */
export async function beginSso(
  parts: SsoParts,
  { slug, origin, to }: { slug: string; origin: string; to: string },
): Promise<{ url: URL; attempt: Attempt }> {
  const { connection, config } = await openConnection(parts, slug)
  const [state, nonce, verifier] = [randomState(), randomNonce(), randomPKCECodeVerifier()]
  const url = buildAuthorizationUrl(config, {
    redirect_uri: callbackOf(origin),
    scope: 'openid email profile',
    state,
    nonce,
    code_challenge: await calculatePKCECodeChallenge(verifier),
    code_challenge_method: 'S256',
  })
  return { url, attempt: { slug, issuer: connection.issuer, state, nonce, verifier, to } }
}

type Back = {
  attempt: Attempt
  /** What the issuer sent the browser back with. */
  search: URLSearchParams
  origin: string
  host: string
  userAgent?: string | null
}

/** Opens a session, good in this workspace alone, for whom the issuer proved. Gives back its id. @throws SsoRefused */
export async function finishSso(parts: SsoParts, { attempt, search, origin, host, userAgent }: Back): Promise<string> {
  const { db, clock = systemClock } = parts
  if (search.get('state') !== attempt.state) throw new SsoRefused('stale')
  if (search.has('error')) throw new SsoRefused('refused')
  const { connection, config } = await openConnection(parts, attempt.slug)
  if (connection.issuer !== attempt.issuer) throw new SsoRefused('changed')
  const claims = await claimsOf(config, new URL(`${callbackOf(origin)}?${search}`), attempt)
  const { workspaceId } = connection
  const person = { workspaceId, issuer: connection.issuer, subject: claims.sub, ...personOf(claims, connection) }
  const ids = { userId: newId(), memberId: newId(), grantId: newId() }
  const { outcome, userId } = await enterBySso(db, { person, ids, nowMs: clock.now() })
  if (outcome !== 'in' || userId === null) throw new SsoRefused(outcome === 'in' ? 'not_member' : outcome)
  return createSession({ db, clock, userId, host, userAgent, boundTo: workspaceId, lifeMs: BOUND_AGE_MS })
}

async function openConnection(
  { db, sealer, fetch }: SsoParts,
  slug: string,
): Promise<{ connection: FoundConnection; config: Configuration }> {
  const connection = await findConnection(db, slug)
  if (connection === null) throw new SsoRefused('no_connection')
  const { workspaceId, issuer, clientId, clientSecret } = connection
  const opened = clientSecret === null ? null : (sealer().open(clientSecret, connectionPlace(workspaceId)) as string)
  const config = await openIssuer({ issuer, clientId, clientSecret: opened }, fetch).catch((cause: unknown) => {
    throw new SsoRefused('issuer_down', { cause })
  })
  return { connection, config }
}

type Claims = { sub: string; email?: unknown; email_verified?: unknown; name?: unknown }

/** What the issuer proves of the person: signature, issuer, audience, time, nonce and PKCE hold, or nothing does. */
async function claimsOf(config: Configuration, url: URL, { state, nonce, verifier }: Attempt): Promise<Claims> {
  try {
    const tokens = await authorizationCodeGrant(config, url, {
      expectedState: state,
      expectedNonce: nonce,
      pkceCodeVerifier: verifier,
      idTokenExpected: true,
    })
    const proved = tokens.claims() as Claims
    // Many issuers put the address beside the token, under the same subject.
    if (proved.email !== undefined || !config.serverMetadata().userinfo_endpoint) return proved
    return { ...(await fetchUserInfo(config, tokens.access_token, proved.sub)), sub: proved.sub }
  } catch (cause) {
    throw new SsoRefused('unproved', { cause })
  }
}

/** An address counts when the issuer says that it verified it, and may vouch for its domain. */
function personOf(
  { email, email_verified, name }: Claims,
  { domains }: FoundConnection,
): { email: string; name: string } {
  if (typeof email !== 'string' || email_verified !== true) throw new SsoRefused('unverified')
  const address = Email.safeParse(email).data ?? ''
  if (!domains.includes(address.slice(address.lastIndexOf('@') + 1))) throw new SsoRefused('foreign_domain')
  const named = PersonName.safeParse(name)
  return { email: address, name: named.success ? named.data : (address.split('@')[0] as string) }
}
