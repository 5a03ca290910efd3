import { z } from 'zod'
import { ValidationError } from '../../core/errors'
import { Prisma, type Tx } from '../../db/pool'
import { type Ctx, clockOf, inTenant, parseInput, requirePermission } from '../context'
import { DROPPED_PACKETS, fitting, IncidentFilter, IS_OPEN, PEAK_PPS } from './filter'
import { type Incident, selectIncidents } from './incident'

export const INCIDENT_SORTS = ['newest', 'oldest', 'peak', 'longest', 'dropped'] as const

export const ListInput = IncidentFilter.extend({
  sort: z.enum(INCIDENT_SORTS).default('newest'),
  /** Goes on after the page that gave it. */
  cursor: z.string().max(200).optional(),
  limit: z.int().min(1).max(200).default(50),
})

export type IncidentList = {
  incidents: Incident[]
  /** Null on the last page. */
  next: string | null
}

const BEGAN = Prisma.sql`extract(epoch FROM i.opened_at)::float8`

/** Two numbers each, highest first; of equals the younger id. What goes on stands above what is over. */
const SORT_KEYS: Record<(typeof INCIDENT_SORTS)[number], (nowMs: number) => [Prisma.Sql, Prisma.Sql]> = {
  newest: () => [Prisma.sql`${IS_OPEN}::int::float8`, BEGAN],
  oldest: () => [Prisma.sql`0::float8`, Prisma.sql`-${BEGAN}`],
  peak: () => [PEAK_PPS, BEGAN],
  longest: (nowMs) => [
    Prisma.sql`extract(epoch FROM coalesce(i.resolved_at, ${new Date(nowMs)}::timestamptz) - i.first_packet_at)::float8`,
    BEGAN,
  ],
  dropped: () => [DROPPED_PACKETS, BEGAN],
}

/** Incidents that fit the filter, a page at a time. */
export async function listIncidents({
  ctx,
  input = {},
}: {
  ctx: Ctx
  input?: z.input<typeof ListInput>
}): Promise<IncidentList> {
  const reach = requirePermission(ctx, 'incident.read')
  const { sort, cursor, limit, ...filter } = parseInput(ListInput, input)
  const after = cursor === undefined ? null : readCursor(cursor)
  // A page later, what still goes on has lasted longer: it is measured to the same moment.
  const nowMs = after?.nowMs ?? clockOf(ctx).now()
  const [first, second] = SORT_KEYS[sort](nowMs)
  const condition = fitting(filter, reach, nowMs)
  const further = after
    ? Prisma.sql`(${first}, ${second}, i.id) < (${after.first}::float8, ${after.second}::float8, ${after.id}::uuid)`
    : Prisma.sql`true`
  return inTenant(ctx, async (tx) => {
    const places = await selectPlaces(
      tx,
      Prisma.sql`i.workspace_id = ${ctx.workspaceId}::uuid AND ${condition} AND ${further}`,
      {
        first,
        second,
        limit: limit + 1,
      },
    )
    const shown = places.slice(0, limit)
    const rows = await selectIncidents(
      tx,
      ctx.workspaceId,
      Prisma.sql`i.id = ANY (${shown.map(({ id }) => id)}::uuid[])`,
    )
    const byId = new Map(rows.map((incident) => [incident.id, incident]))
    const last = places.length > limit ? shown.at(-1) : undefined
    return {
      incidents: shown.flatMap(({ id }) => byId.get(id) ?? []),
      next: last ? writeCursor({ ...last, nowMs }) : null,
    }
  })
}

type Place = { id: string; first: number; second: number }

const selectPlaces = (
  tx: Tx,
  condition: Prisma.Sql,
  { first, second, limit }: { first: Prisma.Sql; second: Prisma.Sql; limit: number },
): Promise<Place[]> =>
  tx.$queryRaw<Place[]>`
    SELECT i.id, ${first} AS first, ${second} AS second
    FROM incident i JOIN node n ON n.workspace_id = i.workspace_id AND n.id = i.node_id
    WHERE ${condition} ORDER BY 2 DESC, 3 DESC, 1 DESC LIMIT ${limit}::int`

const Cursor = z.tuple([z.number(), z.number(), z.uuid(), z.int()])

const writeCursor = ({ first, second, id, nowMs }: Place & { nowMs: number }): string =>
  Buffer.from(JSON.stringify([first, second, id, nowMs])).toString('base64url')

function readCursor(text: string): Place & { nowMs: number } {
  try {
    const [first, second, id, nowMs] = Cursor.parse(JSON.parse(Buffer.from(text, 'base64url').toString('utf8')))
    return { first, second, id, nowMs }
  } catch {
    throw new ValidationError('This page of the list is not known. Open the list from its beginning.', 'cursor')
  }
}
