import { z } from 'zod'
import { NotFoundError } from '../../core/errors'
import { type Ctx, clockOf, inTenant, parseInput, requirePermission } from '../context'
import { writeAudit } from '../write-audit'

const Input = z.object({ nodeId: z.uuid() })

/** Ends a node's key; the gateway cuts its connection within seconds. The node has to be enrolled again. */
export async function revokeCredential({ ctx, input }: { ctx: Ctx; input: z.input<typeof Input> }): Promise<void> {
  requirePermission(ctx, 'node.revoke')
  const { nodeId } = parseInput(Input, input)
  await inTenant(ctx, async (tx) => {
    const { count } = await tx.nodeCredential.updateMany({
      where: { workspaceId: ctx.workspaceId, nodeId, revokedAt: null },
      data: { revokedAt: new Date(clockOf(ctx).now()) },
    })
    if (count === 0) throw new NotFoundError('node')
    await writeAudit(tx, ctx, { action: 'node.revoke', subject: { kind: 'node', id: nodeId } })
  })
}
