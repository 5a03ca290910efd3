import { z } from 'zod'
import type { Sample } from '../../../wire/sample'
import { NotFoundError } from '../../core/errors'
import { readSamples } from '../../db/sample-reads'
import { type Ctx, clockOf, inTenant, parseInput, requirePermission } from '../context'
import { requireWithin } from '../reach'

const Input = z.object({ id: z.uuid() })

/** Seconds of traffic shown around an incident, and the most that one page holds. */
const BEFORE_MS = 120_000
const AFTER_MS = 60_000
const RANGE_MS_MAX = 1_800_000

/** The attacked node's seconds from before an incident until after it, oldest first. Who may read an incident may see its traffic. */
export async function listIncidentSamples({
  ctx,
  input,
}: {
  ctx: Ctx
  input: z.input<typeof Input>
}): Promise<Sample[]> {
  const reach = requirePermission(ctx, 'incident.read')
  const { id } = parseInput(Input, input)
  const { workspaceId } = ctx
  return inTenant(ctx, async (tx) => {
    const incident = await tx.incident.findFirst({
      where: { workspaceId, id },
      select: { nodeId: true, firstPacketAt: true, resolvedAt: true },
    })
    if (!incident) throw new NotFoundError('incident')
    const { nodeId, firstPacketAt, resolvedAt } = incident
    await requireWithin(tx, reach, nodeId)
    const fromMs = firstPacketAt.getTime() - BEFORE_MS
    const endMs = resolvedAt?.getTime() ?? clockOf(ctx).now()
    return readSamples(tx, { workspaceId, nodeId, fromMs, toMs: Math.min(endMs + AFTER_MS, fromMs + RANGE_MS_MAX) })
  })
}
