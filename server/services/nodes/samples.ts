import { z } from 'zod'
import type { Sample } from '../../../wire/sample'
import { DAY_MS, HOUR_MS, MINUTE_MS, SECOND_MS } from '../../core/units'
import {
  type LatestSample,
  type NodeTail,
  readLatestSamples,
  readSamples,
  readSeries,
  readTails,
  type SampleColumns,
} from '../../db/sample-reads'
import { type Ctx, clockOf, inTenant, parseInput, requirePermission } from '../context'
import { nodesWithin, requireWithin } from '../reach'

const moment = z.int().nonnegative()
const RangeInput = z
  .object({ nodeId: z.uuid(), fromMs: moment, toMs: moment })
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
  const reach = requirePermission(ctx, 'sample.read')
  const range = parseInput(RangeInput, input)
  return inTenant(ctx, async (tx) => {
    await requireWithin(tx, reach, range.nodeId)
    return readSamples(tx, { workspaceId: ctx.workspaceId, ...range })
  })
}

/** Longest span that each resolution answers: some two thousand points are what a screen can show. */
const RESOLUTIONS = [
  { resolutionMs: SECOND_MS, spanMsMax: 2 * HOUR_MS, ageMsMax: 2 * DAY_MS },
  { resolutionMs: MINUTE_MS, spanMsMax: 36 * HOUR_MS, ageMsMax: 90 * DAY_MS },
  { resolutionMs: 5 * MINUTE_MS, spanMsMax: 8 * DAY_MS, ageMsMax: 90 * DAY_MS },
  { resolutionMs: HOUR_MS, spanMsMax: 100 * DAY_MS, ageMsMax: 730 * DAY_MS },
  { resolutionMs: 6 * HOUR_MS, spanMsMax: 400 * DAY_MS, ageMsMax: 730 * DAY_MS },
] as const

/** Finest resolution that still has this span and can answer it in one piece; null when the span is too long for any. */
export function resolutionFor(fromMs: number, toMs: number, nowMs: number): number | null {
  const fits = RESOLUTIONS.find(
    ({ spanMsMax, ageMsMax }) => toMs - fromMs <= spanMsMax && nowMs - fromMs <= ageMsMax + MINUTE_MS,
  )
  return fits?.resolutionMs ?? null
}

/** Longest span of one series. */
export const SERIES_DAYS_MAX = 400

const SeriesInput = z
  .object({ nodeId: z.uuid(), fromMs: moment, toMs: moment })
  .refine(({ fromMs, toMs }) => toMs >= fromMs && toMs - fromMs <= SERIES_DAYS_MAX * DAY_MS, {
    message: 'ask for at most four hundred days at once',
    path: ['toMs'],
  })

export type NodeSeries = { resolutionMs: number; columns: SampleColumns }

/** One node's rates over a span, in the finest resolution that answers it; says which. */
export async function getNodeSeries({
  ctx,
  input,
}: {
  ctx: Ctx
  input: z.input<typeof SeriesInput>
}): Promise<NodeSeries> {
  const reach = requirePermission(ctx, 'sample.read')
  const { nodeId, fromMs, toMs } = parseInput(SeriesInput, input)
  const resolutionMs = resolutionFor(fromMs, toMs, clockOf(ctx).now()) ?? 6 * HOUR_MS
  // A row stands at its end: the one that goes on now ends later than the span.
  const lastMs = resolutionMs < MINUTE_MS ? toMs : toMs + resolutionMs
  const range = { workspaceId: ctx.workspaceId, nodeId, fromMs, toMs: lastMs, resolutionMs }
  const columns = await inTenant(ctx, async (tx) => {
    await requireWithin(tx, reach, nodeId)
    return readSeries(tx, range)
  })
  return { resolutionMs, columns }
}

/** Older seconds say nothing of now. */
const LATEST_AGE_MS_MAX = 30 * SECOND_MS

const LatestInput = z.object({ groupId: z.uuid().optional() })

/** The last second of each node, or of each in a group, that sent one lately. */
export async function listLatestSamples({
  ctx,
  input = {},
}: {
  ctx: Ctx
  input?: z.input<typeof LatestInput>
}): Promise<LatestSample[]> {
  const reach = requirePermission(ctx, 'sample.read')
  const { groupId } = parseInput(LatestInput, input)
  const { workspaceId } = ctx
  const fromMs = clockOf(ctx).now() - LATEST_AGE_MS_MAX
  return inTenant(ctx, async (tx) => {
    const within = await nodesWithin(tx, reach)
    const nodeIds = groupId === undefined ? null : await nodesWithin(tx, [groupId])
    return only(within, await readLatestSamples(tx, { workspaceId, nodeIds, fromMs }))
  })
}

const TailsInput = z
  .object({ nodeIds: z.array(z.uuid()).max(1_000).optional(), fromMs: moment, toMs: moment })
  .refine(({ fromMs, toMs }) => toMs >= fromMs && toMs - fromMs <= 10 * MINUTE_MS, {
    message: 'ask for at most ten minutes of all nodes',
    path: ['toMs'],
  })

/** The last seconds of these nodes, or of all, as text for tiles. */
export async function listTails({ ctx, input }: { ctx: Ctx; input: z.input<typeof TailsInput> }): Promise<NodeTail[]> {
  const reach = requirePermission(ctx, 'sample.read')
  const { nodeIds, ...range } = parseInput(TailsInput, input)
  return inTenant(ctx, async (tx) => {
    const within = await nodesWithin(tx, reach)
    return only(within, await readTails(tx, { workspaceId: ctx.workspaceId, nodeIds: nodeIds ?? within, ...range }))
  })
}

/** Those of these nodes; all where `nodeIds` is null. */
function only<Row extends { nodeId: string }>(nodeIds: readonly string[] | null, rows: Row[]): Row[] {
  if (nodeIds === null) return rows
  const wanted = new Set(nodeIds)
  return rows.filter(({ nodeId }) => wanted.has(nodeId))
}
