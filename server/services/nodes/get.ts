import { z } from 'zod'
import { NotFoundError } from '../../core/errors'
import { type Ctx, inTenant, parseInput, requirePermission } from '../context'
import { NODE_COLUMNS, type Node } from './list'

const Input = z.object({ id: z.uuid() })

export async function getNode({ ctx, input }: { ctx: Ctx; input: z.input<typeof Input> }): Promise<Node> {
  requirePermission(ctx, 'node.read')
  const { id } = parseInput(Input, input)
  const row = await inTenant(ctx, (tx) =>
    tx.node.findFirst({ where: { workspaceId: ctx.workspaceId, id }, select: NODE_COLUMNS }),
  )
  if (!row) throw new NotFoundError('node')
  return row as Node
}
