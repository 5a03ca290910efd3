import pino from 'pino'
import type { PushAck, Welcome, WireError } from '../../wire/messages'
import { createAgentAuthenticator } from '../gateway/authenticate-agent'
import { createEvidenceStore } from '../gateway/evidence-store'
import { createGateway, type Gateway, type GatewayOptions } from '../gateway/gateway'
import { createMetrics } from '../gateway/metrics'
import type { ReceivedPush } from '../gateway/push'
import type { RefusalNote } from '../gateway/refusals'
import type { About } from '../gateway/wire-failure'
import { connectSocket, createKey, HELLO, proveIdentity } from './agent-simulator'

/** Node n1 belongs to workspace w1 (`alpha`), n2 to w2 (`beta`). */
export const KEYS = { n1: createKey(), n2: createKey() }
const workspaceOf: Record<string, string> = { n1: 'w1', n2: 'w2' }

type State = {
  applied: { nodeId: string; received: ReceivedPush }[]
  /** Pushes are stored once this settles. */
  hold: Promise<void>
  revoked: Set<string>
  offline: string[]
  refusals: { about: About; note: RefusalNote }[]
  /** Users by cookie. */
  sessions: Record<string, string>
  /** Slugs by user. */
  members: Record<string, string[]>
  /** Nodes that a user was given; all where there is no entry. */
  scopes: Record<string, string[]>
}

export type BareAgent = {
  socket: Awaited<ReturnType<typeof connectSocket>>
  push: (value: unknown) => Promise<PushAck>
  hello: () => Promise<Welcome | { error: WireError }>
}

/** The gateway over real sockets; what stands behind it is given as plain functions on this state. */
export type BareGateway = State & {
  gateway: Gateway
  url: string
  /** Closed at the end. */
  open: { close: () => unknown }[]
  connectAgent: (nodeId: 'n1' | 'n2') => Promise<BareAgent>
  /** Lets pushes wait until the function it returns is called. */
  holdPushes: () => () => void
  close: () => Promise<void>
}

function optionsOf(state: State): GatewayOptions {
  const spent = new Set<string>()
  const slugs: Record<string, string> = { alpha: 'w1', beta: 'w2' }
  return {
    agents: {
      authenticate: createAgentAuthenticator({
        findCredential: async (nodeId) => ({
          credentialId: `c-${nodeId}`,
          nodeId,
          workspaceId: workspaceOf[nodeId] as string,
          publicKey: KEYS[nodeId as 'n1'].publicKey,
          isRevoked: state.revoked.has(`c-${nodeId}`),
        }),
        spendNonce: async ({ nonce }) => !spent.has(nonce) && Boolean(spent.add(nonce)),
        nowMs: Date.now,
      }),
      welcome: async ({ nodeId }) => ({
        nodeId,
        cursors: { incidents: 0, samples: 0 },
        policy: { name: 'default', version: 1, certain: 'drop', doubtful: 'limit', newSourcePps: 50, holdMs: 10_000 },
      }),
      recordHeld: async () => {},
      recordHealth: async () => {},
      readPolicies: async () => new Map(),
      nowMs: Date.now,
      applyPush: async ({ nodeId }, received) => {
        await state.hold
        state.applied.push({ nodeId, received })
        return { kind: 'stored', lastSeq: received.push.seq }
      },
      markOffline: async (identities) => {
        state.offline.push(...identities.map(({ nodeId }) => nodeId))
      },
      checkConnected: async () => state.revoked,
    },
    consoles: {
      readSession: async (cookie) => {
        const userId = state.sessions[cookie]
        return userId === undefined ? null : { sessionId: cookie, userId, boundTo: null }
      },
      openWorkspace: async ({ userId }, slug) => {
        const workspaceId = state.members[userId]?.includes(slug) ? slugs[slug] : undefined
        return workspaceId === undefined
          ? null
          : { workspaceId, incidents: 'all', nodes: state.scopes[userId] ?? 'all' }
      },
      isSessionValid: async ({ sessionId }) => sessionId in state.sessions,
    },
    boards: { openBoard: async () => null, readBoard: async () => ({}), nowMs: Date.now },
    evidence: {
      findAnnounced: async () => null,
      completeUpload: async () => {},
      store: createEvidenceStore('/nonexistent', 1),
    },
    enrol: () => Promise.reject(new Error('not used here')),
    auditRefusal: async (about, note) => {
      state.refusals.push({ about, note })
    },
    agentPackages: 'dist/agent',
    readiness: async () => ({ isReady: true, checks: {} }),
    metrics: createMetrics(),
    log: pino({ level: 'silent' }),
  }
}

export async function openBareGateway(): Promise<BareGateway> {
  const state: State = {
    applied: [],
    offline: [],
    refusals: [],
    revoked: new Set(),
    sessions: { 's=ann': 'ann', 's=bob': 'bob' },
    members: { ann: ['alpha'], bob: ['beta'] },
    scopes: {},
    hold: Promise.resolve(),
  }
  const gateway = createGateway(optionsOf(state))
  const url = `http://127.0.0.1:${await gateway.listen(0, '127.0.0.1')}`
  const open: BareGateway['open'] = []
  return Object.assign(state, {
    gateway,
    url,
    open,
    connectAgent: async (nodeId: 'n1' | 'n2') => {
      const socket = await connectSocket(url, () => proveIdentity(nodeId, KEYS[nodeId].privateKey, 'connect'))
      open.push(socket)
      const push = (value: unknown): Promise<PushAck> => socket.timeout(5_000).emitWithAck('push', value as never)
      return { socket, push, hello: () => socket.timeout(5_000).emitWithAck('hello', HELLO) }
    },
    holdPushes: () => {
      let release = (): void => {}
      state.hold = new Promise((done) => {
        release = done
      })
      return release
    },
    close: async () => {
      for (const each of open) each.close()
      await gateway.drain()
    },
  })
}
