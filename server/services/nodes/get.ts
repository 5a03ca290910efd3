import { z } from 'zod'
import { NotFoundError } from '../../core/errors'
import { type Ctx, inTenant, parseInput, requirePermission } from '../context'
import { requireWithin } from '../reach'
import { NODE_COLUMNS, type Node } from './list'

const Input = z.object({ id: z.uuid() })

export async function getNode({ ctx, input }: { ctx: Ctx; input: z.input<typeof Input> }): Promise<Node> {
  const reach = requirePermission(ctx, 'node.read')
  const { id } = parseInput(Input, input)
  return inTenant(ctx, async (tx) => {
    const row = await tx.node.findFirst({ where: { workspaceId: ctx.workspaceId, id }, select: NODE_COLUMNS })
    if (!row) throw new NotFoundError('node')
    await requireWithin(tx, reach, id)
    return row as Node
  })
}
