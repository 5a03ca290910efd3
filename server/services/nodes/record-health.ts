import { z } from 'zod'
import { AgentHealth } from '../../../wire/messages'
import { type Ctx, clockOf, inTenant, parseInput, requireNode } from '../context'

const Input = z.object({ nodeId: z.uuid(), health: AgentHealth })

/** Keeps what an agent says of its own process, with the time of the platform. */
export async function recordAgentHealth({ ctx, input }: { ctx: Ctx; input: z.input<typeof Input> }): Promise<void> {
  const { nodeId, health } = parseInput(Input, input)
  requireNode(ctx, nodeId)
  const where = { workspaceId: ctx.workspaceId, id: nodeId }
  const data = { health, healthAt: new Date(clockOf(ctx).now()) }
  await inTenant(ctx, (tx) => tx.node.updateMany({ where, data }))
}
