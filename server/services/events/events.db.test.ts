import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { openTestDatabase, type TestDatabase } from '../../testing/database'
import { createWorkspace, type TestWorkspace } from '../../testing/factories'
import { createFakeClock, type FakeClock } from '../../testing/fake-clock'
import type { Ctx } from '../context'
import { listGroups } from '../groups/list'
import { getMatch } from '../matches/get'
import { getNodeSchedule } from '../nodes/get-schedule'
import { isLive } from '../schedule/is-live'
import { setSchedule } from '../schedule/set'
import { createEvent } from './create'
import { getEvent } from './get'
import { listCalendar } from './list-calendar'
import { getReadiness } from './readiness'
import { updateEvent } from './update'

const HOUR = 3_600_000
let db: TestDatabase
let clock: FakeClock
let workspace: TestWorkspace
let ctx: Ctx

beforeAll(async () => {
  db = await openTestDatabase()
})
afterAll(() => db.close())
beforeEach(async () => {
  clock = createFakeClock()
  workspace = await createWorkspace(db, clock)
  ctx = await workspace.as('admin')
})

const hours = (from: number, until: number) => ({
  startsMs: clock.now() + from * HOUR,
  endsMs: clock.now() + until * HOUR,
})
const add = (
  kind: 'event' | 'stage' | 'match',
  name: string,
  more: Partial<Parameters<typeof createEvent>[0]['input']> = {},
) => createEvent({ ctx, input: { kind, name, ...more } })

describe('an event', () => {
  it('is made with its times and servers, or not at all', async () => {
    const node = await workspace.addNode('match-01')
    const { id } = await add('event', 'Major', {
      windows: [hours(1, 5)],
      timeZone: 'Europe/Berlin',
      audienceTimes: 4,
      nodeIds: [node.id],
    })
    expect((await getEvent({ ctx, input: { id } })).event).toMatchObject({
      zone: 'Europe/Berlin',
      audience: 4,
      windows: [hours(1, 5)],
      nodeIds: [node.id],
      isLive: false,
    })
    const foreign = await (await createWorkspace(db)).addNode('theirs')
    await expect(add('event', 'Broken', { nodeIds: [foreign.id] })).rejects.toMatchObject({ code: 'not_found' })
    expect((await listGroups({ ctx })).map(({ name }) => name)).toEqual(['Major'])
  })

  it.each([
    ['windows', { windows: [{ startsMs: 5, endsMs: 5 }] }],
    ['windows', { windows: [{ startsMs: 0, endsMs: 90 * 24 * HOUR }] }],
    ['timeZone', { timeZone: 'Mars/Base' }],
    ['audienceTimes', { audienceTimes: 0.5 }],
    ['audienceTimes', { audienceTimes: 1_000 }],
  ])('refuses %s that make no sense', async (field, more) => {
    await expect(add('event', 'Major', more)).rejects.toMatchObject({
      code: 'validation',
      field: expect.stringContaining(field),
    })
  })

  it('goes on and off air by the clock, and with whatever is in it', async () => {
    const { id } = await add('event', 'Major', { windows: [hours(1, 2)] })
    const { id: match } = await add('match', 'Match 1', { parentId: id, windows: [hours(4, 6)] })
    const live = async () => [await isLive({ ctx, input: { id } }), await isLive({ ctx, input: { id: match } })]
    expect(await live()).toEqual([false, false])
    clock.advance(1.5 * HOUR)
    expect(await live()).toEqual([true, false])
    clock.advance(3 * HOUR)
    expect(await live()).toEqual([true, true])
    clock.advance(2 * HOUR)
    expect(await live()).toEqual([false, false])
  })

  it('replaces all windows at once, and keeps what was not given', async () => {
    const { id } = await add('event', 'Major', { windows: [hours(1, 2)], timeZone: 'Asia/Seoul' })
    await setSchedule({ ctx, input: { id, windows: [hours(3, 4), hours(5, 6)] } })
    expect((await getEvent({ ctx, input: { id } })).event).toMatchObject({
      zone: 'Asia/Seoul',
      windows: [hours(3, 4), hours(5, 6)],
    })
  })

  it('is changed whole or not at all', async () => {
    const { id } = await add('event', 'Major')
    await add('event', 'Minor')
    const input = { id, name: 'Minor', windows: [hours(3, 4)] }
    await expect(updateEvent({ ctx, input })).rejects.toMatchObject({ code: 'conflict' })
    expect((await getEvent({ ctx, input: { id } })).event).toMatchObject({ name: 'Major', windows: [] })
    await updateEvent({ ctx, input: { ...input, name: 'Masters' } })
    expect((await getEvent({ ctx, input: { id } })).event).toMatchObject({ name: 'Masters', windows: [hours(3, 4)] })
  })

  it('says when two of its matches are on one server at once, to whom servers are shown', async () => {
    const node = await workspace.addNode('match-01')
    const { id } = await add('event', 'Major')
    const { id: one } = await add('match', 'One', { parentId: id, windows: [hours(1, 3)], nodeIds: [node.id] })
    const { id: two } = await add('match', 'Two', { parentId: id, windows: [hours(2, 4)], nodeIds: [node.id] })
    const { inside, names } = await getEvent({ ctx, input: { id } })
    expect(inside.find((match) => match.id === one)?.clashes).toEqual([
      { groupId: one, withId: two, nodeId: node.id, ...hours(2, 3) },
    ])
    expect(names[two]).toBe('Two')
    const guest = await workspace.as('broadcaster', id)
    const seen = await getEvent({ ctx: guest, input: { id } })
    expect(seen.inside.flatMap(({ clashes, nodeIds }) => [...clashes, ...nodeIds])).toEqual([])
    expect(await getMatch({ ctx: guest, input: { id: one } })).toMatchObject({
      nodeIds: null,
      mayReadIncidents: false,
      clashes: [],
    })
  })

  it('shows what lies in reach and nothing above it', async () => {
    const { id } = await add('event', 'Major', { windows: [hours(1, 9)] })
    const { id: stage } = await add('stage', 'Playoffs', { parentId: id })
    const { id: match } = await add('match', 'Final', { parentId: stage, windows: [hours(2, 3)] })
    const official = await workspace.as('official', stage)
    await expect(getEvent({ ctx: official, input: { id } })).rejects.toMatchObject({ code: 'forbidden' })
    expect((await getEvent({ ctx: official, input: { id: stage } })).path).toEqual([])
    const range = { fromMs: clock.now(), toMs: clock.now() + 24 * HOUR }
    const { items, events } = await listCalendar({ ctx: official, input: range })
    expect(items.map(({ groupId, path, eventId }) => [groupId, path, eventId])).toEqual([[match, ['Playoffs'], null]])
    expect(events).toEqual([])
    expect((await listCalendar({ ctx, input: range })).items.map(({ name }) => name)).toEqual(['Major', 'Final'])
  })
})

describe('what a node is told to expect', () => {
  it('is the audience of each group it lies in, for the days to come, and only by itself', async () => {
    const node = await workspace.addNode('match-01')
    const other = await workspace.addNode('match-02')
    const { id } = await add('event', 'Major', { windows: [hours(1, 9)], audienceTimes: 2 })
    await add('match', 'Final', { parentId: id, windows: [hours(2, 3)], audienceTimes: 6, nodeIds: [node.id] })
    await add('match', 'Far', { parentId: id, windows: [hours(24 * 30, 24 * 30 + 1)], nodeIds: [node.id] })
    const told = await getNodeSchedule({ ctx: { ...node.ctx, clock }, input: { nodeId: node.id } })
    expect(told.map(({ fromMs, audienceTimes }) => [(fromMs - clock.now()) / HOUR, audienceTimes])).toEqual([
      [1, 2],
      [2, 6],
    ])
    expect(await getNodeSchedule({ ctx: other.ctx, input: { nodeId: other.id } })).toEqual([])
    await expect(getNodeSchedule({ ctx: other.ctx, input: { nodeId: node.id } })).rejects.toMatchObject({
      code: 'forbidden',
    })
  })
})

describe('readiness', () => {
  const stateOf = async (id: string) =>
    Object.fromEntries((await getReadiness({ ctx, input: { id } })).map(({ key, state }) => [key, state]))

  it('is told from what is stored, and turns good as each thing is mended', async () => {
    const { id } = await add('event', 'Major')
    expect(await stateOf(id)).toMatchObject({
      servers: 'missing',
      online: 'missing',
      alerts: 'missing',
      air: 'missing',
      board: 'attention',
    })
    const node = await workspace.addNode('match-01')
    const { id: match } = await add('match', 'One', { parentId: id, windows: [hours(1, 3)], nodeIds: [node.id] })
    expect(await stateOf(id)).toMatchObject({
      servers: 'ok',
      online: 'missing',
      agents: 'ok',
      air: 'ok',
      clashes: 'ok',
    })
    await db.sql("UPDATE node SET state = 'online' WHERE id = $1", [node.id])
    await workspace.addDestination()
    await add('match', 'Two', { parentId: id, windows: [hours(2, 4)], nodeIds: [node.id] })
    expect(await stateOf(id)).toMatchObject({ online: 'ok', alerts: 'attention', clashes: 'attention' })
    expect(await stateOf(match)).toMatchObject({ clashes: 'attention' })
  })

  it('offers a way to mend whatever is not good', async () => {
    const { id } = await add('event', 'Major')
    for (const { state, mend } of await getReadiness({ ctx, input: { id } })) expect(mend === null).toBe(state === 'ok')
  })
})
