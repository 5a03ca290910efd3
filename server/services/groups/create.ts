import { z } from 'zod'
import { newId } from '../../core/ids'
import { type Ctx, clockOf, inTenant, parseInput, requirePermission } from '../context'
import { writeAudit } from '../write-audit'
import { GroupName, Kind, nameTaken, requireParent } from './group'
import type { NodeGroup } from './list'

const Input = z.object({ kind: Kind, name: GroupName, parentId: z.uuid().nullable().default(null) })

/** @throws ConflictError when the name is taken beside it */
export async function createGroup({ ctx, input }: { ctx: Ctx; input: z.input<typeof Input> }): Promise<NodeGroup> {
  requirePermission(ctx, 'group.update')
  const { kind, name, parentId } = parseInput(Input, input)
  const { workspaceId } = ctx
  const id = newId()
  await inTenant(ctx, async (tx) => {
    await requireParent(tx, ctx, parentId)
    const createdAt = new Date(clockOf(ctx).now())
    await tx.nodeGroup.create({ data: { workspaceId, id, kind, name, parentId, createdAt } }).catch(nameTaken)
    await writeAudit(tx, ctx, {
      action: 'group.create',
      subject: { kind: 'group', id },
      after: { kind, name, parentId },
    })
  })
  return { id, parentId, kind, name, nodeIds: [] }
}
