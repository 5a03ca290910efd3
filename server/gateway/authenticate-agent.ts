import { createPublicKey, verify } from 'node:crypto'
import { CLOCK_SKEW_MS_MAX, negotiateVersion, PROTOCOL_VERSIONS } from '../../wire/limits'
import { AgentAuth, authStatement } from '../../wire/messages'
import { WireFailure } from './wire-failure'

/** The key a node enrolled with. Ids as in the database; `publicKey` raw Ed25519, base64url. */
export type NodeCredential = {
  credentialId: string
  nodeId: string
  workspaceId: string
  publicKey: string
  isRevoked: boolean
}

export type AgentIdentity = { credentialId: string; nodeId: string; workspaceId: string; version: number }

export type AuthenticateAgent = (purpose: string, claim: unknown) => Promise<AgentIdentity>

export type AgentAuthOptions = {
  /** Looks a node's newest key up by the node id it claims, across workspaces; null when there is none. */
  findCredential: (claimedNodeId: string) => Promise<NodeCredential | null>
  /** Remembers the nonce for all gateways until it expires; false when it was spent before. */
  spendNonce: (spent: { workspaceId: string; nodeId: string; nonce: string; expiresAtMs: number }) => Promise<boolean>
  nowMs: () => number
}

/** Checks form, clock and version before the key is looked up, and spends the nonce only after the signature held. */
export function createAgentAuthenticator({ findCredential, spendNonce, nowMs }: AgentAuthOptions): AuthenticateAgent {
  return async (purpose, claim) => {
    const parsed = AgentAuth.safeParse(claim)
    if (!parsed.success) throw new WireFailure('bad_message', 'The proof of identity is malformed. Update the agent.')
    const auth = parsed.data
    const version = negotiateVersion(auth.versions)
    if (version === null) throw unknownVersion(auth.versions)
    const skewMs = auth.atMs - nowMs()
    if (Math.abs(skewMs) > CLOCK_SKEW_MS_MAX) throw clockSkew(skewMs)
    const credential = await findCredential(auth.nodeId)
    if (credential === null || !isSigned(authStatement(purpose, auth), auth.signature, credential.publicKey)) {
      throw new WireFailure('bad_signature', 'The signature does not fit this node. Enrol the node again.')
    }
    if (credential.isRevoked) {
      throw new WireFailure('revoked', "This node's key was revoked. Enrol the node again with a new token.")
    }
    const { workspaceId, nodeId } = credential
    const expiresAtMs = auth.atMs + CLOCK_SKEW_MS_MAX
    if (!(await spendNonce({ workspaceId, nodeId, nonce: auth.nonce, expiresAtMs }))) {
      throw new WireFailure('replayed', 'This proof of identity was used before. Sign a new one.')
    }
    return { credentialId: credential.credentialId, nodeId, workspaceId, version }
  }
}

/** True when `signature` (base64url) over `statement` was made with the raw Ed25519 key. */
export function isSigned(statement: string, signature: string, publicKey: string): boolean {
  try {
    const key = createPublicKey({ key: { kty: 'OKP', crv: 'Ed25519', x: publicKey }, format: 'jwk' })
    return verify(null, Buffer.from(statement), key, Buffer.from(signature, 'base64url'))
  } catch {
    return false
  }
}

function unknownVersion(offered: number[]): WireFailure {
  return new WireFailure(
    'unknown_version',
    `The agent speaks protocol ${offered.join(', ')}, the gateway ${PROTOCOL_VERSIONS.join(', ')}. Update the agent.`,
  )
}

function clockSkew(skewMs: number): WireFailure {
  const seconds = Math.round(Math.abs(skewMs) / 1_000)
  const side = skewMs > 0 ? 'ahead of' : 'behind'
  return new WireFailure(
    'clock_skew',
    `The node's clock is ${seconds} s ${side} the gateway's; ${CLOCK_SKEW_MS_MAX / 1_000} s are allowed. Correct the node's clock.`,
  )
}
