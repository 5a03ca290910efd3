import type { Prisma } from '../../db/pool'
import { type Ctx, inTenant, requirePermission } from '../context'
import { nodesWithin } from '../reach'

export type Node = {
  id: string
  name: string
  hostname: string | null
  agentVersion: string | null
  kernel: string | null
  level: string | null
  state: 'waiting' | 'online' | 'offline' | 'archived'
  servicePorts: { protocol: 'udp' | 'tcp'; port: number }[]
  addresses: string[]
  enrolledAt: Date | null
  lastSeenAt: Date | null
}

export const NODE_COLUMNS = {
  id: true,
  name: true,
  hostname: true,
  agentVersion: true,
  kernel: true,
  level: true,
  state: true,
  servicePorts: true,
  addresses: true,
  enrolledAt: true,
  lastSeenAt: true,
} as const satisfies Prisma.NodeSelect

/** Nodes that are not archived, by name. */
export async function listNodes({ ctx }: { ctx: Ctx }): Promise<Node[]> {
  const reach = requirePermission(ctx, 'node.read')
  const rows = await inTenant(ctx, async (tx) => {
    const within = await nodesWithin(tx, reach)
    return tx.node.findMany({
      where: { workspaceId: ctx.workspaceId, archivedAt: null, ...(within && { id: { in: within } }) },
      orderBy: { name: 'asc' },
      select: NODE_COLUMNS,
    })
  })
  return rows as Node[]
}
