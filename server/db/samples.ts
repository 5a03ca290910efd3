import { pipeline } from 'node:stream/promises'
import type pg from 'pg'
import { from as copyFrom } from 'pg-copy-streams'
import type { Sample } from '../../wire/sample'
import { DAY_MS } from '../core/units'
import { createCopyRows } from './copy-rows'
import type { EngineDb, Tx } from './pool'
import { Prisma } from './pool'
import { COUNT_COLUMNS, FLOAT_COLUMNS, SAMPLE_COLUMNS, toSample } from './sample-columns'

/** One message of a node's samples lane. `hash` tells a repeat from other content under the same number. */
export type SamplePush = { workspaceId: string; nodeId: string; seq: number; hash: string; samples: Sample[] }

export type SamplePushResult = { outcome: 'stored' | 'repeat' | 'gap' | 'conflict'; lastSeq: number }

/** 1-second rows are kept this long. */
export const SAMPLE_KEEP_MS = 2 * DAY_MS

const dayOf = (ms: number): string => new Date(ms).toISOString().slice(0, 10)

export type SampleStore = {
  /** Stores messages of any nodes in one transaction; results in the order given. A message takes effect once. */
  store: (pushes: SamplePush[]) => Promise<SamplePushResult[]>
  /** Makes the partitions of the coming days and drops those past keeping. */
  maintain: (nowMs: number) => Promise<{ made: number; dropped: number }>
}

export function createSampleStore({ pool }: EngineDb): SampleStore {
  const madeDays = new Set<string>()

  const makePartitions = async (pushes: SamplePush[]): Promise<void> => {
    const days = new Set(pushes.flatMap((push) => push.samples.map((sample) => dayOf(sample.atMs))))
    for (const day of days) {
      if (madeDays.has(day)) continue
      await pool.query('SELECT sample_make_partitions($1::date, $1::date)', [day])
      madeDays.add(day)
    }
  }

  return {
    store: async (pushes) => {
      if (pushes.length === 0) return []
      await makePartitions(pushes)
      const client = await pool.connect()
      try {
        const results = await storeInTransaction(client, pushes)
        client.release()
        return results
      } catch (error) {
        // A failed COPY may leave the protocol half way: this connection is not used again.
        client.release(true)
        throw error
      }
    },
    maintain: async (nowMs) => {
      const { rows } = await pool.query<{ made: number; dropped: number }>(
        'SELECT sample_make_partitions($1::date, $2::date) AS made, sample_drop_before($3::timestamptz) AS dropped',
        [dayOf(nowMs - SAMPLE_KEEP_MS), dayOf(nowMs + 2 * DAY_MS), new Date(nowMs - SAMPLE_KEEP_MS - DAY_MS)],
      )
      madeDays.clear()
      return rows[0]!
    },
  }
}

async function storeInTransaction(client: pg.PoolClient, pushes: SamplePush[]): Promise<SamplePushResult[]> {
  await client.query(
    'BEGIN; CREATE TEMP TABLE IF NOT EXISTS sample_stage (LIKE public.sample_1s) ON COMMIT DELETE ROWS',
  )
  const results = await advanceCursors(client, pushes)
  const fresh = pushes.filter((_, at) => results[at]?.outcome === 'stored')
  if (fresh.length > 0) {
    const copy = client.query(
      copyFrom(`COPY sample_stage (${SAMPLE_COLUMNS.join(', ')}) FROM STDIN WITH (FORMAT binary)`),
    )
    await pipeline([encode(fresh)], copy)
    await client.query('INSERT INTO sample_1s SELECT * FROM sample_stage ON CONFLICT DO NOTHING')
  }
  await client.query('COMMIT')
  return results
}

/** Lanes are locked in the order of node ids, so that two batches cannot wait for each other. */
async function advanceCursors(client: pg.PoolClient, pushes: SamplePush[]): Promise<SamplePushResult[]> {
  const order = pushes
    .map((push, at) => ({ push, at }))
    .sort((a, b) => (a.push.nodeId < b.push.nodeId ? -1 : a.push.nodeId > b.push.nodeId ? 1 : a.push.seq - b.push.seq))
  const { rows } = await client.query<{ at: number; outcome: string; last_seq: number }>(
    `SELECT p.at, a.outcome, a.last_seq::float8 AS last_seq
     FROM unnest($1::int[], $2::uuid[], $3::uuid[], $4::bigint[], $5::text[]) AS p (at, workspace_id, node_id, seq, hash)
     CROSS JOIN LATERAL cursor_advance(p.workspace_id, p.node_id, 'samples', p.seq, p.hash) AS a`,
    [
      order.map(({ at }) => at),
      order.map(({ push }) => push.workspaceId),
      order.map(({ push }) => push.nodeId),
      order.map(({ push }) => push.seq),
      order.map(({ push }) => push.hash),
    ],
  )
  const results = new Array<SamplePushResult>(pushes.length)
  for (const row of rows) {
    const outcome = row.outcome === 'advanced' ? 'stored' : (row.outcome as SamplePushResult['outcome'])
    results[row.at] = { outcome, lastSeq: row.last_seq }
  }
  return results
}

function encode(pushes: SamplePush[]): Buffer {
  const rows = createCopyRows()
  for (const { workspaceId, nodeId, samples } of pushes) {
    for (const sample of samples) {
      rows.startRow(SAMPLE_COLUMNS.length)
      rows.uuid(workspaceId)
      rows.uuid(nodeId)
      rows.timestampMs(sample.atMs)
      for (const { read } of FLOAT_COLUMNS) rows.float(read(sample))
      for (const { read } of COUNT_COLUMNS) rows.bigint(read(sample))
      rows.jsonb(sample.interfaces)
    }
  }
  return rows.finish()
}

const READ_COLUMNS = Prisma.raw(
  [
    'floor(extract(epoch FROM at) * 1000)::float8 AS at_ms',
    ...FLOAT_COLUMNS.map(({ column }) => column),
    ...COUNT_COLUMNS.map(({ column }) => `${column}::float8 AS ${column}`),
    'interfaces',
  ].join(', '),
)

export type SampleRange = { workspaceId: string; nodeId: string; fromMs: number; toMs: number }

/** One node's seconds after `fromMs` up to `toMs`, oldest first. Gaps stay gaps. */
export async function readSamples(tx: Tx, range: SampleRange): Promise<Sample[]> {
  const rows = await tx.$queryRaw<Parameters<typeof toSample>[0][]>`
    SELECT ${READ_COLUMNS} FROM sample_range(${range.workspaceId}::uuid, ${range.nodeId}::uuid,
      ${new Date(range.fromMs)}::timestamptz, ${new Date(range.toMs)}::timestamptz)`
  return rows.map(toSample)
}

export type SamplePoint = {
  nodeId: string
  atMs: number
  wirePps: number
  deliveredPps: number
  droppedPps: number
  wireBps: number
  baselinePps: number | null
  baselinePpsHigh: number | null
}

/** What the tiles of all nodes of a workspace draw, by node and oldest first. */
export function readRecentSamples(tx: Tx, workspaceId: string, fromMs: number): Promise<SamplePoint[]> {
  return tx.$queryRaw<SamplePoint[]>`
    SELECT node_id AS "nodeId", floor(extract(epoch FROM at) * 1000)::float8 AS "atMs", wire_pps AS "wirePps",
      delivered_pps AS "deliveredPps", dropped_pps AS "droppedPps", wire_bps AS "wireBps",
      baseline_pps AS "baselinePps", baseline_pps_high AS "baselinePpsHigh"
    FROM sample_recent(${workspaceId}::uuid, ${new Date(fromMs)}::timestamptz)`
}
