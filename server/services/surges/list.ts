import { z } from 'zod'
import { Reason } from '../../../wire/incident'
import { type Ctx, inTenant, parseInput, requirePermission } from '../context'
import { nodesWithin } from '../reach'

const Input = z.object({
  nodeId: z.uuid().optional(),
  /** Only those noted since then that nobody ended. */
  ongoingSinceMs: z.int().nonnegative().optional(),
  limit: z.int().min(1).max(200).default(50),
})

export type Surge = {
  id: string
  nodeId: string
  at: Date
  endedAt: Date | null
  peakPps: number
  peakBps: number
  score: number
  reasons: Reason[]
}

/** Newest first. */
export async function listSurges({ ctx, input = {} }: { ctx: Ctx; input?: z.input<typeof Input> }): Promise<Surge[]> {
  const reach = requirePermission(ctx, 'incident.read')
  const { nodeId, ongoingSinceMs, limit } = parseInput(Input, input)
  const ongoing = ongoingSinceMs === undefined ? {} : { endedAt: null, at: { gte: new Date(ongoingSinceMs) } }
  const rows = await inTenant(ctx, async (tx) => {
    const within = await nodesWithin(tx, reach)
    return tx.surge.findMany({
      where: { workspaceId: ctx.workspaceId, nodeId, ...ongoing, ...(within && { AND: { nodeId: { in: within } } }) },
      orderBy: { at: 'desc' },
      take: limit,
    })
  })
  return rows.map(({ workspaceId: _, reasons, ...surge }) => ({ ...surge, reasons: z.array(Reason).parse(reasons) }))
}
