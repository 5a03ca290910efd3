import { z } from 'zod'
import type { Policy } from '../../../wire/messages'
import { ForbiddenError } from '../../core/errors'
import { type Ctx, clockOf, inTenant, parseInput } from '../context'
import { effectiveOn, readBook } from './book'
import { toWire } from './settings'

const Input = z.object({ nodeIds: z.array(z.uuid()).max(10_000) })

/** What these nodes go by, as the gateway sends it. */
export async function policiesForNodes({
  ctx,
  input,
}: {
  ctx: Ctx
  input: z.input<typeof Input>
}): Promise<Map<string, Policy>> {
  if (ctx.actor.kind !== 'job') throw new ForbiddenError('Only the platform itself may ask this.')
  const { nodeIds } = parseInput(Input, input)
  const book = await inTenant(ctx, (tx) => readBook(tx, ctx.workspaceId, new Date(clockOf(ctx).now()), nodeIds))
  return new Map(nodeIds.map((nodeId) => [nodeId, toWire(effectiveOn(book, nodeId))]))
}
