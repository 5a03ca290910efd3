import { z } from 'zod'
import { NotFoundError } from '../../core/errors'
import { type Ctx, inTenant, parseInput, requirePermission } from '../context'
import { writeAudit } from '../write-audit'
import { GroupName, Kind, nameTaken, requireParent } from './group'

const Input = z.object({
  id: z.uuid(),
  kind: Kind.optional(),
  name: GroupName.optional(),
  parentId: z.uuid().nullable().optional(),
})

/** Renames a group or moves it, with all that lies in it. What is not given stays. */
export async function updateGroup({ ctx, input }: { ctx: Ctx; input: z.input<typeof Input> }): Promise<void> {
  requirePermission(ctx, 'group.update')
  const { id, ...change } = parseInput(Input, input)
  const { workspaceId } = ctx
  await inTenant(ctx, async (tx) => {
    // Two moves at once could each put one group into the other.
    await tx.$executeRaw`SELECT pg_advisory_xact_lock(hashtext('groups'), hashtext(${workspaceId}))`
    const before = await tx.nodeGroup.findFirst({
      where: { workspaceId, id, archivedAt: null },
      select: { kind: true, name: true, parentId: true },
    })
    if (!before) throw new NotFoundError('group')
    if (change.parentId !== undefined) await requireParent(tx, ctx, change.parentId, id)
    await tx.nodeGroup.update({ where: { workspaceId_id: { workspaceId, id } }, data: change }).catch(nameTaken)
    const after = { ...before, ...change }
    await writeAudit(tx, ctx, { action: 'group.update', subject: { kind: 'group', id }, before, after })
  })
}
