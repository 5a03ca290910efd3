import type { z } from 'zod'
import { type Ctx, clockOf, inTenant, parseInput, requirePermission } from '../context'
import { fitting, IncidentFilter, IS_OPEN } from './filter'

/** How many incidents fit the filter and still go on, and how many are over; and whether there is any without it. */
export async function countIncidents({
  ctx,
  input = {},
}: {
  ctx: Ctx
  input?: z.input<typeof IncidentFilter>
}): Promise<{ open: number; over: number; isAny: boolean }> {
  const reach = requirePermission(ctx, 'incident.read')
  const filter = parseInput(IncidentFilter, input)
  const nowMs = clockOf(ctx).now()
  return inTenant(ctx, async (tx) => {
    const [counted] = await tx.$queryRaw<{ open: number; over: number; isAny: boolean }[]>`
      SELECT count(*) FILTER (WHERE ${IS_OPEN})::int AS open, count(*) FILTER (WHERE NOT ${IS_OPEN})::int AS over,
        EXISTS (SELECT FROM incident i WHERE i.workspace_id = ${ctx.workspaceId}::uuid AND ${fitting({}, reach, nowMs)}) AS "isAny"
      FROM incident i JOIN node n ON n.workspace_id = i.workspace_id AND n.id = i.node_id
      WHERE i.workspace_id = ${ctx.workspaceId}::uuid AND ${fitting(filter, reach, nowMs)}`
    return counted ?? { open: 0, over: 0, isAny: false }
  })
}
