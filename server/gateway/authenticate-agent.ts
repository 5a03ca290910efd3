import { CLOCK_SKEW_MS_MAX, negotiateVersion, PROTOCOL_VERSIONS } from '../../wire/limits'
import { AgentAuth, authStatement } from '../../wire/messages'
import { readAs } from '../../wire/read'
import { isSigned } from '../core/signature'
import { type About, WireFailure } from './wire-failure'

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

/**
 * Checks form, key, version, signature, clock and nonce, in this order: what is said after the signature held is said
 * about the node for sure, and the nonce is spent by the node alone. Refusals name the node they are about.
 */
export function createAgentAuthenticator({ findCredential, spendNonce, nowMs }: AgentAuthOptions): AuthenticateAgent {
  return async (purpose, claim) => {
    const parsed = readAs(AgentAuth, claim)
    if (!parsed.success) throw new WireFailure('bad_message', 'The proof of identity is malformed. Update the agent.')
    const auth = parsed.data
    const credential = await findCredential(auth.nodeId)
    if (credential === null) throw badSignature(null)
    const { workspaceId, nodeId } = credential
    const about: About = { workspaceId, kind: 'node', id: nodeId }
    const version = negotiateVersion(auth.versions)
    // Asked before the signature: another version may sign otherwise.
    if (version === null) throw unknownVersion(auth.versions, about)
    if (!isSigned(authStatement(purpose, auth), auth.signature, credential.publicKey)) throw badSignature(about)
    if (credential.isRevoked) {
      throw new WireFailure('revoked', "This node's key was revoked. Enrol the node again with a new token.", { about })
    }
    const skewMs = auth.atMs - nowMs()
    if (Math.abs(skewMs) > CLOCK_SKEW_MS_MAX) throw clockSkew(skewMs, about)
    const expiresAtMs = auth.atMs + CLOCK_SKEW_MS_MAX
    if (!(await spendNonce({ workspaceId, nodeId, nonce: auth.nonce, expiresAtMs }))) {
      throw new WireFailure('replayed', 'This proof of identity was used before. Sign a new one.', { about })
    }
    return { credentialId: credential.credentialId, nodeId, workspaceId, version }
  }
}

/** The same words whether the node exists or not: who guesses learns nothing. */
const badSignature = (about: About | null): WireFailure =>
  new WireFailure('bad_signature', 'The signature does not fit this node. Enrol the node again.', { about })

function unknownVersion(offered: number[], about: About): WireFailure {
  return new WireFailure(
    'unknown_version',
    `The agent speaks protocol ${offered.join(', ')}, the gateway ${PROTOCOL_VERSIONS.join(', ')}. Update the agent.`,
    { about },
  )
}

function clockSkew(skewMs: number, about: About): WireFailure {
  const seconds = Math.round(Math.abs(skewMs) / 1_000)
  const side = skewMs > 0 ? 'ahead of' : 'behind'
  return new WireFailure(
    'clock_skew',
    `The node's clock is ${seconds} s ${side} the gateway's; ${CLOCK_SKEW_MS_MAX / 1_000} s are allowed. Correct the node's clock.`,
    { about },
  )
}
