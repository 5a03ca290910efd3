import { io, type Socket } from 'socket.io-client'
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest'
import { formatId } from '../core/ids'
import { revokeSession } from '../services/sessions/revoke'
import {
  type AgentSimulator,
  incidentBody,
  simulatedReport,
  simulatedSample,
  startAgent,
} from '../testing/agent-simulator'
import { openStand, type RunningPlatform, type Stand, type StandWorkspace } from '../testing/gateway-stand'

let stand: Stand
let platform: RunningPlatform
let alpha: StandWorkspace
let beta: StandWorkspace
const open: { close: () => unknown }[] = []

beforeAll(async () => {
  stand = await openStand()
  platform = await stand.start('gateway')
  alpha = await stand.addWorkspace()
  beta = await stand.addWorkspace()
})
afterEach(() => {
  for (const each of open.splice(0)) each.close()
})
afterAll(async () => {
  await platform.stop()
  await stand.close()
})

async function openConsole(cookie: string, origin = platform.url) {
  const socket: Socket = io(`${platform.url}/console`, {
    path: '/gateway/socket.io',
    addTrailingSlash: false,
    transports: ['websocket'],
    forceNew: true,
    reconnection: false,
    extraHeaders: { cookie, origin },
  })
  open.push(socket)
  const heard: { event: string; value: Record<string, unknown> }[] = []
  socket.onAny((event: string, value: Record<string, unknown>) => heard.push({ event, value }))
  await new Promise<void>((resolve, reject) => {
    socket.once('connect', resolve)
    socket.once('connect_error', (error) => reject((error as Error & { data?: unknown }).data ?? error))
  })
  const join = (workspace: string) => socket.timeout(5_000).emitWithAck('join', { workspace })
  const watchFleet = (workspace: string) =>
    socket.timeout(5_000).emitWithAck('watch', { workspace, fleet: true, nodes: [] })
  return { socket, heard, join, watchFleet }
}

let nodes = 0
async function agentIn(workspace: StandWorkspace): Promise<AgentSimulator> {
  nodes += 1
  const agent = await startAgent(platform.url, await workspace.mintToken(`node-${nodes}`))
  open.push(agent)
  return agent
}

const eventsOf = <Heard extends { event: string }>(heard: Heard[], event: string) =>
  heard.filter((each) => each.event === event)

describe('console over the real session and rows', () => {
  it("sees its own workspace's nodes, samples and incidents live, and a second workspace's socket sees none of them", async () => {
    const own = await openConsole((await alpha.signIn(platform, 'analyst')).cookie)
    const foreign = await openConsole((await beta.signIn(platform, 'owner')).cookie)
    expect(await own.join(alpha.slug)).toEqual({ ok: true })
    expect(await own.watchFleet(alpha.slug)).toEqual({ ok: true })
    expect(await foreign.join(beta.slug)).toEqual({ ok: true })
    expect(await foreign.watchFleet(beta.slug)).toEqual({ ok: true })
    expect(await foreign.watchFleet(alpha.slug)).toMatchObject({ ok: false, error: { code: 'not_found' } })
    expect(await foreign.join(alpha.slug)).toMatchObject({ ok: false, error: { code: 'not_found' } })

    const agent = await agentIn(alpha)
    const report = simulatedReport()
    await agent.push('incidents', 1, incidentBody(report))
    await agent.push('samples', 1, { type: 'samples', samples: [simulatedSample(Date.now())] })
    agent.close()

    await vi.waitFor(() => {
      expect(eventsOf(own.heard, 'incident').at(-1)).toMatchObject({
        value: { id: formatId('inc', report.id), state: 'mitigating', nodeId: agent.enrolment.nodeId },
      })
      expect(eventsOf(own.heard, 'seconds')).toHaveLength(1)
      // Its enrolment may be heard of as well, before it first came.
      const states = eventsOf(own.heard, 'node').map(({ value }) => value.state)
      expect(states.slice(-2)).toEqual(['online', 'offline'])
    })
    const marker = await agentIn(beta)
    await vi.waitFor(() => expect(eventsOf(foreign.heard, 'node')).toHaveLength(1))
    expect(foreign.heard.map(({ value }) => value.nodeId)).toEqual([marker.enrolment.nodeId])
  })

  it.each(['broadcaster', 'spectator', 'billing'] as const)('does not open nodes to the role %s', async (role) => {
    const { join } = await openConsole((await alpha.signIn(platform, role)).cookie)
    expect(await join(alpha.slug)).toMatchObject({ ok: false, error: { code: 'not_found' } })
  })

  it('refuses a cookie that was signed with another secret, and a session of another host', async () => {
    await expect(openConsole('session=eyJhbGciOiJkaXIifQ..x.y.z')).rejects.toMatchObject({ code: 'unauthenticated' })
    const elsewhere = await alpha.signIn({ ...platform, url: 'http://security.example' }, 'owner')
    await expect(openConsole(elsewhere.cookie)).rejects.toMatchObject({ code: 'unauthenticated' })
  })

  it('refuses a page of another origin although it sends the cookie', async () => {
    const { cookie } = await alpha.signIn(platform, 'owner')
    await expect(openConsole(cookie, 'http://evil.example')).rejects.toMatchObject({ code: 'forbidden' })
  })

  it.each([
    [
      'session ends',
      ({ sessionId }: { sessionId: string }) => revokeSession({ db: stand.database.app, id: sessionId }),
    ],
    [
      'membership ends',
      ({ userId }: { userId: string }) => stand.rows('DELETE FROM member WHERE user_id = $1', [userId]),
    ],
    [
      'role loses the right',
      ({ userId }: { userId: string }) =>
        stand.rows(
          "UPDATE member_grant g SET role = 'broadcaster' FROM member m WHERE m.id = g.member_id AND m.user_id = $1",
          [userId],
        ),
    ],
  ])('cuts a socket within five seconds when its %s', async (_title, end) => {
    const person = await alpha.signIn(platform, 'operator')
    const { socket, join } = await openConsole(person.cookie)
    expect(await join(alpha.slug)).toEqual({ ok: true })
    const cut = new Promise((done) => socket.once('disconnect', done))
    const startMs = performance.now()
    await end(person)
    await cut
    expect(performance.now() - startMs).toBeLessThan(5_000)
  })

  it('cuts a node within five seconds of its credential being revoked', async () => {
    const agent = await agentIn(alpha)
    const cut = new Promise((done) => agent.socket.once('disconnect', done))
    const startMs = performance.now()
    await stand.rows('UPDATE node_credential SET revoked_at = now() WHERE public_key = $1', [agent.key.publicKey])
    await cut
    expect(performance.now() - startMs).toBeLessThan(5_000)
  })
})
