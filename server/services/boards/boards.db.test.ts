import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { newId } from '../../core/ids'
import { createSampleStore } from '../../db/samples'
import { simulatedReport, simulatedSample } from '../../testing/agent-simulator'
import { openTestDatabase, type TestDatabase } from '../../testing/database'
import { createWorkspace, type TestWorkspace } from '../../testing/factories'
import { archiveGroup } from '../groups/archive'
import { recordIncident } from '../incidents/record'
import { setSchedule } from '../schedule/set'
import { getBoard } from './get'
import { createBoardLink, listBoardLinks, revokeBoardLink } from './links'
import { mayWatchBoard } from './may-watch'
import { openBoardByLink, openBoardForUser } from './open'

let db: TestDatabase
let workspace: TestWorkspace
let node: Awaited<ReturnType<TestWorkspace['addNode']>>
let ids: { event: string; stage: string; match: string; other: string }

beforeAll(async () => {
  db = await openTestDatabase()
})
afterAll(() => db.close())
beforeEach(async () => {
  workspace = await createWorkspace(db)
  node = await workspace.addNode('secret-host-01')
  const event = await workspace.addGroup('Major', [], { kind: 'event' })
  const stage = await workspace.addGroup('Playoffs', [], { kind: 'stage', parentId: event })
  const match = await workspace.addGroup('Match 1', [node.id], { parentId: stage })
  const other = await workspace.addGroup('Elsewhere', [], { kind: 'event' })
  ids = { event, stage, match, other }
  await db.sql("UPDATE node SET state = 'online' WHERE id = $1", [node.id])
})

const HOUR = 3_600_000
const linkTo = async (groupId: string, more: { showsRates?: boolean } = {}) => {
  const ctx = await workspace.as('admin')
  const input = { groupId, name: 'Studio', expiresMs: Date.now() + HOUR, ...more }
  return { ctx, ...(await createBoardLink({ ctx, input })) }
}
const boardBy = async (token: string) => {
  const seat = await openBoardByLink({ db: db.app, token })
  return seat && getBoard({ ctx: seat.ctx, input: { groupId: seat.groupId } })
}

async function flood(): Promise<void> {
  const report = simulatedReport()
  const event = { atUs: report.stages.detectedUs, kind: 'opened', text: 'A flood.' } as const
  await recordIncident({ ctx: node.ctx, input: { nodeId: node.id, event, report } })
}

async function measure(): Promise<void> {
  const at = Math.floor(Date.now() / 1_000) * 1_000
  const wire = { pps: 123_456, bps: 987_654_321 }
  const samples = [{ ...simulatedSample(at), wire }]
  await createSampleStore(db.engine).store([{ workspaceId: workspace.id, nodeId: node.id, seq: 1, hash: 'a', samples }])
}

describe('a link to a board', () => {
  it('shows each match in a word and a sentence, without an account', async () => {
    const { token } = await linkTo(ids.event)
    expect(await boardBy(token)).toMatchObject({
      title: 'Major',
      matches: [{ name: 'Match 1', stage: 'Playoffs', state: 'clean', sentence: 'No attack.' }],
    })
    await flood()
    expect((await boardBy(token))?.matches[0]?.state).not.toBe('clean')
  })

  it('holds no server, no address, no vector, and no rate unless it was made to show them', async () => {
    await flood()
    await measure()
    const plain = JSON.stringify(await boardBy((await linkTo(ids.event)).token))
    for (const secret of [
      'secret-host',
      '203.0.113',
      '192.0.2',
      'udp',
      'dns',
      'pps',
      'bps',
      'rate":',
      '123456',
      '987654321',
      node.id,
      node.id.replaceAll('-', ''),
    ])
      expect(plain.toLowerCase()).not.toContain(secret)
    const rates = await boardBy((await linkTo(ids.event, { showsRates: true })).token)
    expect(rates?.matches[0]?.rate).toEqual({ pps: 123_456, bps: 987_654_321 })
    expect(JSON.stringify(rates)).not.toMatch(/secret-host|203\.0\.113|udp|dns/i)
  })

  it('is told once and kept as a hash', async () => {
    const { ctx, token } = await linkTo(ids.event)
    expect(Buffer.from(token, 'base64url')).toHaveLength(24)
    const rows = await db.sql('SELECT * FROM board_link WHERE workspace_id = $1', [workspace.id])
    expect(JSON.stringify(rows)).not.toContain(token)
    expect(JSON.stringify(await listBoardLinks({ ctx, input: { groupId: ids.event } }))).not.toContain(token)
    await expect(db.app.pool.query('SELECT token_hash FROM board_link')).rejects.toMatchObject({ code: '42501' })
  })

  it('shows its own group: of a match no stage above it, of a stage nothing beside it', async () => {
    const match = await boardBy((await linkTo(ids.match)).token)
    expect(match).toMatchObject({ title: 'Match 1', matches: [{ name: 'Match 1', stage: null }] })
    const stage = await boardBy((await linkTo(ids.stage)).token)
    expect(stage).toMatchObject({ title: 'Playoffs', matches: [{ name: 'Match 1', stage: null }] })
    const seat = await openBoardByLink({ db: db.app, token: (await linkTo(ids.match)).token })
    if (!seat) throw new Error('unreachable')
    await expect(getBoard({ ctx: seat.ctx, input: { groupId: ids.other } })).rejects.toMatchObject({
      code: 'forbidden',
    })
    await expect(getBoard({ ctx: seat.ctx, input: { groupId: ids.event } })).rejects.toMatchObject({
      code: 'forbidden',
    })
  })

  it('ends when it is revoked, expires, or its group is archived', async () => {
    const revoked = await linkTo(ids.event)
    await revokeBoardLink({ ctx: revoked.ctx, input: { id: revoked.id } })
    expect(await boardBy(revoked.token)).toBeNull()
    await expect(revokeBoardLink({ ctx: revoked.ctx, input: { id: revoked.id } })).rejects.toMatchObject({
      code: 'not_found',
    })
    const expired = await linkTo(ids.event)
    const later = { now: () => Date.now() + 2 * HOUR, micros: () => 0 }
    expect(await openBoardByLink({ db: db.app, clock: later, token: expired.token })).toBeNull()
    const archived = await linkTo(ids.stage)
    await archiveGroup({ ctx: archived.ctx, input: { id: ids.stage } })
    expect(await boardBy(archived.token)).toBeNull()
  })

  it('is none when it is guessed, cut short or malformed', async () => {
    for (const token of ['', 'x', newId(), 'A'.repeat(32), "' OR 1=1 --"]) expect(await boardBy(token)).toBeNull()
  })

  it.each([
    ['that ends in the past', { expiresMs: 1 }],
    ['that lasts for ever', { expiresMs: Date.now() + 10 * 365 * 24 * HOUR }],
    ['without a name', { name: '  ' }],
  ])('%s is not made', async (_, more) => {
    const ctx = await workspace.as('admin')
    const input = { groupId: ids.event, name: 'Studio', expiresMs: Date.now() + HOUR, ...more }
    await expect(createBoardLink({ ctx, input })).rejects.toMatchObject({ code: 'validation' })
  })
})

describe('a board by account', () => {
  it('is watched by a broadcaster of its group, and by none of another', async () => {
    const own = await workspace.as('broadcaster', ids.event)
    expect(await getBoard({ ctx: own, input: { groupId: ids.match } })).toMatchObject({ title: 'Match 1' })
    expect(await mayWatchBoard({ ctx: own, input: { groupId: ids.event } })).toBe(true)
    const other = await workspace.as('broadcaster', ids.other)
    await expect(getBoard({ ctx: other, input: { groupId: ids.event } })).rejects.toMatchObject({ code: 'forbidden' })
    expect(await mayWatchBoard({ ctx: other, input: { groupId: ids.event } })).toBe(false)
    expect(await mayWatchBoard({ ctx: await workspace.as('billing'), input: { groupId: ids.event } })).toBe(false)
  })

  it('shows rates to who may read them, not to a broadcaster', async () => {
    await measure()
    const rateFor = async (role: 'operator' | 'broadcaster' | 'official') =>
      (await getBoard({ ctx: await workspace.as(role), input: { groupId: ids.event } })).matches[0]?.rate
    expect(await rateFor('operator')).toEqual({ pps: 123_456, bps: 987_654_321 })
    expect(await rateFor('broadcaster')).toBeUndefined()
    expect(await rateFor('official')).toBeUndefined()
  })

  it('does not exist in a workspace one does not belong to', async () => {
    const foreign = await createWorkspace(db)
    const { actor } = await workspace.as('owner')
    const userId = actor.kind === 'user' ? actor.userId : ''
    expect(
      await openBoardForUser({ db: db.app, userId, boundTo: null, slug: foreign.slug, groupId: ids.event }),
    ).toBeNull()
  })
})

it('a board knows what is on air', async () => {
  const ctx = await workspace.as('admin')
  const window = { startsMs: Date.now() - HOUR, endsMs: Date.now() + HOUR }
  await setSchedule({ ctx, input: { id: ids.match, windows: [window] } })
  expect(await getBoard({ ctx, input: { groupId: ids.event } })).toMatchObject({
    isLive: true,
    matches: [{ isLive: true, window }],
  })
})
