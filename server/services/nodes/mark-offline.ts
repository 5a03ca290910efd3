import { z } from 'zod'
import { ForbiddenError } from '../../core/errors'
import { type Ctx, clockOf, inTenant, parseInput } from '../context'

const Input = z.object({ nodeIds: z.array(z.uuid()).max(100_000) })

/** Nodes whose connection ended. */
export async function markNodesOffline({ ctx, input }: { ctx: Ctx; input: z.input<typeof Input> }): Promise<void> {
  if (ctx.actor.kind !== 'job') throw new ForbiddenError('Only the gateway says that a node is gone.')
  const { nodeIds } = parseInput(Input, input)
  await inTenant(ctx, (tx) =>
    tx.node.updateMany({
      where: { workspaceId: ctx.workspaceId, id: { in: nodeIds }, state: 'online' },
      data: { state: 'offline', lastSeenAt: new Date(clockOf(ctx).now()) },
    }),
  )
}
