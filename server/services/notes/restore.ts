import { z } from 'zod'
import { ConflictError } from '../../core/errors'
import { type Ctx, clockOf, inTenant, parseInput, requirePermission } from '../context'
import { notifyIncident } from '../evidence/evidence'
import { writeAudit } from '../write-audit'
import { requireOwnNote, UNDO_MS } from './note'

const Input = z.object({ id: z.uuid() })

/** Brings back a note of one's own that was removed a moment ago. */
export async function restoreNote({ ctx, input }: { ctx: Ctx; input: z.input<typeof Input> }): Promise<void> {
  requirePermission(ctx, 'incident.annotate')
  const { id } = parseInput(Input, input)
  const { workspaceId } = ctx
  const sinceMs = clockOf(ctx).now() - UNDO_MS
  await inTenant(ctx, async (tx) => {
    const { incidentId } = await requireOwnNote(tx, ctx, id)
    const { count } = await tx.incidentNote.updateMany({
      where: { workspaceId, id, removedAt: { gte: new Date(sinceMs) }, text: { not: '' } },
      data: { removedAt: null },
    })
    if (count === 0)
      throw new ConflictError('This note cannot be brought back: that works for ten minutes. Write it again.')
    await writeAudit(tx, ctx, { action: 'note.restore', subject: { kind: 'note', id }, after: { incidentId } })
    await notifyIncident(tx, ctx, incidentId)
  })
}
