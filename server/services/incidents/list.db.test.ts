import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { IncidentReport } from '../../../wire/incident'
import type { VectorId } from '../../../wire/vectors'
import { simulatedReport } from '../../testing/agent-simulator'
import { openTestDatabase, type TestDatabase } from '../../testing/database'
import { createWorkspace, type TestWorkspace } from '../../testing/factories'
import type { Ctx } from '../context'
import { acknowledgeIncident } from './acknowledge'
import { countIncidents } from './count'
import { exportIncidents } from './export'
import { groupIncidents } from './group'
import { INCIDENT_SORTS, listIncidents } from './list'
import { openIncident } from './open'

let db: TestDatabase
let workspace: TestWorkspace
let analyst: Ctx
let nodes: Record<'match-01' | 'match-02', { id: string; ctx: Ctx }>

beforeAll(async () => {
  db = await openTestDatabase()
})
afterAll(() => db.close())
beforeEach(async () => {
  workspace = await createWorkspace(db)
  analyst = await workspace.as('analyst')
  nodes = { 'match-01': await workspace.addNode('match-01'), 'match-02': await workspace.addNode('match-02') }
})

const DAY_MS = 86_400_000
const NOON_MS = Date.UTC(2026, 10, 20, 12)

type Given = {
  on?: keyof typeof nodes
  atMs?: number
  lastedMs?: number | null
  peakPps?: number
  dropped?: number
  vectors?: VectorId[]
  address?: string
}

/** Stores an incident that began then; over unless it lasted null. */
async function add({ on = 'match-01', atMs = NOON_MS, lastedMs = 30_000, ...more }: Given = {}): Promise<string> {
  const report = simulatedReport({}, atMs * 1_000 + 9_000_000)
  const { peakPps = 100_000, dropped = 1_000, vectors = ['dns_amp'], address = '203.0.113.10' } = more
  const given: IncidentReport = {
    ...report,
    state: lastedMs === null ? 'mitigating' : 'resolved',
    target: { addresses: [address], ports: [] },
    traffic: { ...report.traffic, peakWire: { pps: peakPps, bps: peakPps * 800 }, droppedPackets: dropped },
    vectors: vectors.map((id) => ({ ...report.vectors[0]!, id })),
    stages: {
      ...report.stages,
      trippedUs: atMs * 1_000,
      detectedUs: atMs * 1_000,
      resolvedUs: lastedMs === null ? null : (atMs + lastedMs) * 1_000,
    },
  }
  const { id, ctx } = nodes[on]
  await openIncident({ ctx, input: { nodeId: id, event: { atUs: 1, kind: 'opened', text: 'opened' }, report: given } })
  return report.id
}

const found = async (input: Parameters<typeof listIncidents>[0]['input'], ctx = analyst): Promise<string[]> =>
  (await listIncidents({ ctx, input })).incidents.map(({ id }) => id)

describe('the list of incidents', () => {
  it('narrows by state, node, group, vector, peak, acknowledgement and time', async () => {
    const going = await add({ lastedMs: null, atMs: NOON_MS })
    const small = await add({ on: 'match-02', atMs: NOON_MS - 2 * DAY_MS, peakPps: 5_000, vectors: ['syn_flood'] })
    const event = await workspace.addGroup('Major', [], { kind: 'event' })
    await workspace.addGroup('Match 2', [nodes['match-02'].id], { parentId: event })
    expect(await found({ state: 'open' })).toEqual([going])
    expect(await found({ state: 'attack' })).toEqual([going])
    expect(await found({ state: 'over' })).toEqual([small])
    expect(await found({ nodeId: nodes['match-02'].id })).toEqual([small])
    expect(await found({ groupId: event })).toEqual([small])
    expect(await found({ isGroupless: true })).toEqual([going])
    expect(await found({ vectorId: 'syn_flood' })).toEqual([small])
    expect(await found({ peakPpsMin: 50_000 })).toEqual([going])
    expect(await found({ fromMs: NOON_MS - DAY_MS })).toEqual([going])
    expect(await found({ toMs: NOON_MS - DAY_MS })).toEqual([small])
    await acknowledgeIncident({ ctx: await workspace.as('operator'), input: { id: small } })
    expect(await found({ isAcknowledged: true })).toEqual([small])
    expect(await found({ isAcknowledged: false })).toEqual([going])
    const input = { state: 'over', vectorId: 'dns_amp' } as const
    expect(await found(input)).toEqual([])
    expect(await countIncidents({ ctx: analyst, input })).toEqual({ open: 0, over: 0, isAny: true })
    expect(await countIncidents({ ctx: analyst })).toEqual({ open: 1, over: 1, isAny: true })
  })

  it('finds by part of the node’s name, of an attacked address, of the vector’s name and of the id, and takes signs for signs', async () => {
    const one = await add({ address: '203.0.113.10', vectors: ['ntp_monlist'] })
    const two = await add({ on: 'match-02', address: '2001:db8::7', vectors: ['syn_flood'] })
    expect(await found({ text: 'CH-02' })).toEqual([two])
    expect(await found({ text: '203.0.113' })).toEqual([one])
    expect(await found({ text: 'syn fl' })).toEqual([two])
    expect(await found({ text: `inc_${one.replaceAll('-', '')}` })).toEqual([one])
    for (const text of ['%', '_', '\\', "'", '"', '<script>']) expect(await found({ text })).toEqual([])
  })

  it.each(INCIDENT_SORTS)('gives each incident once over all pages, %s', async (sort) => {
    const added: string[] = []
    for (let index = 0; index < 11; index++) {
      // Some of the same moment and size.
      const atMs = NOON_MS + Math.floor(index / 3) * 60_000
      added.push(await add({ atMs, lastedMs: index % 4 === 0 ? null : 1_000, peakPps: 1_000 * (index % 3) }))
    }
    const pages: string[][] = []
    let cursor: string | undefined
    do {
      const page = await listIncidents({ ctx: analyst, input: { sort, cursor, limit: 3 } })
      pages.push(page.incidents.map(({ id }) => id))
      cursor = page.next ?? undefined
    } while (cursor)
    expect(pages.map(({ length }) => length)).toEqual([3, 3, 3, 2])
    expect(pages.flat()).toEqual(await found({ sort, limit: 200 }))
    expect([...pages.flat()].sort()).toEqual([...added].sort())
  })

  it('orders by what was asked for; what goes on stands above what is over', async () => {
    const long = await add({ atMs: NOON_MS, lastedMs: 500_000, peakPps: 1, dropped: 5 })
    const going = await add({ atMs: NOON_MS - DAY_MS, lastedMs: null, peakPps: 2, dropped: 1 })
    const fresh = await add({ atMs: NOON_MS + 1, lastedMs: 1, peakPps: 3, dropped: 3 })
    expect(await found({ sort: 'newest' })).toEqual([going, fresh, long])
    expect(await found({ sort: 'oldest' })).toEqual([going, long, fresh])
    expect(await found({ sort: 'peak' })).toEqual([fresh, going, long])
    expect(await found({ sort: 'longest' })).toEqual([going, long, fresh])
    expect(await found({ sort: 'dropped' })).toEqual([long, fresh, going])
  })

  it('refuses a page that it did not give', async () => {
    for (const cursor of ['x', Buffer.from('[1,2]').toString('base64url')])
      await expect(found({ cursor })).rejects.toMatchObject({ code: 'validation', field: 'cursor' })
  })

  it('is grouped by campaign, day of the reader’s zone, node and group, each with what lies in it', async () => {
    await add({ atMs: NOON_MS })
    await add({ on: 'match-02', atMs: NOON_MS + 60_000, peakPps: 300_000, vectors: ['syn_flood'] })
    await add({ atMs: Date.UTC(2026, 10, 21, 0, 30), lastedMs: null })
    const event = await workspace.addGroup('Major', [], { kind: 'event' })
    const match = await workspace.addGroup('Match 2', [nodes['match-02'].id], { parentId: event })
    const by = async (grouping: 'campaign' | 'day' | 'node' | 'group', zone?: string) =>
      (await groupIncidents({ ctx: analyst, input: { by: grouping, zone } })).map(({ key, incidents }) => [
        key,
        incidents,
      ])
    expect(await by('campaign')).toEqual([
      ['2', 1],
      ['1', 2],
    ])
    expect(await by('day')).toEqual([
      ['2026-11-21', 1],
      ['2026-11-20', 2],
    ])
    expect(await by('day', 'America/New_York')).toEqual([['2026-11-20', 3]])
    expect(await by('node')).toEqual([
      [nodes['match-01'].id, 2],
      [nodes['match-02'].id, 1],
    ])
    expect(await by('group')).toEqual(
      expect.arrayContaining([
        [match, 1],
        [event, 1],
        [null, 2],
      ]),
    )
    const [, campaign] = await groupIncidents({ ctx: analyst, input: { by: 'campaign' } })
    expect(campaign).toMatchObject({ nodeCount: 2, open: 0, peakPps: 300_000 })
    expect(campaign?.vectors.sort()).toEqual(['dns_amp', 'syn_flood'])
    await expect(by('day', 'Nowhere/City')).rejects.toMatchObject({ code: 'validation' })
  })

  it('shows a role in one group what lies in it, in lists, counts, groups and exports, and names no other group', async () => {
    const theirs = await add({ on: 'match-02' })
    await add({ on: 'match-01' })
    const match = await workspace.addGroup('Match 2', [nodes['match-02'].id])
    await workspace.addGroup('Secret event', [nodes['match-02'].id], { kind: 'event' })
    const official = await workspace.as('official', match)
    expect(await found({}, official)).toEqual([theirs])
    expect(await countIncidents({ ctx: official })).toEqual({ open: 0, over: 1, isAny: true })
    const groups = await groupIncidents({ ctx: official, input: { by: 'group' } })
    expect(groups.map(({ name }) => name)).toEqual(['Match 2'])
    const taken: string[] = []
    for await (const page of await exportIncidents({ ctx: official, input: { format: 'csv' } }))
      taken.push(...page.map(({ id }) => id))
    expect(taken).toEqual([theirs])
  })

  it('writes an export down before anything leaves', async () => {
    await add()
    await exportIncidents({ ctx: analyst, input: { format: 'json', state: 'over' } })
    const entries = await db.sql(
      "SELECT after FROM audit_entry WHERE workspace_id = $1 AND action = 'incident.export'",
      [workspace.id],
    )
    expect(entries).toEqual([{ after: { format: 'json', sort: 'newest', state: 'over' } }])
  })

  it('answers a page of a thousand within 100 ms, in every order and narrowed', async () => {
    const id = await add()
    await db.sql(
      `INSERT INTO incident (workspace_id, id, node_id, state, revision, score, report, policy, opened_at, first_packet_at,
         detected_at, stored_at, resolved_at, updated_at)
       SELECT workspace_id, gen_random_uuid(), node_id, state, revision, score, report, policy,
         opened_at - n * interval '20 minutes', first_packet_at, detected_at, stored_at, resolved_at, updated_at
       FROM incident, generate_series(1, 1000) AS n WHERE id = $1`,
      [id],
    )
    await db.sql('ANALYZE incident')
    const asked = [...INCIDENT_SORTS.map((sort) => ({ sort })), { text: 'dns' }, { peakPpsMin: 5 }]
    for (const input of asked) {
      const times: number[] = []
      for (let round = 0; round < 4; round++) {
        const startMs = performance.now()
        await found(input)
        times.push(performance.now() - startMs)
      }
      expect(Math.min(...times), JSON.stringify(input)).toBeLessThan(100)
    }
  })
})
