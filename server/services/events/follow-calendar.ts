import { z } from 'zod'
import { NotFoundError } from '../../core/errors'
import { type Ctx, inTenant, parseInput, requirePermission } from '../context'
import { nameTaken } from '../groups/group'
import { replaceWindows } from '../schedule/set'
import { writeAudit } from '../write-audit'

const Input = z.object({ id: z.uuid() })

/** Takes back what was changed by hand in a match: it is as its calendar has it, and follows it again. */
export async function followCalendar({ ctx, input }: { ctx: Ctx; input: z.input<typeof Input> }): Promise<void> {
  requirePermission(ctx, 'group.update')
  const { id } = parseInput(Input, input)
  const { workspaceId } = ctx
  await inTenant(ctx, async (tx) => {
    const entry = await tx.calendarEntry.findFirst({
      where: { workspaceId, groupId: id, state: 'current', calendar: { removedAt: null }, group: { archivedAt: null } },
    })
    if (!entry) throw new NotFoundError('match')
    const { name, startsAt, endsAt } = entry
    await tx.nodeGroup.updateMany({ where: { workspaceId, id }, data: { name } }).catch(nameTaken)
    await replaceWindows(tx, workspaceId, id, [{ startsMs: startsAt.getTime(), endsMs: endsAt.getTime() }])
    await tx.groupNode.deleteMany({ where: { workspaceId, groupId: id } })
    // A server may have been archived since the calendar was read.
    const nodes = await tx.node.findMany({
      where: { workspaceId, id: { in: entry.nodeIds }, archivedAt: null },
      select: { id: true },
    })
    await tx.groupNode.createMany({ data: nodes.map(({ id: nodeId }) => ({ workspaceId, groupId: id, nodeId })) })
    await writeAudit(tx, ctx, { action: 'group.follow_calendar', subject: { kind: 'group', id }, after: { name } })
  })
}
