import { z } from 'zod'
import type { Sample } from '../../../wire/sample'
import { HOUR_MS } from '../../core/units'
import { readRecentSamples, readSamples, type SamplePoint } from '../../db/samples'
import { type Ctx, clockOf, inTenant, parseInput, requirePermission } from '../context'

const RangeInput = z
  .object({ nodeId: z.uuid(), fromMs: z.int().nonnegative(), toMs: z.int().nonnegative() })
  .refine(({ fromMs, toMs }) => toMs >= fromMs && toMs - fromMs <= 2 * HOUR_MS, {
    message: 'ask for at most two hours at a resolution of one second',
    path: ['toMs'],
  })

/** One node's seconds, oldest first. */
export async function listNodeSamples({
  ctx,
  input,
}: {
  ctx: Ctx
  input: z.input<typeof RangeInput>
}): Promise<Sample[]> {
  requirePermission(ctx, 'sample.read')
  const range = parseInput(RangeInput, input)
  return inTenant(ctx, (tx) => readSamples(tx, { workspaceId: ctx.workspaceId, ...range }))
}

const RecentInput = z.object({ seconds: z.int().min(1).max(600).default(300) })

/** The last seconds of all nodes, for tiles: by node, oldest first. */
export async function listRecentSamples({
  ctx,
  input = {},
}: {
  ctx: Ctx
  input?: z.input<typeof RecentInput>
}): Promise<SamplePoint[]> {
  requirePermission(ctx, 'sample.read')
  const { seconds } = parseInput(RecentInput, input)
  const fromMs = clockOf(ctx).now() - seconds * 1_000
  return inTenant(ctx, (tx) => readRecentSamples(tx, ctx.workspaceId, fromMs))
}
