import { io, type Socket } from 'socket.io-client'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest'
import type { Schedule } from '../../wire/messages'
import { formatId, parseId } from '../core/ids'
import { createBoardLink, revokeBoardLink } from '../services/boards/links'
import { setGroupNodes } from '../services/groups/set-nodes'
import { setSchedule } from '../services/schedule/set'
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
let agent: AgentSimulator
let ids: { event: string; match: string; other: string }
const open: { close: () => unknown }[] = []
const HOUR = 3_600_000
let nodes = 0

beforeAll(async () => {
  stand = await openStand()
  platform = await stand.start('gateway')
  alpha = await stand.addWorkspace()
  beta = await stand.addWorkspace()
})
beforeEach(async () => {
  nodes += 1
  agent = await startAgent(platform.url, await alpha.mintToken(`secret-host-${nodes}`))
  open.push(agent)
  const event = await alpha.addGroup(`Major ${nodes}`, [], { kind: 'event' })
  const match = await alpha.addGroup('Match 1', [nodeId()], { parentId: event })
  ids = { event, match, other: await alpha.addGroup(`Elsewhere ${nodes}`, [], { kind: 'event' }) }
})
afterEach(() => {
  for (const each of open.splice(0)) each.close()
})
afterAll(async () => {
  await platform.stop()
  await stand.close()
})

const nodeId = (): string => parseId('nd', agent.enrolment.nodeId)

async function openBoard(auth: object, { cookie, origin = platform.url }: { cookie?: string; origin?: string } = {}) {
  const socket: Socket = io(`${platform.url}/board`, {
    path: '/gateway/socket.io',
    addTrailingSlash: false,
    transports: ['websocket'],
    forceNew: true,
    reconnection: false,
    auth,
    extraHeaders: { origin, ...(cookie ? { cookie } : {}) },
  })
  open.push(socket)
  const heard: { event: string; value: unknown }[] = []
  socket.onAny((event: string, value: unknown) => heard.push({ event, value }))
  await new Promise<void>((resolve, reject) => {
    socket.once('connect', resolve)
    socket.once('connect_error', (error) => reject((error as Error & { data?: unknown }).data ?? error))
  })
  const last = () =>
    heard.findLast(({ event }) => event === 'board')?.value as
      | { board: { title: string; matches: { state: string }[] } }
      | undefined
  return { socket, heard, last }
}

const linkTo = (groupId: string, showsRates = false) =>
  createBoardLink({ ctx: alpha.asJob, input: { groupId, name: 'Studio', showsRates, expiresMs: Date.now() + HOUR } })

const flood = () =>
  agent.push('incidents', agent.welcome.cursors.incidents + 1, incidentBody(simulatedReport({ state: 'mitigating' })))

describe('a board over its socket', () => {
  it('is sent on opening, and anew within a second of an attack, to a link without an account', async () => {
    const board = await openBoard({ token: (await linkTo(ids.event)).token })
    await vi.waitFor(() =>
      expect(board.last()?.board).toMatchObject({ title: `Major ${nodes}`, matches: [{ state: 'clean' }] }),
    )
    const startMs = performance.now()
    expect(await flood()).toMatchObject({ ok: true })
    await vi.waitFor(() => expect(board.last()?.board.matches[0]?.state).toBe('under_mitigation'), { interval: 5 })
    expect(performance.now() - startMs).toBeLessThan(1_000)
  })

  it('says again and again that it is of now, and sends itself only when it changed', async () => {
    const board = await openBoard({ token: (await linkTo(ids.event)).token })
    await vi.waitFor(() => expect(board.heard.filter(({ event }) => event === 'alive').length).toBeGreaterThan(1), {
      timeout: 10_000,
    })
    expect(board.heard.filter(({ event }) => event === 'board').length).toBeLessThanOrEqual(2)
  })

  it('tells a link no server, address, vector or rate, whatever happens; and rates only where it was made to', async () => {
    const plain = await openBoard({ token: (await linkTo(ids.event)).token })
    const rates = await openBoard({ token: (await linkTo(ids.event, true)).token })
    const samples = [simulatedSample(Math.floor(Date.now() / 1_000) * 1_000, 4_321)]
    await agent.push('samples', agent.welcome.cursors.samples + 1, { type: 'samples', samples })
    await flood()
    await vi.waitFor(() => expect(JSON.stringify(rates.last())).toContain('4321'), { timeout: 10_000 })
    await vi.waitFor(() => expect(plain.last()?.board.matches[0]?.state).toBe('under_mitigation'))
    expect(JSON.stringify(plain.heard)).not.toMatch(/4321|pps|bps|"rate"/)
    for (const { heard } of [plain, rates]) {
      expect(JSON.stringify(heard)).not.toMatch(/secret-host|203\.0\.113|192\.0\.2|udp|dns/i)
      expect(JSON.stringify(heard)).not.toContain(nodeId())
      expect(JSON.stringify(heard)).not.toContain(agent.enrolment.nodeId)
      expect(new Set(heard.map(({ event }) => event))).toEqual(
        new Set(heard.some(({ event }) => event === 'alive') ? ['board', 'alive'] : ['board']),
      )
    }
  })

  it('is cut within five seconds of its link being revoked, and not shown again', async () => {
    const { id, token } = await linkTo(ids.event)
    const board = await openBoard({ token })
    const cut = new Promise((done) => board.socket.once('disconnect', done))
    const startMs = performance.now()
    await revokeBoardLink({ ctx: alpha.asJob, input: { id } })
    await cut
    expect(performance.now() - startMs).toBeLessThan(5_000)
    expect(board.heard.at(-1)?.event).toBe('ended')
    await expect(openBoard({ token })).rejects.toMatchObject({ code: 'ended' })
  })

  it.each([
    ['a guessed token', { token: 'A'.repeat(32) }],
    ['no claim', {}],
    ['more than a token', { token: 'A'.repeat(32), group: 'x', rates: true }],
    ['a workspace without a session', { workspace: 'workspace-1', group: 'grp_x' }],
  ])('is shown to nobody with %s', async (_, auth) => {
    await expect(openBoard(auth)).rejects.toMatchObject({ code: 'ended' })
  })

  it('opens from pages of this host only', async () => {
    const { token } = await linkTo(ids.event)
    await expect(openBoard({ token }, { origin: 'http://evil.example' })).rejects.toMatchObject({ code: 'forbidden' })
  })

  it('is shown to a broadcaster by account without rates, and to none of another workspace', async () => {
    const { cookie } = await alpha.signIn(platform, 'broadcaster')
    const group = formatId('grp', ids.event)
    const board = await openBoard({ workspace: alpha.slug, group }, { cookie })
    await vi.waitFor(() => expect(board.last()?.board).toMatchObject({ showsRates: false }))
    const stranger = await beta.signIn(platform, 'owner')
    await expect(openBoard({ workspace: alpha.slug, group }, { cookie: stranger.cookie })).rejects.toMatchObject({
      code: 'ended',
    })
    const billing = await alpha.signIn(platform, 'billing')
    await expect(openBoard({ workspace: alpha.slug, group }, { cookie: billing.cookie })).rejects.toMatchObject({
      code: 'ended',
    })
  })

  it('is cut within five seconds of the session ending', async () => {
    const person = await alpha.signIn(platform, 'broadcaster')
    const board = await openBoard(
      { workspace: alpha.slug, group: formatId('grp', ids.event) },
      { cookie: person.cookie },
    )
    const cut = new Promise((done) => board.socket.once('disconnect', done))
    const startMs = performance.now()
    await revokeSession({ db: stand.database.app, id: person.sessionId })
    await cut
    expect(performance.now() - startMs).toBeLessThan(5_000)
  })
})

describe('the schedule of a node', () => {
  it('is told when it connects, and anew as soon as it changes, to the nodes it is about alone', async () => {
    expect(agent.welcome.schedule).toEqual({ windows: [] })
    const other = await startAgent(platform.url, await alpha.mintToken(`other-${nodes}`))
    open.push(other)
    const told: Schedule[] = []
    const toldOther: Schedule[] = []
    agent.socket.on('schedule', (schedule) => told.push(schedule))
    other.socket.on('schedule', (schedule) => toldOther.push(schedule))
    const window = { startsMs: Date.now() + HOUR, endsMs: Date.now() + 2 * HOUR }
    await setSchedule({ ctx: alpha.asJob, input: { id: ids.event, windows: [window], audienceTimes: 4 } })
    const expected = [{ fromMs: window.startsMs, untilMs: window.endsMs, audienceTimes: 4 }]
    await vi.waitFor(() => expect(told.at(-1)?.windows).toEqual(expected))
    expect(toldOther.filter(({ windows }) => windows.length > 0)).toEqual([])
    await agent.reconnect()
    expect(agent.welcome.schedule).toEqual({ windows: expected })
    agent.socket.on('schedule', (schedule) => told.push(schedule))
    await setGroupNodes({ ctx: alpha.asJob, input: { id: ids.match, nodeIds: [] } })
    await vi.waitFor(() => expect(told.at(-1)?.windows).toEqual([]))
  })
})
