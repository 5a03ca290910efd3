import {
  allowInsecureRequests,
  ClientSecretPost,
  type Configuration,
  customFetch,
  discovery,
  enableNonRepudiationChecks,
  None,
} from 'openid-client'
import { DestinationRefused } from '../../notify/guarded-agent'
import { oneLine } from '../../notify/one-line'
import type { IssuerFetch } from './issuer-fetch'

export type Client = { issuer: string; clientId: string; clientSecret: string | null }

/**
 * What an issuer says of itself (OpenID Connect Discovery). Plain http is let through here, because the guard below decides: it
 * takes http from excepted networks alone. Signatures are checked always, for the same reason.
 */
export function openIssuer({ issuer, clientId, clientSecret }: Client, fetch: IssuerFetch): Promise<Configuration> {
  const proof = clientSecret === null ? None() : ClientSecretPost(clientSecret)
  return discovery(new URL(issuer), clientId, undefined, proof, {
    [customFetch]: fetch,
    execute: [allowInsecureRequests, enableNonRepudiationChecks],
    timeout: 8,
  })
}

/** Why an issuer could not be asked, in words for whoever set it up. */
export function issuerProblem(error: unknown): string {
  let deepest = error
  for (let cause = error; cause instanceof Error; cause = cause.cause) {
    deepest = cause
    if (cause instanceof DestinationRefused) return `The platform may not reach it: ${cause.reason}.`
    if (cause.name === 'TimeoutError') return 'It did not answer within six seconds.'
    const { code } = cause as NodeJS.ErrnoException
    if (code === 'ENOTFOUND' || code === 'EAI_AGAIN') return 'No server has this name. Check the spelling.'
    if (code === 'ECONNREFUSED') return 'Nothing answers at this address.'
    if (code === 'OAUTH_RESPONSE_IS_NOT_CONFORM' || code === 'OAUTH_RESPONSE_IS_NOT_JSON')
      return 'What answers there is no issuer: it has no good /.well-known/openid-configuration.'
    if (code === 'OAUTH_JSON_ATTRIBUTE_COMPARISON_FAILED')
      return 'It names itself differently. Copy the issuer exactly as its own page writes it, slash at the end included.'
  }
  return `It could not be asked: ${oneLine(deepest instanceof Error ? deepest.message : String(deepest))}.`
}
