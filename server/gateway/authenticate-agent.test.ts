import { generateKeyPairSync, type KeyObject, randomBytes, sign } from 'node:crypto'
import { beforeEach, describe, expect, it } from 'vitest'
import { CLOCK_SKEW_MS_MAX } from '../../wire/limits'
import { type AgentAuth, authStatement } from '../../wire/messages'
import { type AuthenticateAgent, createAgentAuthenticator, type NodeCredential } from './authenticate-agent'

const START_MS = 1_795_000_000_000
const { privateKey, publicKey } = generateKeyPairSync('ed25519')
const raw = (key: KeyObject) => key.export({ format: 'jwk' }).x as string

let nowMs = START_MS
let credential: NodeCredential | null
let authenticate: AuthenticateAgent
let spent: Map<string, number>

beforeEach(() => {
  nowMs = START_MS
  spent = new Map()
  credential = {
    credentialId: 'c1',
    nodeId: 'n1',
    workspaceId: 'w1',
    publicKey: raw(publicKey),
    isRevoked: false,
  }
  authenticate = createAgentAuthenticator({
    findCredential: async (id) => (id === 'nd_1' ? credential : null),
    spendNonce: async ({ nonce, expiresAtMs }) => {
      if ((spent.get(nonce) ?? -1) >= nowMs) return false
      spent.set(nonce, expiresAtMs)
      return true
    },
    nowMs: () => nowMs,
  })
})

function proof(part: Partial<AgentAuth> = {}, purpose = 'connect', key = privateKey): AgentAuth {
  const auth = {
    versions: [1],
    nodeId: 'nd_1',
    atMs: nowMs,
    nonce: randomBytes(16).toString('base64url'),
    ...part,
  }
  const signature = sign(null, Buffer.from(authStatement(purpose, auth)), key).toString('base64url')
  return { signature, ...auth, ...(part.signature ? { signature: part.signature } : {}) }
}

describe('agent authentication', () => {
  it('accepts a fresh proof of the enrolled key and names workspace, node and version', async () => {
    expect(await authenticate('connect', proof({ versions: [9, 1] }))).toEqual({
      credentialId: 'c1',
      nodeId: 'n1',
      workspaceId: 'w1',
      version: 1,
    })
  })

  it('refuses a proof made with another key', async () => {
    const other = generateKeyPairSync('ed25519').privateKey
    await expect(authenticate('connect', proof({}, 'connect', other))).rejects.toMatchObject({ code: 'bad_signature' })
  })

  it('refuses a proof made for another purpose', async () => {
    await expect(authenticate('PUT /gateway/evidence/aa', proof())).rejects.toMatchObject({ code: 'bad_signature' })
  })

  it.each(['nodeId', 'atMs', 'nonce'] as const)('refuses a proof whose %s was changed after signing', async (field) => {
    const changed = { nodeId: 'nd_2', atMs: nowMs + 1, nonce: randomBytes(16).toString('base64url') }
    await expect(authenticate('connect', { ...proof(), [field]: changed[field] })).rejects.toMatchObject({
      code: 'bad_signature',
    })
  })

  it('says the same of an unknown node as of a wrong key', async () => {
    await expect(authenticate('connect', proof({ nodeId: 'nd_9' }))).rejects.toMatchObject({ code: 'bad_signature' })
  })

  it('refuses a revoked key', async () => {
    credential = { ...(credential as NodeCredential), isRevoked: true }
    await expect(authenticate('connect', proof())).rejects.toMatchObject({ code: 'revoked' })
  })

  it('accepts a clock at the limit and refuses one beyond it, saying by how much', async () => {
    await authenticate('connect', proof({ atMs: nowMs - CLOCK_SKEW_MS_MAX }))
    await expect(authenticate('connect', proof({ atMs: nowMs - CLOCK_SKEW_MS_MAX - 1 }))).rejects.toMatchObject({
      code: 'clock_skew',
      message: expect.stringContaining('120 s behind'),
    })
    await expect(authenticate('connect', proof({ atMs: nowMs + CLOCK_SKEW_MS_MAX + 1 }))).rejects.toMatchObject({
      code: 'clock_skew',
    })
  })

  it('refuses the same proof twice for as long as its clock would pass', async () => {
    const once = proof({ atMs: nowMs + CLOCK_SKEW_MS_MAX })
    await authenticate('connect', once)
    nowMs += 2 * CLOCK_SKEW_MS_MAX
    await expect(authenticate('connect', once)).rejects.toMatchObject({ code: 'replayed' })
  })

  it('does not let a forged proof spend the nonce of a real one', async () => {
    const real = proof()
    const forged = { ...real, signature: randomBytes(64).toString('base64url') }
    await expect(authenticate('connect', forged)).rejects.toMatchObject({ code: 'bad_signature' })
    await expect(authenticate('connect', real)).resolves.toMatchObject({ nodeId: 'n1' })
  })

  it('refuses versions it does not speak, naming both sides', async () => {
    await expect(authenticate('connect', proof({ versions: [7] }))).rejects.toMatchObject({
      code: 'unknown_version',
      message: expect.stringContaining('speaks protocol 7, the gateway 2, 1'),
    })
  })

  it.each([undefined, null, 'x', {}, { versions: [] }])('refuses %j as malformed', async (claim) => {
    await expect(authenticate('connect', claim)).rejects.toMatchObject({ code: 'bad_message' })
  })
})
