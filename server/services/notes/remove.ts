import { z } from 'zod'
import { type Ctx, clockOf, inTenant, parseInput, requirePermission } from '../context'
import { notifyIncident } from '../evidence/evidence'
import { writeAudit } from '../write-audit'
import { forgetRemoved, requireOwnNote } from './note'

const Input = z.object({ id: z.uuid() })

/** Takes a note of one's own away; for ten minutes it can be brought back. */
export async function removeNote({ ctx, input }: { ctx: Ctx; input: z.input<typeof Input> }): Promise<void> {
  requirePermission(ctx, 'incident.annotate')
  const { id } = parseInput(Input, input)
  const { workspaceId } = ctx
  const nowMs = clockOf(ctx).now()
  await inTenant(ctx, async (tx) => {
    const { incidentId } = await requireOwnNote(tx, ctx, id)
    await forgetRemoved(tx, ctx, nowMs)
    const { count } = await tx.incidentNote.updateMany({
      where: { workspaceId, id, removedAt: null },
      data: { removedAt: new Date(nowMs) },
    })
    if (count === 0) return
    await writeAudit(tx, ctx, { action: 'note.remove', subject: { kind: 'note', id }, after: { incidentId } })
    await notifyIncident(tx, ctx, incidentId)
  })
}
