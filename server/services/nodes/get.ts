import { z } from 'zod'
import type { AgentHealth } from '../../../wire/messages'
import { NotFoundError } from '../../core/errors'
import { type Ctx, inTenant, parseInput, requirePermission } from '../context'
import { requireWithin } from '../reach'
import { NODE_COLUMNS, type Node } from './list'

/** `health`: what its agent said last of its own process, and when that arrived. */
export type NodeWithHealth = Node & { health: AgentHealth | null; healthAt: Date | null }

const Input = z.object({ id: z.uuid() })

const COLUMNS = { ...NODE_COLUMNS, health: true, healthAt: true } as const

export async function getNode({ ctx, input }: { ctx: Ctx; input: z.input<typeof Input> }): Promise<NodeWithHealth> {
  const reach = requirePermission(ctx, 'node.read')
  const { id } = parseInput(Input, input)
  return inTenant(ctx, async (tx) => {
    const row = await tx.node.findFirst({ where: { workspaceId: ctx.workspaceId, id }, select: COLUMNS })
    if (!row) throw new NotFoundError('node')
    await requireWithin(tx, reach, id)
    return row as NodeWithHealth
  })
}
