import { z } from 'zod'
import { ForbiddenError } from '../../core/errors'
import { type Ctx, inTenant, parseInput, requirePermission } from '../context'
import { notifyIncident } from '../evidence/evidence'
import { requireIncident } from '../incidents/require-within'
import { writeAudit } from '../write-audit'

const Input = z.object({ incidentId: z.uuid() })

/** Takes back what this person said the incident was. */
export async function withdrawFeedback({ ctx, input }: { ctx: Ctx; input: z.input<typeof Input> }): Promise<void> {
  const reach = requirePermission(ctx, 'incident.annotate')
  const { incidentId } = parseInput(Input, input)
  const { workspaceId, actor } = ctx
  if (actor.kind !== 'user') throw new ForbiddenError('Feedback is given by people.')
  await inTenant(ctx, async (tx) => {
    await requireIncident(tx, ctx, reach, incidentId)
    const { count } = await tx.incidentFeedback.deleteMany({
      where: { workspaceId, incidentId, authorId: actor.userId },
    })
    if (count === 0) return
    await writeAudit(tx, ctx, { action: 'feedback.withdraw', subject: { kind: 'incident', id: incidentId } })
    await notifyIncident(tx, ctx, incidentId)
  })
}
