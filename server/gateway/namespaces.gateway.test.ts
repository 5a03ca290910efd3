import pino from 'pino'
import { io, type Socket } from 'socket.io-client'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { MESSAGE_BYTES_MAX } from '../../wire/limits'
import type { PushAck } from '../../wire/messages'
import type { Sample } from '../../wire/sample'
import {
  type ConnectRefused,
  connectSocket,
  createKey,
  HELLO,
  incidentBody,
  proveIdentity,
  simulatedReport,
  simulatedSample,
} from '../testing/agent-simulator'
import { createAgentAuthenticator } from './authenticate-agent'
import { createEvidenceStore } from './evidence-store'
import { createGateway, type Gateway, type GatewayOptions } from './gateway'
import { createMetrics } from './metrics'
import { FAULTS_PER_SOCKET_MAX, type ReceivedPush } from './push'

/** The namespaces over real sockets; what stands behind them is given as plain functions here. */
const keys = { n1: createKey(), n2: createKey() }
const workspaceOf: Record<string, string> = { n1: 'w1', n2: 'w2' }

let gateway: Gateway
let url: string
let applied: { nodeId: string; received: ReceivedPush }[]
let hold: Promise<void>
let release: () => void
let revoked: Set<string>
let offline: string[]
let sessions: Record<string, string>
let members: Record<string, string[]>
const open: { close: () => unknown }[] = []

function optionsOf(): GatewayOptions {
  const spent = new Set<string>()
  const slugs: Record<string, string> = { alpha: 'w1', beta: 'w2' }
  return {
    agents: {
      authenticate: createAgentAuthenticator({
        findCredential: async (nodeId) => ({
          credentialId: `c-${nodeId}`,
          nodeId,
          workspaceId: workspaceOf[nodeId] as string,
          publicKey: keys[nodeId as 'n1'].publicKey,
          isRevoked: revoked.has(`c-${nodeId}`),
        }),
        spendNonce: async ({ nonce }) => !spent.has(nonce) && Boolean(spent.add(nonce)),
        nowMs: Date.now,
      }),
      welcome: async ({ nodeId }) => ({
        nodeId,
        cursors: { incidents: 0, samples: 0 },
        policy: { name: 'default', version: 1, certain: 'drop', doubtful: 'limit', newSourcePps: 50, holdMs: 10_000 },
      }),
      applyPush: async ({ nodeId }, received) => {
        await hold
        applied.push({ nodeId, received })
        return { kind: 'stored', lastSeq: received.push.seq }
      },
      markOffline: async ({ nodeId }) => {
        offline.push(nodeId)
      },
      checkConnected: async () => revoked,
    },
    consoles: {
      readSession: async (cookie) => {
        const userId = sessions[cookie]
        return userId === undefined ? null : { sessionId: cookie, userId }
      },
      openWorkspace: async ({ userId }, slug) => (members[userId]?.includes(slug) ? (slugs[slug] ?? null) : null),
      isSessionValid: async ({ sessionId }) => sessionId in sessions,
    },
    evidence: {
      findAnnounced: async () => null,
      completeUpload: async () => {},
      store: createEvidenceStore('/nonexistent', 1),
    },
    enrol: () => Promise.reject(new Error('not used here')),
    readiness: async () => ({ isReady: true, checks: {} }),
    metrics: createMetrics(),
    log: pino({ level: 'silent' }),
  }
}

beforeEach(async () => {
  applied = []
  offline = []
  revoked = new Set()
  sessions = { 's=ann': 'ann', 's=bob': 'bob' }
  members = { ann: ['alpha'], bob: ['beta'] }
  hold = Promise.resolve()
  gateway = createGateway(optionsOf())
  url = `http://127.0.0.1:${await gateway.listen(0, '127.0.0.1')}`
})
afterEach(async () => {
  for (const each of open.splice(0)) each.close()
  await gateway.drain()
})

function holdPushes(): void {
  hold = new Promise((done) => {
    release = done
  })
}

async function connectAgent(nodeId: 'n1' | 'n2') {
  const socket = await connectSocket(url, () => proveIdentity(nodeId, keys[nodeId].privateKey, 'connect'))
  open.push(socket)
  const push = (value: unknown): Promise<PushAck> => socket.timeout(5_000).emitWithAck('push', value as never)
  return { socket, push, hello: () => socket.timeout(5_000).emitWithAck('hello', HELLO) }
}

const samplesPush = (seq: number, count = 1) => ({
  lane: 'samples',
  seq,
  body: { type: 'samples', samples: Array.from({ length: count }, (_, index) => simulatedSample(index * 1_000)) },
})

const refusal = (promise: Promise<unknown>) =>
  promise.then(
    () => Promise.reject(new Error('was accepted')),
    (error: ConnectRefused) => error.wireError,
  )

describe('agent namespace', () => {
  it('answers a refused proof with a typed error that says what to do', async () => {
    const wrong = connectSocket(url, () => proveIdentity('n1', keys.n2.privateKey, 'connect'))
    expect(await refusal(wrong)).toEqual({ code: 'bad_signature', message: expect.stringContaining('Enrol') })
  })

  it('refuses a proof that was used before', async () => {
    const proof = proveIdentity('n1', keys.n1.privateKey, 'connect')
    open.push(await connectSocket(url, () => proof))
    expect(await refusal(connectSocket(url, () => proof))).toMatchObject({ code: 'replayed' })
  })

  it('refuses a push before hello', async () => {
    const { push } = await connectAgent('n1')
    expect(await push(samplesPush(1))).toMatchObject({ ok: false, error: { code: 'bad_message' } })
    expect(applied).toEqual([])
  })

  it('names the field that makes a message malformed and stores nothing of it', async () => {
    const { push, hello } = await connectAgent('n1')
    await hello()
    const bad = {
      ...samplesPush(1),
      body: { type: 'samples', samples: [{ ...simulatedSample(0), wire: { pps: -1 } }] },
    }
    expect(await push(bad)).toMatchObject({
      ok: false,
      error: { code: 'bad_message', message: expect.stringContaining('body.samples.0.wire') },
    })
    expect(applied).toEqual([])
  })

  it('refuses samples in the incidents lane', async () => {
    const { push, hello } = await connectAgent('n1')
    await hello()
    expect(await push({ ...samplesPush(1), lane: 'incidents' })).toMatchObject({ ok: false })
  })

  it('answers a message over the limit with too_large and keeps the connection', async () => {
    const { push, hello, socket } = await connectAgent('n1')
    await hello()
    const large = samplesPush(1, 100)
    for (const sample of large.body.samples) {
      const [first] = sample.interfaces
      sample.interfaces = Array.from({ length: 52 }, () => ({ ...(first as Sample['interfaces'][0]) }))
    }
    expect(JSON.stringify(large).length).toBeGreaterThan(MESSAGE_BYTES_MAX)
    expect(await push(large)).toMatchObject({ ok: false, error: { code: 'too_large' } })
    expect(socket.connected).toBe(true)
  })

  it('cuts a connection far over the limit without reading it to the end', async () => {
    const { socket, hello } = await connectAgent('n1')
    await hello()
    const cut = new Promise((done) => socket.once('disconnect', done))
    socket.emit('push', { padding: 'x'.repeat(3 * MESSAGE_BYTES_MAX) } as never, () => {})
    await cut
  })

  it('cuts a connection that keeps sending what cannot be right', async () => {
    const { push, hello, socket } = await connectAgent('n1')
    await hello()
    const cut = new Promise((done) => socket.once('disconnect', done))
    for (let fault = 0; fault < FAULTS_PER_SOCKET_MAX; fault += 1) void push({ lane: 'x' }).catch(() => {})
    await cut
  })

  it('lets the newer of two connections of a node win and does not call the node offline', async () => {
    const older = await connectAgent('n1')
    const cut = new Promise((done) => older.socket.once('disconnect', done))
    const newer = await connectAgent('n1')
    await cut
    expect(await newer.hello()).toMatchObject({ nodeId: 'n1' })
    expect(offline).toEqual([])
    newer.socket.close()
    await vi.waitFor(() => expect(offline).toEqual(['n1']))
  })

  it('answers hello only when what the older connection sent is stored', async () => {
    const older = await connectAgent('n1')
    await older.hello()
    holdPushes()
    void older.push(samplesPush(1)).catch(() => {})
    await older.push({ lane: 'x' })
    const newer = await connectAgent('n1')
    const greeted = newer.hello().then(() => applied.length)
    release()
    expect(await greeted).toBe(1)
  })

  it('answers busy when too much of one lane waits, and incidents still pass', async () => {
    const { push, hello } = await connectAgent('n1')
    await hello()
    holdPushes()
    const waiting = [1, 2, 3, 4].map((seq) => push(samplesPush(seq)))
    expect(await push(samplesPush(5))).toMatchObject({
      ok: false,
      error: { code: 'busy', retryAfterMs: expect.any(Number) },
    })
    const incident = push({ lane: 'incidents', seq: 1, body: incidentBody(simulatedReport()) })
    release()
    expect(await incident).toEqual({ ok: true, lastSeq: 1 })
    expect((await Promise.all(waiting)).every((ack) => ack.ok)).toBe(true)
  })

  it('cuts a node within five seconds of its credential being revoked, and refuses it from then on', async () => {
    const { socket } = await connectAgent('n1')
    const cut = new Promise((done) => socket.once('disconnect', done))
    const startMs = performance.now()
    revoked.add('c-n1')
    await cut
    expect(performance.now() - startMs).toBeLessThan(5_000)
    expect(await refusal(connectAgent('n1'))).toMatchObject({ code: 'revoked' })
  })

  it('stores and answers what it accepted before it stops', async () => {
    const { push, hello } = await connectAgent('n1')
    await hello()
    holdPushes()
    const pending = push(samplesPush(1))
    await push({ lane: 'x' })
    const drained = gateway.drain()
    release()
    expect(await pending).toEqual({ ok: true, lastSeq: 1 })
    await drained
  })
})

describe('metrics', () => {
  it('are told on the port itself and refused through a proxy', async () => {
    const direct = await fetch(`${url}/gateway/metrics`)
    expect(await direct.text()).toContain('gateway_agents_connected')
    const forwarded = await fetch(`${url}/gateway/metrics`, { headers: { 'x-forwarded-host': 'alerts.example' } })
    expect(forwarded.status).toBe(403)
  })
})

type Heard = { event: string; value: unknown }

function connectConsole(cookie: string | undefined, origin: string | undefined = url) {
  const headers = { ...(cookie ? { cookie } : {}), ...(origin ? { origin } : {}) }
  const socket: Socket = io(`${url}/console`, {
    path: '/gateway/socket.io',
    addTrailingSlash: false,
    transports: ['websocket'],
    forceNew: true,
    reconnection: false,
    extraHeaders: headers,
  })
  open.push(socket)
  const heard: Heard[] = []
  socket.onAny((event: string, value: unknown) => heard.push({ event, value }))
  const connected = new Promise<void>((resolve, reject) => {
    socket.once('connect', resolve)
    socket.once('connect_error', (error) => reject((error as Error & { data?: unknown }).data ?? error))
  })
  const join = (workspace: string) => socket.timeout(5_000).emitWithAck('join', { workspace })
  return { socket, heard, connected, join }
}

describe('console namespace', () => {
  it('refuses a socket without a session', async () => {
    await expect(connectConsole(undefined).connected).rejects.toMatchObject({ code: 'unauthenticated' })
  })

  it.each(['http://evil.example', 'null', ''])(
    'refuses a page of origin %j although it sends the cookie',
    async (origin) => {
      await expect(connectConsole('s=ann', origin).connected).rejects.toMatchObject({ code: 'forbidden' })
    },
  )

  it('calls a foreign workspace not found, like one that does not exist', async () => {
    const ann = connectConsole('s=ann')
    await ann.connected
    const foreign = await ann.join('beta')
    const missing = await ann.join('gamma')
    expect(foreign).toMatchObject({ ok: false, error: { code: 'not_found' } })
    expect(missing.error.code).toBe(foreign.error.code)
  })

  it("shows a workspace's events to its sockets and nothing of them to another workspace's", async () => {
    const ann = connectConsole('s=ann')
    const bob = connectConsole('s=bob')
    await Promise.all([ann.connected, bob.connected])
    await Promise.all([ann.join('alpha'), bob.join('beta'), bob.join('alpha')])
    gateway.fanOut.incident('w1', { id: 'inc_1' })
    gateway.fanOut.node('w1', { nodeId: 'nd_1', state: 'online', lastSeenMs: 1 })
    gateway.fanOut.sample('w1', 'nd_1', simulatedSample(1_000))
    gateway.fanOut.incident('w2', { id: 'inc_2' })
    await vi.waitFor(() => expect(bob.heard).toHaveLength(1))
    await vi.waitFor(() => expect(ann.heard.map(({ event }) => event)).toEqual(['incident', 'node', 'samples']))
    expect(bob.heard).toEqual([{ event: 'incident', value: { id: 'inc_2' } }])
  })

  it('cuts a socket within five seconds of its session ending', async () => {
    const ann = connectConsole('s=ann')
    await ann.connected
    const cut = new Promise((done) => ann.socket.once('disconnect', done))
    const startMs = performance.now()
    delete sessions['s=ann']
    await cut
    expect(performance.now() - startMs).toBeLessThan(5_000)
  })

  it('cuts a socket within five seconds of its membership ending', async () => {
    const ann = connectConsole('s=ann')
    await ann.connected
    expect(await ann.join('alpha')).toEqual({ ok: true })
    const cut = new Promise((done) => ann.socket.once('disconnect', done))
    const startMs = performance.now()
    members.ann = []
    await cut
    expect(performance.now() - startMs).toBeLessThan(5_000)
  })

  it("tells a workspace's nodes when somebody looks and when nobody does any more", async () => {
    const own = await connectAgent('n1')
    const foreign = await connectAgent('n2')
    const heard: unknown[] = []
    own.socket.on('watch', (on) => heard.push(on))
    foreign.socket.on('watch', (on) => heard.push(['foreign', on]))
    const ann = connectConsole('s=ann')
    await ann.connected
    await ann.join('alpha')
    await vi.waitFor(() => expect(heard).toEqual([true]))
    ann.socket.close()
    await vi.waitFor(() => expect(heard).toEqual([true, false]))
  })
})
