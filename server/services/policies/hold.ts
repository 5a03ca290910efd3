import { z } from 'zod'
import { HeldPolicy } from '../../../wire/messages'
import { type Ctx, inTenant, parseInput, requireNode } from '../context'

const Input = z.object({ nodeId: z.uuid(), held: HeldPolicy })

/** Keeps what a node says it goes by. */
export async function recordHeldPolicy({ ctx, input }: { ctx: Ctx; input: z.input<typeof Input> }): Promise<void> {
  const { nodeId, held } = parseInput(Input, input)
  requireNode(ctx, nodeId)
  const { workspaceId } = ctx
  const heldStopUntil = held.stoppedUntilMs === null ? null : new Date(held.stoppedUntilMs)
  await inTenant(ctx, async (tx) => {
    const changed = await tx.$executeRaw`
      UPDATE node SET held_policy_id = ${held.id}, held_stop_until = ${heldStopUntil}::timestamptz
      WHERE workspace_id = ${workspaceId}::uuid AND id = ${nodeId}::uuid
        AND (held_policy_id, held_stop_until) IS DISTINCT FROM (${held.id}, ${heldStopUntil}::timestamptz)`
    if (changed === 0) return
    await tx.$executeRaw`SELECT pg_notify('policy_held', ${JSON.stringify({ workspaceId })})`
  })
}
