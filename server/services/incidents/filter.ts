import { z } from 'zod'
import { INCIDENT_STATES, type IncidentState } from '../../../wire/incident'
import { VECTOR_IDS, VECTORS } from '../../../wire/vectors'
import type { Reach } from '../../core/permissions'
import { DAY_MS } from '../../core/units'
import { Prisma } from '../../db/pool'
import { withinReach } from '../reach'

/** Words of the filter for what an incident is now. */
const STATES = {
  open: INCIDENT_STATES.filter((state) => state !== 'resolved' && state !== 'rejected'),
  suspected: ['suspected'],
  attack: ['confirmed', 'mitigating'],
  mitigated: ['mitigated', 'ending'],
  over: ['resolved'],
  rejected: ['rejected'],
} as const satisfies Record<string, readonly IncidentState[]>

const TEXT_MAX = 100

export const IncidentFilter = z.object({
  state: z.enum(Object.keys(STATES) as [keyof typeof STATES, ...(keyof typeof STATES)[]]).optional(),
  nodeId: z.uuid().optional(),
  /** A group with all that lies in it. */
  groupId: z.uuid().optional(),
  /** On nodes that belong to no group. */
  isGroupless: z.literal(true).optional(),
  vectorId: z.enum(VECTOR_IDS).optional(),
  peakPpsMin: z.number().nonnegative().optional(),
  isAcknowledged: z.boolean().optional(),
  /** The last so many days. */
  days: z.int().min(1).max(800).optional(),
  /** Began within these, ms since the epoch. */
  fromMs: z.int().nonnegative().optional(),
  toMs: z.int().nonnegative().optional(),
  /** Part of the node's name, of an attacked address, of the vector's name or of the id. */
  text: z.string().trim().max(TEXT_MAX).optional(),
})
export type IncidentFilter = z.infer<typeof IncidentFilter>

export const PEAK_PPS = Prisma.sql`(i.report->'traffic'->'peakWire'->>'pps')::float8`
export const DROPPED_PACKETS = Prisma.sql`(i.report->'traffic'->>'droppedPackets')::float8`
export const IS_OPEN = Prisma.sql`(i.state NOT IN ('resolved', 'rejected'))`
export const IS_OVER = Prisma.sql`(i.state IN ('resolved', 'rejected'))`

/** What fits the filter within the reach: over `i`, the incident, and `n`, its node. */
export function fitting(filter: IncidentFilter, reach: Reach, nowMs: number): Prisma.Sql {
  const { state, nodeId, groupId, isGroupless, vectorId, peakPpsMin, isAcknowledged, days, fromMs, toMs, text } = filter
  const at = (ms: number) => Prisma.sql`${new Date(ms)}::timestamptz`
  const conditions = [
    withinReach(reach, Prisma.sql`i.node_id`),
    state && Prisma.sql`i.state = ANY (${[...STATES[state]]}::text[])`,
    nodeId && Prisma.sql`i.node_id = ${nodeId}::uuid`,
    groupId && Prisma.sql`i.node_id IN (SELECT nodes_of_groups(${[groupId]}::uuid[]))`,
    isGroupless &&
      Prisma.sql`NOT EXISTS (SELECT FROM group_node gn JOIN node_group g ON g.workspace_id = gn.workspace_id
        AND g.id = gn.group_id AND g.archived_at IS NULL
        WHERE gn.workspace_id = i.workspace_id AND gn.node_id = i.node_id)`,
    vectorId && Prisma.sql`i.report->'vectors' @> ${JSON.stringify([{ id: vectorId }])}::jsonb`,
    peakPpsMin && Prisma.sql`${PEAK_PPS} >= ${peakPpsMin}::float8`,
    isAcknowledged === undefined ? null : Prisma.sql`(i.acknowledged_at IS NOT NULL) = ${isAcknowledged}`,
    days && Prisma.sql`i.opened_at >= ${at(nowMs - days * DAY_MS)}`,
    fromMs !== undefined && Prisma.sql`i.opened_at >= ${at(fromMs)}`,
    toMs !== undefined && Prisma.sql`i.opened_at < ${at(toMs)}`,
    text && saying(text),
  ]
  return Prisma.join(
    conditions.filter((one): one is Prisma.Sql => typeof one === 'object' && one !== null),
    ' AND ',
  )
}

/** Only what the text can be is looked for: reports are long. */
function saying(text: string): Prisma.Sql {
  const part = `%${text.replaceAll(/[\\%_]/g, '\\$&')}%`
  const low = text.toLowerCase()
  const vectors = VECTOR_IDS.filter((id) => VECTORS[id].name.toLowerCase().includes(low))
  const hex = low.replace(/^inc_/, '').replaceAll('-', '')
  const ways = [
    Prisma.sql`n.name ILIKE ${part}`,
    /^[0-9a-f.:]+$/.test(low) && Prisma.sql`i.report->'target'->>'addresses' ILIKE ${part}`,
    vectors.length > 0 &&
      Prisma.sql`i.report->'vectors' @> ANY (${vectors.map((id) => JSON.stringify([{ id }]))}::text[]::jsonb[])`,
    /^[0-9a-f]{6,32}$/.test(hex) && Prisma.sql`replace(i.id::text, '-', '') LIKE ${`${hex}%`}`,
  ]
  return Prisma.sql`(${Prisma.join(
    ways.filter((way) => way !== false),
    ' OR ',
  )})`
}
