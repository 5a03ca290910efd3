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
  const watch = (workspace: string, fleet: boolean, nodes: string[] = []) =>
    socket.timeout(5_000).emitWithAck('watch', { workspace, fleet, nodes })
  return { socket, heard, connected, join, watch }
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
    bare.gateway.fanOut.incident('w1', { id: 'inc_1', nodeId: 'nd_1' })
    bare.gateway.fanOut.node('w1', { nodeId: 'nd_1', state: 'online', lastSeenMs: 1 })
    bare.gateway.fanOut.incident('w2', { id: 'inc_2', nodeId: 'nd_2' })
    await vi.waitFor(() => expect(bob.heard).toHaveLength(1))
    await vi.waitFor(() => expect(ann.heard.map(({ event }) => event)).toEqual(['incident', 'node']))
    expect(bob.heard).toEqual([{ event: 'incident', value: { id: 'inc_2', nodeId: 'nd_2' } }])
  })

  it('sends seconds to those alone who look at them: the fleet short and together, a node whole', async () => {
    const [ann, tom, bob] = [connectConsole('s=ann'), connectConsole('s=ann'), connectConsole('s=bob')]
    await Promise.all([ann.connected, tom.connected, bob.connected])
    await Promise.all([ann.join('alpha'), tom.join('alpha'), bob.join('beta')])
    expect(await ann.watch('alpha', true)).toEqual({ ok: true })
    expect(await tom.watch('alpha', false, ['nd_1'])).toEqual({ ok: true })
    expect(await bob.watch('alpha', true)).toMatchObject({ ok: false, error: { code: 'not_found' } })
    const sample = simulatedSample(1_000)
    for (const node of ['nd_1', 'nd_2']) bare.gateway.fanOut.sample('w1', node, sample)
    bare.gateway.fanOut.history('w1', { nodeId: 'nd_2', fromMs: 1, toMs: 2 })
    await vi.waitFor(() => expect(ann.heard).toHaveLength(2))
    expect(ann.heard.find(({ event }) => event === 'seconds')?.value).toEqual({
      atS: 1,
      nodes: [
        ['1', 0, 900, 1_080_000, 900, 850, 1_100],
        ['2', 0, 900, 1_080_000, 900, 850, 1_100],
      ],
    })
    expect(tom.heard).toEqual([{ event: 'sample', value: { nodeId: 'nd_1', sample } }])
    expect(bob.heard).toEqual([])
  })

  it('shows whoever was given a part of the workspace the nodes of that part, and refuses the others', async () => {
    bare.scopes.ann = ['1']
    const ann = connectConsole('s=ann')
    await ann.connected
    await ann.join('alpha')
    expect(await ann.watch('alpha', true)).toEqual({ ok: true })
    const sample = simulatedSample(1_000)
    for (const nodeId of ['nd_2', 'nd_1']) {
      bare.gateway.fanOut.node('w1', { nodeId, state: 'online', lastSeenMs: 1 })
      bare.gateway.fanOut.sample('w1', nodeId, sample)
      bare.gateway.fanOut.history('w1', { nodeId, fromMs: 1, toMs: 2 })
    }
    await vi.waitFor(() => expect(ann.heard.map(({ event }) => event)).toEqual(['node', 'seconds', 'history']))
    expect(JSON.stringify(ann.heard)).not.toContain('nd_2')
    expect(ann.heard[1]?.value).toMatchObject({ nodes: [['1', 0, 900, 1_080_000, 900, 850, 1_100]] })
    expect(await ann.watch('alpha', false, ['nd_1'])).toEqual({ ok: true })
    expect(await ann.watch('alpha', false, ['nd_2'])).toMatchObject({ ok: false, error: { code: 'forbidden' } })
  })

  it('cuts a socket within five seconds of its part of the workspace changing: it comes back to the new one', async () => {
    bare.scopes.ann = ['1', '2']
    const ann = connectConsole('s=ann')
    await ann.connected
    await ann.join('alpha')
    const cut = new Promise((done) => ann.socket.once('disconnect', done))
    const startMs = performance.now()
    bare.scopes.ann = ['2']
    await cut
    expect(performance.now() - startMs).toBeLessThan(5_000)
  })

  it('refuses to watch what was not joined, and more nodes than a page can show', async () => {
    const ann = connectConsole('s=ann')
    await ann.connected
    expect(await ann.watch('alpha', true)).toMatchObject({ ok: false, error: { code: 'validation' } })
    await ann.join('alpha')
    const crowd = Array.from({ length: 17 }, (_, index) => `nd_${index}`)
    expect(await ann.watch('alpha', false, crowd)).toMatchObject({ ok: false, error: { code: 'validation' } })
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

  it('tells nodes when somebody looks at them, all of them or one, and when nobody does any more', async () => {
    const own = await bare.connectAgent('n1')
    const foreign = await bare.connectAgent('n2')
    const heard: unknown[] = []
    const heardByForeign: unknown[] = []
    own.socket.on('watch', (on) => heard.push(on))
    foreign.socket.on('watch', (on) => heardByForeign.push(on))
    await Promise.all([own.hello(), foreign.hello()])
    const ann = connectConsole('s=ann')
    await ann.connected
    await ann.join('alpha')
    await ann.watch('alpha', false, ['n3'])
    await ann.watch('alpha', true)
    await vi.waitFor(() => expect(heard).toEqual([false, true]))
    // From the fleet to the node's own page: it is looked at all along.
    await ann.watch('alpha', false, ['n1'])
    await ann.watch('alpha', false)
    await vi.waitFor(() => expect(heard).toEqual([false, true, false]))
    await ann.watch('alpha', false, ['n1'])
    ann.socket.close()
    await vi.waitFor(() => expect(heard).toEqual([false, true, false, true, false]))
    expect(heardByForeign).toEqual([false])
  })

  it('tells a node that comes back, as after a restart of the gateway, whether somebody looks at it', async () => {
    const ann = connectConsole('s=ann')
    await ann.connected
    await ann.join('alpha')
    await ann.watch('alpha', true)
    const told: unknown[] = []
    const agent = await bare.connectAgent('n1')
    agent.socket.on('watch', (on) => told.push(on))
    await agent.hello()
    await vi.waitFor(() => expect(told).toEqual([true]))
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
