import type { AppDb } from '../../server/db/pool'
import { type Flood, PLAYER_BYTES } from './floods'

const DAY_MS = 86_400_000
const HOUR_MS = 3_600_000
const BITS = PLAYER_BYTES * 8

const RATES = [
  'wire',
  'dropped',
  'delivered',
  'out',
  'udp_in',
  'udp_out',
  'tcp_in',
  'tcp_out',
  'icmp_in',
  'icmp_out',
  'other_in',
  'other_out',
]
const PLAYED = ['wire', 'delivered', 'out', 'udp_in', 'udp_out']

/** What a column holds in peace; `p`: packets of players each second. */
const PEACE: Record<string, string> = {
  ...Object.fromEntries(
    RATES.flatMap((name) => {
      const isPlayed = PLAYED.includes(name)
      return [
        [`${name}_pps`, isPlayed ? 'p' : '0'],
        [`${name}_bps`, isPlayed ? `p * ${BITS}` : '0'],
      ]
    }),
  ),
  syn_pps: '0',
  listen_drops_pps: '0',
  socket_drops_pps: '0',
  softnet_drops_pps: '0',
  tripwire_pps: 'base * 4',
  connections: '22',
  syn_backlog: '0',
  verified_clients: '22',
  baseline_pps: 'base',
  baseline_pps_high: 'base * 1.7',
  tripwire_burst: '200',
}
const MAXIMA: Record<string, string> = {
  wire_pps_max: 'p',
  wire_bps_max: `p * ${BITS}`,
  dropped_pps_max: '0',
  delivered_pps_max: 'p',
  delivered_bps_max: `p * ${BITS}`,
}

/** An evening is busier than a morning, and no second is like the one before. */
const PLAYERS = `base * (1 + 0.5 * sin((extract(epoch FROM at) / 43200 - 0.58) * pi()))
  * (1 + 0.06 * hashtext(node_id::text || extract(epoch FROM at)::text) / 2147483648.0)`

type Say = (line: string) => void

/** Samples of all nodes up to now: what is there already stays. Runs as the owner of the tables. */
export async function fillSamples(
  db: AppDb,
  workspaceId: string,
  floods: readonly Flood[],
  { fromMs, toMs }: { fromMs: number; toMs: number },
  say: Say,
): Promise<void> {
  for (const relation of ['sample_1m', 'sample_1h', 'sample_1s']) await makePartitions(db, relation, fromMs, toMs)
  for (let dayMs = fromMs; dayMs < toMs; dayMs += DAY_MS) {
    const endMs = Math.min(dayMs + DAY_MS, toMs)
    const minutes = await insertPeace(db, 'sample_1m', workspaceId, [dayMs, endMs], 60)
    say(`minutes up to ${new Date(endMs).toISOString()}: ${minutes}`)
  }
  const seconds = await insertPeace(db, 'sample_1s', workspaceId, [Math.max(fromMs, toMs - HOUR_MS), toMs], 1)
  say(`seconds of the last hour: ${seconds}`)
  for (const flood of floods) {
    await insertPeace(db, 'sample_1s_kept', workspaceId, around(flood), 1, flood.nodeId)
    for (const relation of ['sample_1m', 'sample_1s', 'sample_1s_kept'])
      await addFlood(db, relation, workspaceId, flood)
  }
  await rollUpHours(db, workspaceId, fromMs, toMs)
  await db.pool.query('ANALYZE sample_1m, sample_1h, sample_1s, sample_1s_kept, incident, node')
}

const around = ({ startMs, endMs }: Flood): [number, number] => [startMs - DAY_MS / 144, endMs + DAY_MS / 144]

async function makePartitions({ pool }: AppDb, relation: string, fromMs: number, toMs: number): Promise<void> {
  const firstMs = relation === 'sample_1s' ? toMs - HOUR_MS : fromMs
  await pool.query('SELECT sample_make_partitions($1, $2::timestamptz::date, $3::timestamptz::date)', [
    relation,
    new Date(firstMs),
    new Date(toMs + DAY_MS),
  ])
}

async function insertPeace(
  { pool }: AppDb,
  relation: string,
  workspaceId: string,
  [fromMs, toMs]: [number, number],
  stepS: number,
  nodeId: string | null = null,
): Promise<number> {
  const isMinute = relation === 'sample_1m'
  const values = { ...PEACE, ...(isMinute ? { seconds: '60', ...MAXIMA } : { interfaces: "'[]'::jsonb" }) }
  // OFFSET 0: what one row needs a dozen times is worked out once.
  const { rowCount } = await pool.query(
    `INSERT INTO ${relation} (workspace_id, node_id, at, ${Object.keys(values).join(', ')})
     SELECT $1::uuid, node_id, at, ${Object.values(values).join(', ')} FROM (
       SELECT *, ${PLAYERS} AS p FROM (
         SELECT n.id AS node_id, at, 300 + abs(hashtext(n.id::text) % 1500) AS base
         FROM node n CROSS JOIN generate_series(to_timestamp($2::float8 + $4), to_timestamp($3::float8), make_interval(secs => $4)) at
         WHERE n.workspace_id = $1 AND ($5::uuid IS NULL OR n.id = $5)) AS node_at OFFSET 0) AS played
     ON CONFLICT DO NOTHING`,
    [workspaceId, Math.floor(fromMs / 1_000 / stepS) * stepS, toMs / 1_000, stepS, nodeId],
  )
  return rowCount ?? 0
}

/** Wire grows by the flood, all of it is dropped, delivered stays; a minute holds its share of it. */
async function addFlood({ pool }: AppDb, relation: string, workspaceId: string, flood: Flood): Promise<void> {
  const isMinute = relation === 'sample_1m'
  const grown = ['wire', 'dropped', 'udp_in'].flatMap((name) => [
    `${name}_pps = ${name}_pps + $4 * part`,
    `${name}_bps = ${name}_bps + $5 * part`,
  ])
  const maxima = ['wire_pps_max = wire_pps_max + $4', 'wire_bps_max = wire_bps_max + $5', 'dropped_pps_max = $4']
  await pool.query(
    `UPDATE ${relation} s SET ${[...grown, ...(isMinute ? maxima : [])].join(', ')} FROM (
       SELECT at, extract(epoch FROM least(at, to_timestamp($7::float8)) - greatest(at - make_interval(secs => $3), to_timestamp($6::float8))) / $3 AS part
       FROM ${relation} WHERE workspace_id = $1 AND node_id = $2
         AND at > to_timestamp($6::float8) AND at < to_timestamp($7::float8) + make_interval(secs => $3)) AS hit
     WHERE s.workspace_id = $1 AND s.node_id = $2 AND s.at = hit.at`,
    [
      workspaceId,
      flood.nodeId,
      isMinute ? 60 : 1,
      flood.pps,
      flood.pps * flood.bytes * 8,
      flood.startMs / 1_000,
      flood.endMs / 1_000,
    ],
  )
}

async function rollUpHours({ pool }: AppDb, workspaceId: string, fromMs: number, toMs: number): Promise<void> {
  const columns = [
    ...Object.keys(PEACE).map((name) => [name, 'avg']),
    ...Object.keys(MAXIMA).map((name) => [name, 'max']),
  ]
  const names = columns.map(([name]) => name).join(', ')
  await pool.query(
    `INSERT INTO sample_1h (workspace_id, node_id, at, seconds, ${names})
     SELECT workspace_id, node_id, sample_span_end(at, '1 hour') AS hour, sum(seconds),
       ${columns.map(([name, by]) => `${by}(${name})`).join(', ')}
     FROM sample_1m WHERE workspace_id = $1 AND at > date_trunc('hour', to_timestamp($2::float8)) AND at <= to_timestamp($3::float8)
     GROUP BY 1, 2, 3
     ON CONFLICT (workspace_id, node_id, at) DO UPDATE SET seconds = excluded.seconds,
       ${columns.map(([name]) => `${name} = excluded.${name}`).join(', ')}`,
    [workspaceId, fromMs / 1_000, toMs / 1_000],
  )
}
