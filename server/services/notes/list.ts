import { z } from 'zod'
import { type Ctx, inTenant, parseInput, requirePermission } from '../context'
import { requireIncident } from '../incidents/require-within'
import { NOTE_FIELDS, type Note } from './note'

const Input = z.object({ incidentId: z.uuid() })

/** Notes of one incident, oldest first. */
export async function listNotes({ ctx, input }: { ctx: Ctx; input: z.input<typeof Input> }): Promise<Note[]> {
  const reach = requirePermission(ctx, 'incident.read')
  const { incidentId } = parseInput(Input, input)
  return inTenant(ctx, async (tx) => {
    await requireIncident(tx, ctx, reach, incidentId)
    return tx.incidentNote.findMany({
      where: { workspaceId: ctx.workspaceId, incidentId, removedAt: null },
      orderBy: [{ createdAt: 'asc' }, { id: 'asc' }],
      select: NOTE_FIELDS,
    })
  })
}
