import { pipeline } from 'node:stream/promises'
import type pg from 'pg'
import { from as copyFrom } from 'pg-copy-streams'
import type { Sample } from '../../wire/sample'
import { DAY_MS, HOUR_MS, SECOND_MS } from '../core/units'
import { createCopyRows } from './copy-rows'
import type { EngineDb } from './pool'
import { COUNT_COLUMNS, FLOAT_COLUMNS, SAMPLE_COLUMNS } from './sample-columns'

/** One message of a node's samples lane. `hash` tells a repeat from other content under the same number. */
export type SamplePush = { workspaceId: string; nodeId: string; seq: number; hash: string; samples: Sample[] }

export type SamplePushResult = { outcome: 'stored' | 'repeat' | 'gap' | 'conflict'; lastSeq: number }

/** How long each resolution is kept; whole partitions go, so a row may stay for a partition longer. */
export const SAMPLE_KEEP_MS = { sample_1s: 2 * DAY_MS, sample_1m: 90 * DAY_MS, sample_1h: 730 * DAY_MS } as const
const RELATIONS = Object.keys(SAMPLE_KEEP_MS) as (keyof typeof SAMPLE_KEEP_MS)[]

/** A clock that runs behind ours by less than this still finds the partition that its sample belongs to. */
const DROP_MARGIN_MS = HOUR_MS
/** A minute is rolled up once its last second had this long to arrive; what comes later marks it again. */
const SETTLE_MS = 15 * SECOND_MS
/** Lanes of these minutes wait meanwhile: a few hundred take some ten milliseconds. */
const MINUTES_TOGETHER = 300

const dayOf = (ms: number): string => new Date(ms).toISOString().slice(0, 10)

export type SampleStore = {
  /** Stores messages of any nodes in one transaction; results in the order given. A message takes effect once. */
  store: (pushes: SamplePush[]) => Promise<SamplePushResult[]>
  /** Makes the partitions of the coming days and drops those past keeping. */
  maintain: (nowMs: number) => Promise<{ made: number; dropped: number }>
  /** Rolls up every minute whose seconds changed, and its hour. Gives how many. */
  rollUp: (nowMs: number) => Promise<number>
}

export function createSampleStore({ pool }: EngineDb): SampleStore {
  const madeDays = new Set<string>()

  const makePartitions = async (pushes: SamplePush[]): Promise<void> => {
    const days = new Set(pushes.flatMap((push) => push.samples.map((sample) => dayOf(sample.atMs))))
    for (const day of days) {
      if (madeDays.has(day)) continue
      await pool.query("SELECT sample_make_partitions('sample_1s', $1::date, $1::date)", [day])
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
      madeDays.clear()
      const done = { made: 0, dropped: 0 }
      for (const relation of RELATIONS) {
        const { rows } = await pool.query<{ made: number; dropped: number }>(
          `SELECT sample_make_partitions($1, $2::date, $3::date) AS made,
             sample_drop_before($1, $4::timestamptz) AS dropped`,
          [
            relation,
            dayOf(nowMs),
            dayOf(nowMs + 2 * DAY_MS),
            new Date(nowMs - SAMPLE_KEEP_MS[relation] - DROP_MARGIN_MS),
          ],
        )
        done.made += rows[0]?.made ?? 0
        done.dropped += rows[0]?.dropped ?? 0
      }
      return done
    },
    rollUp: async (nowMs) => {
      for (let rolled = 0; ; ) {
        const { rows } = await pool.query<{ minutes: number }>(
          'SELECT sample_roll_up($1::timestamptz, $2) AS minutes',
          [new Date(nowMs - SETTLE_MS), MINUTES_TOGETHER],
        )
        const minutes = rows[0]?.minutes ?? 0
        rolled += minutes
        if (minutes === 0) return rolled
      }
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
    await client.query(STORE_STAGED)
  }
  await client.query('COMMIT')
  return results
}

/** Only what is new marks its minute: a replayed message must not roll up a day again. */
const STORE_STAGED = `
  WITH fresh AS (INSERT INTO sample_1s SELECT * FROM sample_stage ON CONFLICT DO NOTHING RETURNING workspace_id, node_id, at)
  INSERT INTO sample_dirty SELECT DISTINCT workspace_id, node_id, sample_span_end(at, '1 minute') FROM fresh
  ON CONFLICT DO NOTHING`

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
