import { z } from 'zod'
import { formatId } from '../../core/ids'
import { addNote } from '../../services/notes/add'
import { editNote } from '../../services/notes/edit'
import { removeNote } from '../../services/notes/remove'
import { restoreNote } from '../../services/notes/restore'
import { idOf, router, workspaceProcedure } from '../init'

const ById = z.object({ id: idOf('note') })
const Text = z.object({ text: z.string().max(8_000) })

export const notes = router({
  /** Beside the incident with this id. */
  add: workspaceProcedure
    .input(Text.extend({ id: idOf('inc'), noteId: idOf('note').optional() }))
    .mutation(async ({ ctx: { verb: ctx }, input: { id, noteId, text } }) => {
      const note = await addNote({ ctx, input: { incidentId: id, id: noteId, text } })
      return { id: formatId('note', note.id) }
    }),
  edit: workspaceProcedure
    .input(ById.extend(Text.shape))
    .mutation(({ ctx: { verb: ctx }, input: { id, text } }) => editNote({ ctx, input: { id, text } })),
  remove: workspaceProcedure
    .input(ById)
    .mutation(({ ctx: { verb: ctx }, input: { id } }) => removeNote({ ctx, input: { id } })),
  restore: workspaceProcedure
    .input(ById)
    .mutation(({ ctx: { verb: ctx }, input: { id } }) => restoreNote({ ctx, input: { id } })),
})
