import { z } from 'zod'
import { NotFoundError } from '../../core/errors'
import { type Ctx, clockOf, inTenant, parseInput, requirePermission } from '../context'
import { writeAudit } from '../write-audit'

const Input = z.object({ id: z.uuid(), withMatches: z.boolean() })

/** It is asked no more. Its matches stay as they are, or those to come are put away with it. */
export async function removeCalendar({ ctx, input }: { ctx: Ctx; input: z.input<typeof Input> }): Promise<void> {
  requirePermission(ctx, 'group.update')
  const { id, withMatches } = parseInput(Input, input)
  const { workspaceId } = ctx
  const now = new Date(clockOf(ctx).now())
  await inTenant(ctx, async (tx) => {
    const { count } = await tx.calendar.updateMany({
      where: { workspaceId, id, removedAt: null },
      // The address goes: nobody needs it any more.
      data: { removedAt: now, nextAt: null, source: {} },
    })
    if (count === 0) throw new NotFoundError('calendar')
    const { count: matches } = withMatches
      ? await tx.nodeGroup.updateMany({
          where: {
            workspaceId,
            archivedAt: null,
            entries: { some: { calendarId: id, state: 'current', endsAt: { gt: now } } },
          },
          data: { archivedAt: now },
        })
      : { count: 0 }
    await writeAudit(tx, ctx, { action: 'calendar.remove', subject: { kind: 'calendar', id }, after: { matches } })
  })
}
