import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { Sample } from '../../wire/sample'
import { DAY_MS, HOUR_MS, MINUTE_MS } from '../core/units'
import { recordIncident } from '../services/incidents/record'
import { getNodeSeries } from '../services/nodes/samples'
import { simulatedReport, simulatedSample } from '../testing/agent-simulator'
import { openTestDatabase, type TestDatabase } from '../testing/database'
import { createWorkspace, type TestWorkspace } from '../testing/factories'
import { createFakeClock, type FakeClock } from '../testing/fake-clock'
import { readSamples } from './sample-reads'
import { createSampleStore, type SampleStore } from './samples'
import { inWorkspace } from './tenant'

const NOON_MS = Date.parse('2026-11-20T12:00:00Z')

let db: TestDatabase
let clock: FakeClock
let workspace: TestWorkspace
let node: Awaited<ReturnType<TestWorkspace['addNode']>>
let store: SampleStore
let seq = 0

beforeAll(async () => {
  db = await openTestDatabase()
})
afterAll(() => db.close())
beforeEach(async () => {
  seq = 0
  clock = createFakeClock(NOON_MS)
  workspace = await createWorkspace(db, clock)
  node = await workspace.addNode('match-01')
  store = createSampleStore(db.engine)
})

const send = (samples: Sample[]) =>
  store.store([{ workspaceId: workspace.id, nodeId: node.id, seq: ++seq, hash: `h${seq}`, samples }])

/** Seconds that end after `fromMs`, each with its own rate. */
const seconds = (fromMs: number, count: number, pps: (second: number) => number) =>
  Array.from({ length: count }, (_, index) => simulatedSample(fromMs + (index + 1) * 1_000, pps(index + 1)))

const rows = (relation: '1m' | '1h') =>
  db.sql<{ at: Date; seconds: string; wire_pps: number; wire_pps_max: number }>(
    `SELECT at, seconds, wire_pps, wire_pps_max FROM sample_${relation} WHERE node_id = $1 ORDER BY at`,
    [node.id],
  )

const rollUp = () => store.rollUp(clock.now())

const series = (fromMs: number, toMs: number) =>
  getNodeSeries({ ctx: workspace.asJob, input: { nodeId: node.id, fromMs, toMs } })

describe('rollups', () => {
  it('hold the mean and the peak of the seconds that ended in the minute, and of the minutes in the hour', async () => {
    await send(seconds(NOON_MS, 60, (second) => second))
    await send(seconds(NOON_MS + MINUTE_MS, 60, () => 1_000))
    clock.advance(HOUR_MS)
    await rollUp()
    expect(await rows('1m')).toEqual([
      { at: new Date(NOON_MS + MINUTE_MS), seconds: '60', wire_pps: 30.5, wire_pps_max: 60 },
      { at: new Date(NOON_MS + 2 * MINUTE_MS), seconds: '60', wire_pps: 1_000, wire_pps_max: 1_000 },
    ])
    expect(await rows('1h')).toEqual([
      { at: new Date(NOON_MS + HOUR_MS), seconds: '120', wire_pps: 515.25, wire_pps_max: 1_000 },
    ])
  })

  it('wait until a minute is over, and then follow by themselves', async () => {
    await send(seconds(NOON_MS, 30, () => 100))
    clock.advance(MINUTE_MS)
    expect(await rollUp()).toBe(0)
    clock.advance(MINUTE_MS)
    expect(await rollUp()).toBe(1)
    expect(await rollUp()).toBe(0)
  })

  it('are made again when seconds come late, up to two days', async () => {
    await send(seconds(NOON_MS, 30, () => 100))
    clock.advance(2 * DAY_MS - HOUR_MS)
    await rollUp()
    await store.maintain(clock.now())
    await send(seconds(NOON_MS + 30_000, 30, () => 300))
    expect(await rollUp()).toBe(1)
    expect((await rows('1m')).map(({ seconds: count, wire_pps }) => [count, wire_pps])).toEqual([['60', 200]])
    expect((await rows('1h')).map(({ seconds: count, wire_pps }) => [count, wire_pps])).toEqual([['60', 200]])
  })

  it('are not made again by a message that is repeated', async () => {
    const samples = seconds(NOON_MS, 60, () => 100)
    await send(samples)
    clock.advance(HOUR_MS)
    await rollUp()
    await send(samples)
    expect(await rollUp()).toBe(0)
  })

  it('miss no second although seconds are stored and rolled up at the same time', async () => {
    clock.advance(DAY_MS)
    const all = seconds(NOON_MS, 120, () => 100)
    const storing = (async () => {
      for (let at = 0; at < all.length; at += 3) await send(all.slice(at, at + 3))
    })()
    let isStoring = true
    void storing.then(() => {
      isStoring = false
    })
    while (isStoring) await rollUp()
    await rollUp()
    expect((await rows('1m')).map(({ seconds: count }) => count)).toEqual(['60', '60'])
    expect((await rows('1h')).map(({ seconds: count }) => count)).toEqual(['120'])
  })
})

describe('keeping', () => {
  const countOf = async (relation: string) =>
    Number((await db.sql(`SELECT count(*) FROM ${relation} WHERE node_id = $1`, [node.id]))[0]?.count)

  it('drops seconds after two days, minutes after ninety, hours after two years', async () => {
    await send(seconds(NOON_MS, 60, () => 100))
    clock.advance(HOUR_MS)
    await rollUp()
    const counts = async (ageMs: number) => {
      await store.maintain(NOON_MS + ageMs)
      return Promise.all(['sample_1s', 'sample_1m', 'sample_1h'].map(countOf))
    }
    expect(await counts(2 * DAY_MS)).toEqual([60, 1, 1])
    expect(await counts(4 * DAY_MS)).toEqual([0, 1, 1])
    expect(await counts(90 * DAY_MS)).toEqual([0, 1, 1])
    expect(await counts(99 * DAY_MS)).toEqual([0, 0, 1])
    expect(await counts(730 * DAY_MS)).toEqual([0, 0, 1])
    expect(await counts(760 * DAY_MS)).toEqual([0, 0, 0])
  })

  it('leaves the seconds within ten minutes of an incident as long as it lives, and shows them like any other', async () => {
    const report = simulatedReport({}, (NOON_MS + 30 * MINUTE_MS) * 1_000)
    const over = {
      ...report,
      state: 'resolved' as const,
      stages: { ...report.stages, resolvedUs: report.stages.detectedUs },
    }
    const event = { atUs: report.stages.detectedUs, kind: 'resolved', text: 'Over.' } as const
    await recordIncident({ ctx: node.ctx, input: { nodeId: node.id, event, report: over } })
    const hour = seconds(NOON_MS, 3_600, (second) => second)
    for (let at = 0; at < hour.length; at += 100) await send(hour.slice(at, at + 100))
    await store.maintain(NOON_MS + 5 * DAY_MS)

    const kept = await inWorkspace(db.app, workspace.id, (tx) =>
      readSamples(tx, { workspaceId: workspace.id, nodeId: node.id, fromMs: NOON_MS, toMs: NOON_MS + HOUR_MS }),
    )
    const { trippedUs, resolvedUs } = over.stages
    const around = hour
      .map(({ atMs }) => atMs)
      .filter((atMs) => atMs >= trippedUs / 1_000 - 10 * MINUTE_MS && atMs <= resolvedUs / 1_000 + 10 * MINUTE_MS)
    expect(around.length).toBeGreaterThan(1_190)
    expect(kept.map(({ atMs }) => atMs)).toEqual(around)
    await db.sql('DELETE FROM incident WHERE node_id = $1', [node.id])
    await send(seconds(NOON_MS + 5 * DAY_MS, 1, () => 1))
    await store.maintain(NOON_MS + 9 * DAY_MS)
    expect(await countOf('sample_1s_kept')).toBe(0)
  })
})

describe('a series', () => {
  beforeEach(async () => {
    await send(seconds(NOON_MS, 60, () => 100))
    await send(seconds(NOON_MS + 5 * MINUTE_MS, 60, () => 700))
    clock.advance(HOUR_MS)
    await rollUp()
  })

  it.each([
    ['an hour', HOUR_MS, 1_000, 120],
    ['a day', DAY_MS, MINUTE_MS, 2],
    ['a week', 7 * DAY_MS, 5 * MINUTE_MS, 2],
    ['ninety days', 90 * DAY_MS, HOUR_MS, 1],
  ])(
    'over %s comes in the finest resolution that answers it, and says which',
    async (_, spanMs, resolutionMs, points) => {
      const { columns, ...said } = await series(clock.now() - spanMs, clock.now())
      expect(said).toEqual({ resolutionMs })
      expect(columns.at_ms).toHaveLength(points)
      expect(columns.wire_pps.at(-1)).toBe(resolutionMs === HOUR_MS ? 400 : 700)
    },
  )

  it('of a span whose seconds are gone comes in minutes', async () => {
    clock.advance(5 * DAY_MS)
    const { resolutionMs, columns } = await series(NOON_MS, NOON_MS + HOUR_MS)
    expect([resolutionMs, columns.at_ms]).toEqual([MINUTE_MS, [NOON_MS + MINUTE_MS, NOON_MS + 6 * MINUTE_MS]])
  })

  it('belongs to its workspace: another finds nothing, even by the id of the node', async () => {
    const other = await createWorkspace(db, clock)
    const input = { nodeId: node.id, fromMs: NOON_MS, toMs: clock.now() }
    for (const spanMs of [HOUR_MS, DAY_MS, 7 * DAY_MS, 90 * DAY_MS]) {
      const { columns } = await getNodeSeries({ ctx: other.asJob, input: { ...input, fromMs: input.toMs - spanMs } })
      expect(columns.at_ms).toEqual([])
    }
  })
})
