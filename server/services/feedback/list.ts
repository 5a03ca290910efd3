import { z } from 'zod'
import { type Ctx, inTenant, parseInput, requirePermission } from '../context'
import { requireIncident } from '../incidents/require-within'
import type { Feedback } from './feedback'

const Input = z.object({ incidentId: z.uuid() })

/** What people say one incident was, newest first. */
export async function listFeedback({ ctx, input }: { ctx: Ctx; input: z.input<typeof Input> }): Promise<Feedback[]> {
  const reach = requirePermission(ctx, 'incident.read')
  const { incidentId } = parseInput(Input, input)
  return inTenant(ctx, async (tx) => {
    await requireIncident(tx, ctx, reach, incidentId)
    const rows = await tx.incidentFeedback.findMany({
      where: { workspaceId: ctx.workspaceId, incidentId },
      orderBy: [{ at: 'desc' }, { authorId: 'asc' }],
      select: { authorId: true, verdict: true, vectorId: true, text: true, at: true },
    })
    return rows as Feedback[]
  })
}
