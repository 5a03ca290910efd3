import { z } from 'zod'
import { NotFoundError } from '../../core/errors'
import { type Ctx, inTenant, parseInput, requirePermission } from '../context'
import { writeAudit } from '../write-audit'

const Input = z.object({ id: z.uuid(), nodeIds: z.array(z.uuid()).max(1_000) })

/** These nodes belong to the group from now on, and no others do by themselves. */
export async function setGroupNodes({ ctx, input }: { ctx: Ctx; input: z.input<typeof Input> }): Promise<void> {
  requirePermission(ctx, 'group.update')
  const { id, nodeIds } = parseInput(Input, input)
  const { workspaceId } = ctx
  const wanted = [...new Set(nodeIds)]
  await inTenant(ctx, async (tx) => {
    const group = await tx.nodeGroup.findFirst({ where: { workspaceId, id, archivedAt: null } })
    if (!group) throw new NotFoundError('group')
    const known = await tx.node.count({ where: { workspaceId, id: { in: wanted }, archivedAt: null } })
    if (known < wanted.length) throw new NotFoundError('node')
    const { count: removed } = await tx.groupNode.deleteMany({
      where: { workspaceId, groupId: id, nodeId: { notIn: wanted } },
    })
    const { count: added } = await tx.groupNode.createMany({
      data: wanted.map((nodeId) => ({ workspaceId, groupId: id, nodeId })),
      skipDuplicates: true,
    })
    if (added + removed === 0) return
    await writeAudit(tx, ctx, {
      action: 'group.set_nodes',
      subject: { kind: 'group', id },
      after: { added, removed, nodes: wanted.length },
    })
  })
}
