import { z } from 'zod'
import { NodeNotice } from '../../../wire/messages'
import { type Ctx, inTenant, parseInput, requireNode } from '../context'
import { writeAudit } from '../write-audit'

const Input = z.object({ nodeId: z.uuid(), notice: NodeNotice })

/** Keeps in the audit log what a node says of itself, e.g. that its disk is full. */
export async function recordNodeNotice({ ctx, input }: { ctx: Ctx; input: z.input<typeof Input> }): Promise<void> {
  const { nodeId, notice } = parseInput(Input, input)
  requireNode(ctx, nodeId)
  const { kind, ...after } = notice
  await inTenant(ctx, (tx) =>
    writeAudit(tx, ctx, { action: `node.${kind}`, subject: { kind: 'node', id: nodeId }, after }),
  )
}
