import { z } from 'zod'
import { type Ctx, inTenant, parseInput, requirePermission } from '../context'
import { requireWithin } from '../reach'

const Input = z.object({ nodeId: z.uuid() })

export type NodeCredential = { createdAt: Date; revokedAt: Date | null }

/** Newest key of a node, never the key itself; null before it was enrolled. */
export async function getNodeCredential({
  ctx,
  input,
}: {
  ctx: Ctx
  input: z.input<typeof Input>
}): Promise<NodeCredential | null> {
  const reach = requirePermission(ctx, 'node.read')
  const { nodeId } = parseInput(Input, input)
  return inTenant(ctx, async (tx) => {
    await requireWithin(tx, reach, nodeId)
    return tx.nodeCredential.findFirst({
      where: { workspaceId: ctx.workspaceId, nodeId },
      orderBy: { createdAt: 'desc' },
      select: { createdAt: true, revokedAt: true },
    })
  })
}
