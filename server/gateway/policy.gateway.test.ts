import pg from 'pg'
import { afterAll, afterEach, beforeAll, expect, inject, it, vi } from 'vitest'
import type { Policy } from '../../wire/messages'
import { parseId } from '../core/ids'
import { MINUTE_MS } from '../core/units'
import { setGroupNodes } from '../services/groups/set-nodes'
import { getPolicy } from '../services/policies/get'
import { listStops } from '../services/policies/list-stops'
import { resumeMitigation } from '../services/policies/resume'
import { savePolicy } from '../services/policies/save'
import { BUILT_IN, type PolicySettings } from '../services/policies/settings'
import { stopMitigation } from '../services/policies/stop'
import { type AgentSimulator, connectSocket, HELLO, proveIdentity, startAgent } from '../testing/agent-simulator'
import { openStand, type RunningPlatform, type Stand, type StandWorkspace } from '../testing/gateway-stand'

let stand: Stand
let workspace: StandWorkspace
let platform: RunningPlatform
const open: { close: () => void }[] = []

beforeAll(async () => {
  stand = await openStand()
  platform = await stand.start('gateway')
})
afterEach(() => {
  for (const one of open.splice(0)) one.close()
})
afterAll(async () => {
  await platform.stop()
  await stand.close()
})

/** A node with what it was told since it connected; times by the test's own clock. */
async function addNode(name: string) {
  const agent = await startAgent(platform.url, await workspace.mintToken(name))
  open.push(agent)
  return { agent, id: parseId('nd', agent.enrolment.nodeId), told: listenTo(agent.socket) }
}

function listenTo(socket: AgentSimulator['socket']): { policy: Policy; atMs: number }[] {
  const told: { policy: Policy; atMs: number }[] = []
  socket.on('policy', (policy) => void told.push({ policy, atMs: Date.now() }))
  return told
}

const save = (scope: { groupId?: string }, part: Partial<PolicySettings>, versionSeen = 0) =>
  savePolicy({ ctx: workspace.asJob, input: { scope, settings: { ...BUILT_IN, ...part }, versionSeen } })
const stop = (scope: { groupId?: string } = {}) =>
  stopMitigation({ ctx: workspace.asJob, input: { scope, minutes: 15, reason: 'players are lost' } })
const holding = async () => {
  const { nodes } = await getPolicy({ ctx: workspace.asJob, input: { scope: {} } })
  return nodes.map(({ name, holds }) => `${name}: ${holds}`)
}

it('a change reaches the connected nodes it is about within a second, and those alone; who comes back gets it in the welcome', async () => {
  workspace = await stand.addWorkspace()
  const [one, two] = [await addNode('match-01'), await addNode('match-02')]
  expect(one.agent.welcome).toMatchObject({ version: 2, policy: { id: 'built-in', newSourcePps: 200 } })
  const group = await workspace.addGroup('Match 1')
  const savedMs = Date.now()
  await save({ groupId: group }, { newSourcePps: 300, vectors: { dns_amp: 'limit' } })
  await setGroupNodes({ ctx: workspace.asJob, input: { id: group, nodeIds: [one.id] } })
  await vi.waitFor(() => expect(one.told).toHaveLength(1))
  expect(one.told[0]?.policy).toMatchObject({
    name: 'Match 1',
    version: 1,
    newSourcePps: 300,
    vectors: { dns_amp: 'limit' },
  })
  expect((one.told[0]?.atMs ?? 0) - savedMs).toBeLessThan(1_000)

  await save({}, { newSourcePps: 400 })
  await vi.waitFor(() => expect(two.told.map(({ policy }) => policy.newSourcePps)).toEqual([400]))
  expect(one.told).toHaveLength(1)
  await one.agent.reconnect()
  expect(one.agent.welcome.policy).toMatchObject({ name: 'Match 1', newSourcePps: 300 })
})

it('the page says a policy is in force once the node said so, and not before', async () => {
  workspace = await stand.addWorkspace()
  const { agent, told } = await addNode('match-01')
  expect(await holding()).toEqual(['match-01: unknown'])
  const hold = ({ id = '', stoppedUntilMs = null }: { id?: string; stoppedUntilMs?: number | null }) =>
    agent.socket.emit('held', { id, stoppedUntilMs })
  hold(agent.welcome.policy)
  await vi.waitFor(async () => expect(await holding()).toEqual(['match-01: yes']))
  await save({}, { newSourcePps: 300 })
  expect(await holding()).toEqual(['match-01: not_yet'])
  await vi.waitFor(() => expect(told).toHaveLength(1))
  hold(told[0]?.policy ?? {})
  await vi.waitFor(async () => expect(await holding()).toEqual(['match-01: yes']))
})

it('the kill switch is a policy: there within a second with its end, and gone at one press', async () => {
  workspace = await stand.addWorkspace()
  const { agent, told } = await addNode('match-01')
  const pressedMs = Date.now()
  await stop()
  await vi.waitFor(() => expect(told).toHaveLength(1))
  const { policy, atMs } = told[0] as (typeof told)[0]
  expect(atMs - pressedMs).toBeLessThan(1_000)
  expect(policy).toMatchObject({ certain: 'drop', doubtful: 'limit' })
  expect(policy.stoppedUntilMs).toBeGreaterThan(pressedMs + 14 * MINUTE_MS)
  await agent.reconnect()
  expect(agent.welcome.policy.stoppedUntilMs).toBe(policy.stoppedUntilMs)
  const back = listenTo(agent.socket)
  const [one] = await listStops({ ctx: workspace.asJob })
  await resumeMitigation({ ctx: workspace.asJob, input: { id: one?.id as string } })
  await vi.waitFor(() => expect(back).toHaveLength(1))
  expect(back[0]?.policy).not.toHaveProperty('stoppedUntilMs')
})

it('a node of version 1 is told what it understands: no vectors, and to observe while mitigation is stopped', async () => {
  workspace = await stand.addWorkspace()
  await save({}, { newSourcePps: 300, vectors: { dns_amp: 'limit' } })
  const { agent } = await addNode('match-01')
  const { nodeId } = agent.enrolment
  const prove = () => proveIdentity(nodeId, agent.key.privateKey, 'connect', { versions: [1] })
  const socket = await connectSocket(platform.url, prove)
  open.push(socket)
  const told = listenTo(socket)
  const welcome = await socket.timeout(5_000).emitWithAck('hello', HELLO)
  const plain = { name: 'workspace', version: 1, certain: 'drop', doubtful: 'limit', newSourcePps: 300, holdMs: 25_000 }
  expect(welcome).toMatchObject({ version: 1, policy: plain })
  expect(Object.keys('policy' in welcome ? welcome.policy : {}).sort()).toEqual(Object.keys(plain).sort())
  await stop()
  await vi.waitFor(() =>
    expect(told.map(({ policy }) => policy)).toEqual([{ ...plain, certain: 'observe', doubtful: 'observe' }]),
  )
  const [one] = await listStops({ ctx: workspace.asJob })
  await resumeMitigation({ ctx: workspace.asJob, input: { id: one?.id as string } })
  await vi.waitFor(() => expect(told.at(-1)?.policy).toEqual(plain))
})

it('what changed while the gateway did not listen is told when it listens again', async () => {
  workspace = await stand.addWorkspace()
  const { told } = await addNode('match-01')
  const admin = new pg.Client({ connectionString: inject('testServer').adminUrl })
  await admin.connect()
  await admin.query(
    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'notifications' AND datname = $1",
    [new URL(stand.database.urls.DATABASE_URL).pathname.slice(1)],
  )
  await admin.end()
  await save({}, { newSourcePps: 300 })
  await vi.waitFor(() => expect(told.map(({ policy }) => policy.newSourcePps)).toEqual([300]), { timeout: 5_000 })
})

it.each([{ id: 7 }, null, { id: 'x'.repeat(65), stoppedUntilMs: null }])(
  'a node that says it holds %j is not believed, and cut if it goes on',
  async (claim) => {
    workspace = await stand.addWorkspace()
    const { agent } = await addNode('match-01')
    const cut = new Promise((done) => agent.socket.once('disconnect', done))
    for (let fault = 0; fault < 200; fault++) agent.socket.emit('held', claim as never)
    await cut
    expect(await holding()).toEqual(['match-01: unknown'])
  },
)
