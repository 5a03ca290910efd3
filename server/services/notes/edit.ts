import { z } from 'zod'
import { ConflictError } from '../../core/errors'
import { type Ctx, clockOf, inTenant, parseInput, requirePermission } from '../context'
import { notifyIncident } from '../evidence/evidence'
import { writeAudit } from '../write-audit'
import { NoteText, requireOwnNote } from './note'

const Input = z.object({ id: z.uuid(), text: NoteText })

/** Puts other words into a note of one's own; that it was edited is shown. */
export async function editNote({ ctx, input }: { ctx: Ctx; input: z.input<typeof Input> }): Promise<void> {
  requirePermission(ctx, 'incident.annotate')
  const { id, text } = parseInput(Input, input)
  const { workspaceId } = ctx
  await inTenant(ctx, async (tx) => {
    const { incidentId } = await requireOwnNote(tx, ctx, id)
    const { count } = await tx.incidentNote.updateMany({
      where: { workspaceId, id, removedAt: null },
      data: { text, editedAt: new Date(clockOf(ctx).now()) },
    })
    if (count === 0) throw new ConflictError('This note was removed meanwhile. Bring it back, then edit it.')
    await writeAudit(tx, ctx, { action: 'note.edit', subject: { kind: 'note', id }, after: { incidentId } })
    await notifyIncident(tx, ctx, incidentId)
  })
}
