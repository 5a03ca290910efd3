import { io, type Socket } from 'socket.io-client'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { simulatedSample } from '../testing/agent-simulator'
import { type BareGateway, openBareGateway } from '../testing/bare-gateway'

let bare: BareGateway

beforeEach(async () => {
  bare = await openBareGateway()
})
afterEach(() => bare.close())

type Heard = { event: string; value: unknown }

function connectConsole(cookie: string | undefined, origin: string | undefined = bare.url) {
  const headers = { ...(cookie ? { cookie } : {}), ...(origin ? { origin } : {}) }
  const socket: Socket = io(`${bare.url}/console`, {
    path: '/gateway/socket.io',
    addTrailingSlash: false,
    transports: ['websocket'],
    forceNew: true,
    reconnection: false,
    extraHeaders: headers,
  })
  bare.open.push(socket)
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
    bare.gateway.fanOut.incident('w1', { id: 'inc_1' })
    bare.gateway.fanOut.node('w1', { nodeId: 'nd_1', state: 'online', lastSeenMs: 1 })
    bare.gateway.fanOut.sample('w1', 'nd_1', simulatedSample(1_000))
    bare.gateway.fanOut.incident('w2', { id: 'inc_2' })
    await vi.waitFor(() => expect(bob.heard).toHaveLength(1))
    await vi.waitFor(() => expect(ann.heard.map(({ event }) => event)).toEqual(['incident', 'node', 'samples']))
    expect(bob.heard).toEqual([{ event: 'incident', value: { id: 'inc_2' } }])
  })

  it('cuts a socket within five seconds of its session ending', async () => {
    const ann = connectConsole('s=ann')
    await ann.connected
    const cut = new Promise((done) => ann.socket.once('disconnect', done))
    const startMs = performance.now()
    delete bare.sessions['s=ann']
    await cut
    expect(performance.now() - startMs).toBeLessThan(5_000)
  })

  it('cuts a socket within five seconds of its membership ending', async () => {
    const ann = connectConsole('s=ann')
    await ann.connected
    expect(await ann.join('alpha')).toEqual({ ok: true })
    const cut = new Promise((done) => ann.socket.once('disconnect', done))
    const startMs = performance.now()
    bare.members.ann = []
    await cut
    expect(performance.now() - startMs).toBeLessThan(5_000)
  })

  it("tells a workspace's nodes when somebody looks and when nobody does any more", async () => {
    const own = await bare.connectAgent('n1')
    const foreign = await bare.connectAgent('n2')
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

describe('metrics', () => {
  it('are told on the port itself and refused through a proxy', async () => {
    const direct = await fetch(`${bare.url}/gateway/metrics`)
    expect(await direct.text()).toContain('gateway_agents_connected')
    const forwarded = await fetch(`${bare.url}/gateway/metrics`, { headers: { 'x-forwarded-host': 'alerts.example' } })
    expect(forwarded.status).toBe(403)
  })
})
