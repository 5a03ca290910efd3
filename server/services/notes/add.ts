import { z } from 'zod'
import { ForbiddenError } from '../../core/errors'
import { newId } from '../../core/ids'
import { type Ctx, clockOf, inTenant, parseInput, requirePermission } from '../context'
import { notifyIncident } from '../evidence/evidence'
import { requireIncident } from '../incidents/require-within'
import { writeAudit } from '../write-audit'
import { NOTE_FIELDS, type Note, NoteText } from './note'

const Input = z.object({
  incidentId: z.uuid(),
  text: NoteText,
  /** Made by who writes it, so that the same note sent twice is one. */
  id: z.uuid().optional(),
})

/** A note beside an incident, for everybody who may read it. */
export async function addNote({ ctx, input }: { ctx: Ctx; input: z.input<typeof Input> }): Promise<Note> {
  const reach = requirePermission(ctx, 'incident.annotate')
  const { incidentId, text, id = newId() } = parseInput(Input, input)
  const { workspaceId, actor } = ctx
  if (actor.kind !== 'user') throw new ForbiddenError('Notes are written by people.')
  return inTenant(ctx, async (tx) => {
    await requireIncident(tx, ctx, reach, incidentId)
    const note = { workspaceId, id, incidentId, authorId: actor.userId, text, createdAt: new Date(clockOf(ctx).now()) }
    const { count } = await tx.incidentNote.createMany({ data: note, skipDuplicates: true })
    if (count > 0) {
      await writeAudit(tx, ctx, { action: 'note.add', subject: { kind: 'note', id }, after: { incidentId } })
      await notifyIncident(tx, ctx, incidentId)
    }
    return tx.incidentNote.findFirstOrThrow({ where: { workspaceId, id, incidentId }, select: NOTE_FIELDS })
  })
}
