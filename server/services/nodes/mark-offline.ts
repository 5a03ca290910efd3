import { z } from 'zod'
import { type Ctx, clockOf, inTenant, parseInput, requireNode } from '../context'

const Input = z.object({ nodeId: z.uuid() })

export async function markNodeOffline({ ctx, input }: { ctx: Ctx; input: z.input<typeof Input> }): Promise<void> {
  const { nodeId } = parseInput(Input, input)
  requireNode(ctx, nodeId)
  await inTenant(ctx, (tx) =>
    tx.node.updateMany({
      where: { workspaceId: ctx.workspaceId, id: nodeId, state: 'online' },
      data: { state: 'offline', lastSeenAt: new Date(clockOf(ctx).now()) },
    }),
  )
}
