import { z } from 'zod'
import { NotFoundError } from '../../core/errors'
import { type Ctx, clockOf, inTenant, parseInput, requirePermission } from '../context'
import { writeAudit } from '../write-audit'

const Input = z.object({ id: z.uuid() })

/** Takes a node out of the fleet; its key is good no more, its incidents stay. */
export async function archiveNode({ ctx, input }: { ctx: Ctx; input: z.input<typeof Input> }): Promise<void> {
  requirePermission(ctx, 'node.archive')
  const { id } = parseInput(Input, input)
  const now = new Date(clockOf(ctx).now())
  await inTenant(ctx, async (tx) => {
    const { count } = await tx.node.updateMany({
      where: { workspaceId: ctx.workspaceId, id, archivedAt: null },
      data: { archivedAt: now, state: 'archived' },
    })
    if (count === 0) throw new NotFoundError('node')
    await writeAudit(tx, ctx, { action: 'node.archive', subject: { kind: 'node', id } })
  })
}
