import { type Ctx, inTenant, requirePermission } from '../context'
import { groupsWithin } from '../reach'

export const GROUP_KINDS = ['event', 'stage', 'match', 'region', 'role'] as const
export type GroupKind = (typeof GROUP_KINDS)[number]

export type NodeGroup = {
  id: string
  parentId: string | null
  kind: GroupKind
  name: string
  /** Nodes that belong to it itself; those of the groups in it belong to it as well. */
  nodeIds: string[]
}

/** Groups that are not archived, by name. Of what lies out of reach nothing is told, the group above it neither. */
export async function listGroups({ ctx }: { ctx: Ctx }): Promise<NodeGroup[]> {
  const reach = requirePermission(ctx, 'group.read')
  const { workspaceId } = ctx
  return inTenant(ctx, async (tx) => {
    const within = await groupsWithin(tx, reach)
    const rows = await tx.nodeGroup.findMany({
      where: { workspaceId, archivedAt: null, ...(within && { id: { in: within } }) },
      orderBy: [{ name: 'asc' }, { id: 'asc' }],
      include: { nodes: { select: { nodeId: true }, where: { node: { archivedAt: null } } } },
    })
    const known = new Set(rows.map(({ id }) => id))
    return rows.map(({ id, parentId, kind, name, nodes }) => ({
      id,
      parentId: parentId !== null && known.has(parentId) ? parentId : null,
      kind: kind as GroupKind,
      name,
      nodeIds: nodes.map(({ nodeId }) => nodeId),
    }))
  })
}
