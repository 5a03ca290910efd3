import type { Sample } from '../../wire/sample'
import { HOUR_MS, MINUTE_MS } from '../core/units'
import { Prisma, type Tx } from './pool'
import { COUNT_COLUMNS, FLOAT_COLUMNS, toSample } from './sample-columns'

const AT_MS = 'floor(extract(epoch FROM at) * 1000)::float8'

const SAMPLE_COLUMNS = Prisma.raw(
  [
    `${AT_MS} AS at_ms`,
    ...FLOAT_COLUMNS.map(({ column }) => column),
    ...COUNT_COLUMNS.map(({ column }) => `${column}::float8 AS ${column}`),
    'interfaces',
  ].join(', '),
)

export type SampleRange = { workspaceId: string; nodeId: string; fromMs: number; toMs: number }

/** One node's seconds after `fromMs` up to `toMs`, oldest first. Gaps stay gaps. */
export async function readSamples(tx: Tx, range: SampleRange): Promise<Sample[]> {
  const rows = await tx.$queryRaw<Parameters<typeof toSample>[0][]>`
    SELECT ${SAMPLE_COLUMNS} FROM sample_range(${range.workspaceId}::uuid, ${range.nodeId}::uuid,
      ${new Date(range.fromMs)}::timestamptz, ${new Date(range.toMs)}::timestamptz)`
  return rows.map(toSample)
}

/** Rates that charts draw, by their column. Each is one array of a series. */
export const SERIES_COLUMNS = [
  'wire_pps',
  'wire_bps',
  'delivered_pps',
  'delivered_bps',
  'baseline_pps',
  'baseline_pps_high',
  'tripwire_pps',
  'tripwire_burst',
  'udp_in_pps',
  'tcp_in_pps',
  'icmp_in_pps',
  'other_in_pps',
  'syn_pps',
  'connections',
  'syn_backlog',
  'listen_drops_pps',
  'socket_drops_pps',
  'softnet_drops_pps',
  'verified_clients',
] as const
export type SeriesColumn = (typeof SERIES_COLUMNS)[number]

/** One row a point, column by column; `at_ms` is the end of what the point covers. */
export type SampleColumns = Record<SeriesColumn, (number | null)[]> & { at_ms: number[] }

// As one row of arrays: an object for each of thousands of rows would cost ten times as much.
const SERIES = Prisma.raw(
  [
    `coalesce(array_agg(${AT_MS} ORDER BY at), '{}') AS at_ms`,
    ...SERIES_COLUMNS.map((column) => `coalesce(array_agg(${column}::float8 ORDER BY at), '{}') AS ${column}`),
  ].join(', '),
)

/** One node's points after `fromMs` up to `toMs` in the given resolution: a second, whole minutes, or whole hours. */
export async function readSeries(tx: Tx, range: SampleRange & { resolutionMs: number }): Promise<SampleColumns> {
  const { workspaceId, nodeId, resolutionMs } = range
  const given = Prisma.sql`${workspaceId}::uuid, ${nodeId}::uuid, ${new Date(range.fromMs)}::timestamptz,
    ${new Date(range.toMs)}::timestamptz`
  const rows = await tx.$queryRaw<SampleColumns[]>`SELECT ${SERIES} FROM ${source(given, resolutionMs)} AS points`
  return rows[0]!
}

function source(given: Prisma.Sql, resolutionMs: number): Prisma.Sql {
  if (resolutionMs < MINUTE_MS) return Prisma.sql`sample_range(${given})`
  const span = Prisma.sql`make_interval(secs => ${resolutionMs / 1_000}::float8)`
  return resolutionMs < HOUR_MS
    ? Prisma.sql`sample_minutes(${given}, ${span})`
    : Prisma.sql`sample_hours(${given}, ${span})`
}

export type LatestSample = {
  nodeId: string
  atMs: number
  wirePps: number
  wireBps: number
  deliveredPps: number
  /** Least that was delivered in one of the last five seconds. */
  deliveredPpsMin: number
  baselinePps: number | null
  baselinePpsHigh: number | null
}

/** Last second after `fromMs` of each node of a workspace. */
export function readLatestSamples(
  tx: Tx,
  { workspaceId, nodeIds, fromMs }: { workspaceId: string; nodeIds: readonly string[] | null; fromMs: number },
): Promise<LatestSample[]> {
  return tx.$queryRaw<LatestSample[]>`
    SELECT node_id AS "nodeId", ${Prisma.raw(AT_MS)} AS "atMs", wire_pps AS "wirePps", wire_bps AS "wireBps",
      delivered_pps AS "deliveredPps", delivered_pps_min AS "deliveredPpsMin", baseline_pps AS "baselinePps",
      baseline_pps_high AS "baselinePpsHigh"
    FROM sample_latest(${workspaceId}::uuid, ${nodeIds && [...nodeIds]}::uuid[], ${new Date(fromMs)}::timestamptz)`
}

export type NodeTail = { nodeId: string; seconds: string }

/** Seconds after `fromMs` up to `toMs` of these nodes, of all where null, as text; its form stands at `sample_tail`. */
export function readTails(
  tx: Tx,
  { nodeIds, ...range }: Omit<SampleRange, 'nodeId'> & { nodeIds: readonly string[] | null },
): Promise<NodeTail[]> {
  return tx.$queryRaw<NodeTail[]>`
    SELECT node_id AS "nodeId", seconds FROM sample_tail(${range.workspaceId}::uuid, ${nodeIds && [...nodeIds]}::uuid[],
      ${new Date(range.fromMs)}::timestamptz, ${new Date(range.toMs)}::timestamptz)`
}

/** Spans in which some second brought more than a rate, out of those measured. */
export type SpansAbove = { resolutionMs: number; spans: number; above: number }

/** Minutes of a few nodes, hours of many; null where nothing was measured. */
export async function countSpansAbove(
  tx: Tx,
  {
    workspaceId,
    nodeIds,
    fromMs,
    pps,
  }: { workspaceId: string; nodeIds: readonly string[]; fromMs: number; pps: number },
): Promise<SpansAbove | null> {
  const rows = await tx.$queryRaw<SpansAbove[]>`
    SELECT resolution_s * 1000 AS "resolutionMs", spans::float8, above::float8
    FROM sample_spans_above(${workspaceId}::uuid, ${[...nodeIds]}::uuid[], ${new Date(fromMs)}::timestamptz, ${pps}::float8)`
  const [found] = rows
  return found && found.spans > 0 ? found : null
}
