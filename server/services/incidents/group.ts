import { z } from 'zod'
import type { VectorId } from '../../../wire/vectors'
import type { Reach } from '../../core/permissions'
import { Prisma } from '../../db/pool'
import { type Ctx, clockOf, inTenant, parseInput, requirePermission } from '../context'
import { fitting, IncidentFilter, IS_OPEN, PEAK_PPS } from './filter'

export const GROUPINGS = ['day', 'campaign', 'node', 'group'] as const

const isZone = (zone: string): boolean => {
  try {
    return new Intl.DateTimeFormat('en', { timeZone: zone }) !== null
  } catch {
    return false
  }
}

const Input = IncidentFilter.extend({
  by: z.enum(GROUPINGS),
  /** Days are those of this time zone. */
  zone: z.string().max(64).refine(isZone, { message: 'name a time zone, e.g. Europe/Berlin' }).default('UTC'),
})

/** Incidents that belong together, as one line. */
export type IncidentGroup = {
  /** The day, the node or group by id, or a number. Null: in no group. */
  key: string | null
  name: string | null
  incidents: number
  open: number
  nodeCount: number
  /** Names of some of them. */
  nodes: string[]
  vectors: VectorId[]
  firstMs: number
  lastMs: number
  /** Highest of its incidents: those of several nodes are not added up. */
  peakPps: number
}

const GROUPS_MAX = 200
const NODES_TOLD = 6

/** Attacks on several nodes that begin so close to one another are one campaign. */
const CAMPAIGN_GAP = Prisma.sql`interval '2 minutes'`

/** Newest first, at most two hundred. One whose node belongs to several groups is told in each, and in those they lie in. */
export async function groupIncidents({
  ctx,
  input,
}: {
  ctx: Ctx
  input: z.input<typeof Input>
}): Promise<IncidentGroup[]> {
  const reach = requirePermission(ctx, 'incident.read')
  const { by, zone, ...filter } = parseInput(Input, input)
  const { workspaceId } = ctx
  const condition = fitting(filter, reach, clockOf(ctx).now())
  return inTenant(
    ctx,
    (tx) => tx.$queryRaw<IncidentGroup[]>`
      WITH fit AS (
        SELECT i.id, i.node_id, n.name AS node_name, i.opened_at, i.report, ${IS_OPEN} AS is_open, ${PEAK_PPS} AS peak_pps
        FROM incident i JOIN node n ON n.workspace_id = i.workspace_id AND n.id = i.node_id
        WHERE i.workspace_id = ${workspaceId}::uuid AND ${condition}),
      keyed AS (${keyed(by, zone, workspaceId, reach)})
      SELECT k.key, k.name, count(*)::int AS incidents, count(*) FILTER (WHERE k.is_open)::int AS open,
        count(DISTINCT k.node_id)::int AS "nodeCount", (array_agg(DISTINCT k.node_name))[1:${NODES_TOLD}::int] AS nodes,
        array(SELECT DISTINCT v.vector->>'id' FROM unnest(array_agg(k.report)) AS r (report),
          jsonb_array_elements(r.report->'vectors') AS v (vector)) AS vectors,
        (extract(epoch FROM min(k.opened_at)) * 1000)::float8 AS "firstMs",
        (extract(epoch FROM max(k.opened_at)) * 1000)::float8 AS "lastMs", max(k.peak_pps) AS "peakPps"
      FROM keyed k GROUP BY k.key, k.name
      ORDER BY bool_or(k.is_open) DESC, max(k.opened_at) DESC, k.key LIMIT ${GROUPS_MAX}::int`,
  )
}

function keyed(by: (typeof GROUPINGS)[number], zone: string, workspaceId: string, reach: Reach): Prisma.Sql {
  if (by === 'day')
    return Prisma.sql`SELECT f.*, to_char(f.opened_at AT TIME ZONE ${zone}, 'YYYY-MM-DD') AS key, NULL AS name FROM fit f`
  if (by === 'node') return Prisma.sql`SELECT f.*, f.node_id::text AS key, f.node_name AS name FROM fit f`
  if (by === 'group')
    return Prisma.sql`
      SELECT f.*, g.id::text AS key, g.name FROM fit f
      LEFT JOIN (SELECT g.id, g.name, m.node_id FROM groups_of_nodes(array(SELECT DISTINCT node_id FROM fit)) m
        JOIN node_group g ON g.workspace_id = ${workspaceId}::uuid AND g.id = m.group_id WHERE ${groupWithin(reach)}) g
        ON g.node_id = f.node_id`
  // A campaign ends where nothing began for a while.
  return Prisma.sql`
    SELECT s.*, sum(s.starts) OVER (ORDER BY s.opened_at, s.id)::text AS key, NULL AS name
    FROM (SELECT f.*, CASE WHEN f.opened_at - lag(f.opened_at) OVER (ORDER BY f.opened_at, f.id) <= ${CAMPAIGN_GAP}
      THEN 0 ELSE 1 END AS starts FROM fit f) s`
}

/** Of a group out of reach the name is not told, also where a node belongs to both. */
const groupWithin = (reach: Reach): Prisma.Sql =>
  reach === 'workspace' ? Prisma.sql`true` : Prisma.sql`g.id IN (SELECT groups_below(${[...reach]}::uuid[]))`
