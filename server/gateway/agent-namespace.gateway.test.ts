import { io } from 'socket.io-client'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { MESSAGE_BYTES_MAX } from '../../wire/limits'
import type { Sample } from '../../wire/sample'
import {
  type ConnectRefused,
  connectSocket,
  incidentBody,
  proveIdentity,
  simulatedReport,
  simulatedSample,
} from '../testing/agent-simulator'
import { type BareGateway, KEYS, openBareGateway } from '../testing/bare-gateway'
import { CUT_MS, FAULTS_PER_SOCKET_MAX } from './faults'

let bare: BareGateway

beforeEach(async () => {
  bare = await openBareGateway()
})
afterEach(() => bare.close())

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
    const wrong = connectSocket(bare.url, () => proveIdentity('n1', KEYS.n2.privateKey, 'connect'))
    expect(await refusal(wrong)).toEqual({ code: 'bad_signature', message: expect.stringContaining('Enrol') })
  })

  it('refuses a proof that was used before', async () => {
    const proof = proveIdentity('n1', KEYS.n1.privateKey, 'connect')
    bare.open.push(await connectSocket(bare.url, () => proof))
    expect(await refusal(connectSocket(bare.url, () => proof))).toMatchObject({ code: 'replayed' })
  })

  it('refuses a push before hello', async () => {
    const { push } = await bare.connectAgent('n1')
    expect(await push(samplesPush(1))).toMatchObject({ ok: false, error: { code: 'bad_message' } })
    expect(bare.applied).toEqual([])
  })

  it('names the field that makes a message malformed and stores nothing of it', async () => {
    const { push, hello } = await bare.connectAgent('n1')
    await hello()
    const bad = {
      ...samplesPush(1),
      body: { type: 'samples', samples: [{ ...simulatedSample(0), wire: { pps: -1 } }] },
    }
    expect(await push(bad)).toMatchObject({
      ok: false,
      error: { code: 'bad_message', message: expect.stringContaining('body.samples.0.wire') },
    })
    expect(bare.applied).toEqual([])
  })

  it('refuses samples in the incidents lane', async () => {
    const { push, hello } = await bare.connectAgent('n1')
    await hello()
    expect(await push({ ...samplesPush(1), lane: 'incidents' })).toMatchObject({ ok: false })
  })

  it('answers a message over the limit with too_large and keeps the connection', async () => {
    const { push, hello, socket } = await bare.connectAgent('n1')
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
    const { socket, hello } = await bare.connectAgent('n1')
    await hello()
    const cut = new Promise((done) => socket.once('disconnect', done))
    socket.emit('push', { padding: 'x'.repeat(3 * MESSAGE_BYTES_MAX) } as never, () => {})
    await cut
    await vi.waitFor(() => expect(bare.refusals).toMatchObject([{ note: { door: 'push', code: 'too_large' } }]))
  })

  it('cuts a connection that keeps sending what cannot be right', async () => {
    const { push, hello, socket } = await bare.connectAgent('n1')
    await hello()
    const cut = new Promise((done) => socket.once('disconnect', done))
    for (let fault = 0; fault < FAULTS_PER_SOCKET_MAX; fault += 1) void push({ lane: 'x' }).catch(() => {})
    await cut
  })

  it.each([
    ['a push that asks for no answer', 'push'],
    ['a hello that asks for no answer', 'hello'],
    ['a message of no known name', 'order'],
  ])('counts %s as a fault, and says so to who asks', async (_title, event) => {
    const { hello, socket } = await bare.connectAgent('n1')
    await hello()
    const cut = new Promise((done) => socket.once('disconnect', done))
    for (let fault = 0; fault < FAULTS_PER_SOCKET_MAX; fault += 1)
      socket.emit(event as 'push', {} as never, undefined as never)
    await cut
    await vi.waitFor(() => expect(bare.refusals).toMatchObject([{ note: { door: 'push', code: 'bad_message' } }]))
  })

  it('takes a node back a second after it cut it, not sooner', async () => {
    const { push, hello, socket } = await bare.connectAgent('n1')
    await hello()
    const cut = new Promise((done) => socket.once('disconnect', done))
    for (let fault = 0; fault < FAULTS_PER_SOCKET_MAX; fault += 1) void push({ lane: 'x' }).catch(() => {})
    await cut
    expect(await refusal(bare.connectAgent('n1'))).toMatchObject({ code: 'busy', retryAfterMs: CUT_MS })
    await vi.waitFor(async () => expect((await bare.connectAgent('n1')).socket.connected).toBe(true), {
      timeout: 5_000,
    })
  })

  it('answers a second hello on one connection as a fault', async () => {
    const { hello } = await bare.connectAgent('n1')
    await hello()
    expect(await hello()).toMatchObject({ error: { code: 'bad_message' } })
  })

  it('lets nobody stay who is not asked for a proof', async () => {
    const socket = io(bare.url, { path: '/gateway/socket.io', addTrailingSlash: false, transports: ['websocket'] })
    bare.open.push(socket)
    const error = await new Promise<Error & { data?: unknown }>((done) => socket.once('connect_error', done))
    expect(error.data).toMatchObject({ code: 'bad_message' })
  })

  it('writes one line for a flood of refusals and one for how many followed', async () => {
    for (let turn = 0; turn < 3; turn += 1) {
      const { hello, push, socket } = await bare.connectAgent('n1')
      await hello()
      for (let fault = 0; fault < 5; fault += 1) await push({ lane: 'x' })
      socket.close()
    }
    const about = { workspaceId: 'w1', kind: 'node', id: 'n1' }
    await bare.close()
    expect(bare.refusals).toMatchObject([
      { about, note: { door: 'push', code: 'bad_message', count: 1 } },
      { about, note: { door: 'push', code: 'bad_message', count: 14 } },
    ])
  })

  it('lets the newer of two connections of a node win and does not call the node offline', async () => {
    const older = await bare.connectAgent('n1')
    const cut = new Promise((done) => older.socket.once('disconnect', done))
    const newer = await bare.connectAgent('n1')
    await cut
    expect(await newer.hello()).toMatchObject({ nodeId: 'n1' })
    expect(bare.offline).toEqual([])
    newer.socket.close()
    await vi.waitFor(() => expect(bare.offline).toEqual(['n1']))
  })

  it('answers hello only when what the older connection sent is stored', async () => {
    const older = await bare.connectAgent('n1')
    await older.hello()
    const release = bare.holdPushes()
    void older.push(samplesPush(1)).catch(() => {})
    await older.push({ lane: 'x' })
    const newer = await bare.connectAgent('n1')
    const greeted = newer.hello().then(() => bare.applied.length)
    release()
    expect(await greeted).toBe(1)
  })

  it('answers busy when too much of one lane waits, and incidents still pass', async () => {
    const { push, hello } = await bare.connectAgent('n1')
    await hello()
    const release = bare.holdPushes()
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
    const { socket } = await bare.connectAgent('n1')
    const cut = new Promise((done) => socket.once('disconnect', done))
    const startMs = performance.now()
    bare.revoked.add('c-n1')
    await cut
    expect(performance.now() - startMs).toBeLessThan(5_000)
    expect(await refusal(bare.connectAgent('n1'))).toMatchObject({ code: 'revoked' })
  })

  it('stores and answers what it accepted before it stops', async () => {
    const { push, hello } = await bare.connectAgent('n1')
    await hello()
    const release = bare.holdPushes()
    const pending = push(samplesPush(1))
    await push({ lane: 'x' })
    const drained = bare.gateway.drain()
    release()
    expect(await pending).toEqual({ ok: true, lastSeq: 1 })
    await drained
  })
})
