import { z } from 'zod'
import { NotFoundError } from '../../core/errors'
import { type Ctx, clockOf, inTenant, parseInput, requirePermission } from '../context'
import { requireWithin } from '../reach'
import { effectiveOn, readBook } from './book'
import { type Holding, holdingOf } from './holds'
import type { EffectivePolicy } from './settings'

const Input = z.object({ nodeId: z.uuid() })

export type NodePolicy = EffectivePolicy & { holds: Holding }

/** What a node goes by, where it comes from, and whether the node says so itself. */
export async function getNodePolicy({ ctx, input }: { ctx: Ctx; input: z.input<typeof Input> }): Promise<NodePolicy> {
  const reach = requirePermission(ctx, 'policy.read')
  const { nodeId } = parseInput(Input, input)
  const { workspaceId } = ctx
  const now = new Date(clockOf(ctx).now())
  return inTenant(ctx, async (tx) => {
    const book = await readBook(tx, workspaceId, now, [nodeId])
    await requireWithin(tx, reach, nodeId)
    const policy = effectiveOn(book, nodeId)
    const node = book.nodes[0]
    // An archived node goes by nothing any more, but its page is still there.
    if (!node && (await tx.node.count({ where: { workspaceId, id: nodeId } })) === 0) throw new NotFoundError('node')
    return { ...policy, holds: node ? holdingOf(node, policy, now) : 'unknown' }
  })
}
