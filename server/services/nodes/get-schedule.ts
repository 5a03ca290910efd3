import { z } from 'zod'
import { DAY_MS } from '../../core/units'
import { type Ctx, clockOf, inTenant, parseInput, requireNode, requirePermission } from '../context'
import { readSchedule } from '../schedule/read'
import { type AudienceWindow, audienceWindows } from '../schedule/schedule'

const Input = z.object({ nodeId: z.uuid() })

/** A node that is cut off goes by what it was told last: for so long it is told ahead. */
const AHEAD_MS = 8 * DAY_MS

/** When this node should expect more than its usual audience. */
export async function getNodeSchedule({
  ctx,
  input,
}: {
  ctx: Ctx
  input: z.input<typeof Input>
}): Promise<AudienceWindow[]> {
  const { nodeId } = parseInput(Input, input)
  requireNode(ctx, nodeId)
  return (await read(ctx, [nodeId])).get(nodeId) ?? []
}

const ListInput = z.object({ nodeIds: z.array(z.uuid()).max(10_000) })

/** The same of many nodes at once. */
export async function listNodeSchedules({
  ctx,
  input,
}: {
  ctx: Ctx
  input: z.input<typeof ListInput>
}): Promise<Map<string, AudienceWindow[]>> {
  requirePermission(ctx, 'group.update')
  const { nodeIds } = parseInput(ListInput, input)
  return read(ctx, nodeIds)
}

async function read(ctx: Ctx, nodeIds: readonly string[]): Promise<Map<string, AudienceWindow[]>> {
  const nowMs = clockOf(ctx).now()
  const groups = await inTenant(ctx, (tx) => readSchedule(ctx, tx))
  const span = { startsMs: nowMs, endsMs: nowMs + AHEAD_MS }
  return new Map(nodeIds.map((nodeId) => [nodeId, audienceWindows(groups, nodeId, span)]))
}
