import { z } from 'zod'
import { Prisma } from '../../db/pool'
import { type Ctx, inTenant, parseInput, requirePermission } from '../context'
import { withinReach } from '../reach'
import { type Incident, selectIncidents } from './incident'

const Input = z.object({
  nodeId: z.uuid().optional(),
  isOpen: z.boolean().optional(),
  /** Continues after the last incident of the page before. */
  beforeUs: z.int().positive().optional(),
  limit: z.int().min(1).max(200).default(50),
})

/** Newest first. */
export async function listIncidents({
  ctx,
  input = {},
}: {
  ctx: Ctx
  input?: z.input<typeof Input>
}): Promise<Incident[]> {
  const reach = requirePermission(ctx, 'incident.read')
  const { nodeId, isOpen, beforeUs, limit } = parseInput(Input, input)
  const conditions = [
    ...(nodeId ? [Prisma.sql`i.node_id = ${nodeId}::uuid`] : []),
    ...(isOpen === undefined ? [] : [Prisma.sql`(i.state NOT IN ('resolved', 'rejected')) = ${isOpen}`]),
    ...(beforeUs ? [Prisma.sql`i.opened_at < to_timestamp(${beforeUs / 1e6}::float8)`] : []),
    withinReach(reach, Prisma.sql`i.node_id`),
  ]
  return inTenant(ctx, (tx) =>
    selectIncidents(
      tx,
      ctx.workspaceId,
      Prisma.sql`${Prisma.join(conditions, ' AND ')} ORDER BY i.opened_at DESC LIMIT ${limit}::int`,
    ),
  )
}
