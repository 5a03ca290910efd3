import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { simulatedSample } from '../testing/agent-simulator'
import { openTestDatabase, type TestDatabase } from '../testing/database'
import { createWorkspace, type TestWorkspace } from '../testing/factories'
import { createFakeClock } from '../testing/fake-clock'
import { readLatestSamples, readSamples, readTails } from './sample-reads'
import { createSampleStore, type SamplePush, type SampleStore } from './samples'
import { inWorkspace } from './tenant'

const START_MS = Date.parse('2026-11-20T23:59:00Z')

let db: TestDatabase
let workspace: TestWorkspace
let other: TestWorkspace
let nodeId: string
let store: SampleStore
let serial = 0

beforeAll(async () => {
  db = await openTestDatabase()
  workspace = await createWorkspace(db)
  other = await createWorkspace(db)
  store = createSampleStore(db.engine)
})
afterAll(() => db.close())
beforeEach(async () => {
  nodeId = (await workspace.addNode(`node-${++serial}`)).id
})

const push = (seq: number, seconds: number[], part: Partial<SamplePush> = {}): SamplePush => ({
  workspaceId: workspace.id,
  nodeId,
  seq,
  hash: `hash-${seq}`,
  samples: seconds.map((second) => simulatedSample(START_MS + second * 1_000, 900 + second)),
  ...part,
})

const read = (where = workspace) =>
  inWorkspace(db.app, where.id, (tx) =>
    readSamples(tx, { workspaceId: workspace.id, nodeId, fromMs: START_MS - 1, toMs: START_MS + 3_600_000 }),
  )

describe('samples', () => {
  it('come back as they were sent, over midnight and with every column', async () => {
    const sent = push(1, [0, 1, 59, 60, 61])
    const full = {
      ...sent.samples[0]!,
      interfaces: [{ name: 'eth0', in: { pps: 1.5, bps: 2 }, out: { pps: 0, bps: 0 }, inDropsPps: 0.25 }],
      baseline: { pps: 880, ppsHigh: 1_100.5 },
      connections: 4_000_000_000,
    }
    sent.samples[0] = full
    expect(await store.store([sent])).toEqual([{ outcome: 'stored', lastSeq: 1 }])
    expect(await read()).toEqual(sent.samples)
  })

  it('take effect once however often a message is repeated', async () => {
    const first = push(1, [0, 1])
    await store.store([first])
    expect(await store.store([first])).toEqual([{ outcome: 'repeat', lastSeq: 1 }])
    expect(await store.store([first, push(2, [1, 2]), push(2, [1, 2])])).toEqual([
      { outcome: 'repeat', lastSeq: 1 },
      { outcome: 'stored', lastSeq: 2 },
      { outcome: 'repeat', lastSeq: 2 },
    ])
    expect((await read()).map(({ atMs }) => atMs - START_MS)).toEqual([0, 1_000, 2_000])
  })

  it('refuse a gap and other content under a stored number, and say where to go on', async () => {
    await store.store([push(1, [0])])
    expect(await store.store([push(3, [3])])).toEqual([{ outcome: 'gap', lastSeq: 1 }])
    expect(await store.store([push(1, [9], { hash: 'other' })])).toEqual([{ outcome: 'conflict', lastSeq: 1 }])
    expect(await read()).toHaveLength(1)
  })

  it('are stored once when two gateways receive the same message at the same time', async () => {
    const outcomes = await Promise.all([1, 2, 3, 4].map(() => store.store([push(1, [0, 1, 2])])))
    expect(outcomes.flat().filter(({ outcome }) => outcome === 'stored')).toHaveLength(1)
    expect(await read()).toHaveLength(3)
  })

  it('of a batch that fails leave neither rows nor a moved cursor', async () => {
    const stranger = push(1, [0], { nodeId: other.id })
    await expect(store.store([push(1, [0]), stranger])).rejects.toMatchObject({ code: '23503' })
    expect(await read()).toEqual([])
    expect(await store.store([push(1, [0])])).toEqual([{ outcome: 'stored', lastSeq: 1 }])
  })

  it('are seen by their own workspace only, even when the function is asked for another', async () => {
    await store.store([push(1, [0, 1])])
    expect(await read(other)).toEqual([])
    const range = { workspaceId: workspace.id, fromMs: START_MS - 1_000, toMs: START_MS + 60_000 }
    const seen = (where: TestWorkspace) =>
      inWorkspace(db.app, where.id, async (tx) => [
        ...(await readTails(tx, { ...range, nodeIds: null })).filter((tail) => tail.nodeId === nodeId),
        ...(await readLatestSamples(tx, { workspaceId: workspace.id, nodeIds: null, fromMs: START_MS - 1 })).filter(
          (latest) => latest.nodeId === nodeId,
        ),
      ])
    expect(await seen(other)).toEqual([])
    expect(await seen(workspace)).toMatchObject([
      { seconds: '1,900,900,850,1100;2,901' },
      { atMs: START_MS + 1_000, wirePps: 901, deliveredPpsMin: 900 },
    ])
  })

  it('past keeping go with their whole day, and room for the coming days is made', async () => {
    const clock = createFakeClock(START_MS)
    await store.store([push(1, [0])])
    clock.advance(4 * 86_400_000)
    const { made, dropped } = await store.maintain(clock.now())
    expect(dropped).toBeGreaterThan(0)
    expect(made).toBeGreaterThan(0)
    expect(await read()).toEqual([])
    expect(await store.store([push(2, [4 * 86_400])])).toEqual([{ outcome: 'stored', lastSeq: 2 }])
  })
})
