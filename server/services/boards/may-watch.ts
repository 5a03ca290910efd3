import { z } from 'zod'
import { ForbiddenError, NotFoundError } from '../../core/errors'
import { type Ctx, inTenant, parseInput, requirePermission } from '../context'
import { requireGroupWithin } from '../reach'

const Input = z.object({ groupId: z.uuid() })

/** Whether this board may still be watched: asked again and again while it is open. */
export async function mayWatchBoard({ ctx, input }: { ctx: Ctx; input: z.input<typeof Input> }): Promise<boolean> {
  const { groupId } = parseInput(Input, input)
  try {
    const reach = requirePermission(ctx, 'board.read')
    await inTenant(ctx, async (tx) => {
      const group = await tx.nodeGroup.findFirst({
        where: { workspaceId: ctx.workspaceId, id: groupId, archivedAt: null },
      })
      if (!group) throw new NotFoundError('group')
      await requireGroupWithin(tx, reach, groupId)
    })
    return true
  } catch (error) {
    if (error instanceof ForbiddenError || error instanceof NotFoundError) return false
    throw error
  }
}
