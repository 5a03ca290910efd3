import { z } from 'zod'
import { Hello, type Lane, type Policy } from '../../../wire/messages'
import { NotFoundError } from '../../core/errors'
import { readCursors } from '../../db/cursors'
import type { Tx } from '../../db/pool'
import { type Ctx, clockOf, inTenant, parseInput, requireNode } from '../context'
import { rehearseIncidents } from '../incidents/rehearse'
import { effectiveOn, readBook } from '../policies/book'
import { toWire } from '../policies/settings'

const Input = z.object({ nodeId: z.uuid(), hello: Hello })

export type NodeWelcome = { nodeId: string; cursors: Record<Lane, number>; policy: Policy }

/** Stores what a connected node says of itself, readies the way of its incidents, and tells it where each lane goes on. */
export async function welcomeNode({ ctx, input }: { ctx: Ctx; input: z.input<typeof Input> }): Promise<NodeWelcome> {
  const { nodeId, hello } = parseInput(Input, input)
  requireNode(ctx, nodeId)
  const { workspaceId } = ctx
  const welcome = await inTenant(ctx, async (tx) => {
    const { count } = await tx.node.updateMany({
      where: { workspaceId, id: nodeId, archivedAt: null },
      data: { ...hello, state: 'online', lastSeenAt: new Date(clockOf(ctx).now()) },
    })
    if (count === 0) throw new NotFoundError('node')
    return { nodeId, cursors: await readCursors(tx, workspaceId, nodeId), policy: await readPolicy(tx, ctx, nodeId) }
  })
  await rehearseIncidents(ctx, nodeId)
  return welcome
}

async function readPolicy(tx: Tx, ctx: Ctx, nodeId: string): Promise<Policy> {
  const book = await readBook(tx, ctx.workspaceId, new Date(clockOf(ctx).now()), [nodeId])
  return toWire(effectiveOn(book, nodeId))
}
