import { z } from 'zod'
import { type Ctx, parseInput, requirePermission } from '../../services/context'
import { Issuer } from '../../services/sign-in/connection'
import { issuerProblem, openIssuer } from './issuer'
import type { IssuerFetch } from './issuer-fetch'

const Input = z.object({ issuer: Issuer })

export type IssuerTest = { isGood: true; signInAt: string; knowsPkce: boolean } | { isGood: false; problem: string }

/** Asks an issuer for what it says of itself, as signing in would, before anybody relies on it. */
export async function testIssuer({
  ctx,
  input,
  fetch,
}: {
  ctx: Ctx
  input: z.input<typeof Input>
  fetch: IssuerFetch
}): Promise<IssuerTest> {
  requirePermission(ctx, 'sign_in.update')
  const { issuer } = parseInput(Input, input)
  try {
    const config = await openIssuer({ issuer, clientId: 'test', clientSecret: null }, fetch)
    const { authorization_endpoint, token_endpoint, jwks_uri } = config.serverMetadata()
    const missing = [!authorization_endpoint && 'sign-in page', !token_endpoint && 'token address', !jwks_uri && 'keys']
    const words = missing.filter(Boolean).join(', ')
    if (words !== '') return { isGood: false, problem: `It answers, but names no ${words}.` }
    const signInAt = new URL(authorization_endpoint as string).host
    return { isGood: true, signInAt, knowsPkce: config.serverMetadata().supportsPKCE() }
  } catch (error) {
    return { isGood: false, problem: issuerProblem(error) }
  }
}
