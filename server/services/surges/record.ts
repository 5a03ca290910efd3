import { z } from 'zod'
import { SurgeReport } from '../../../wire/incident'
import { microsToTimestamp, microsToTimestampOrNull } from '../../core/units'
import { type Ctx, inTenant, parseInput, requireNode } from '../context'

const Input = z.object({ nodeId: z.uuid(), surge: SurgeReport })

/** Stores a surge; a later report of the same one completes it. Alerts nobody. */
export async function recordSurge({ ctx, input }: { ctx: Ctx; input: z.input<typeof Input> }): Promise<void> {
  const { nodeId, surge } = parseInput(Input, input)
  requireNode(ctx, nodeId)
  await inTenant(
    ctx,
    (tx) => tx.$executeRaw`
      INSERT INTO surge AS s (workspace_id, id, node_id, at, ended_at, peak_pps, peak_bps, score, reasons)
      VALUES (${ctx.workspaceId}::uuid, ${surge.id}::uuid, ${nodeId}::uuid, ${microsToTimestamp(surge.atUs)}::timestamptz,
        ${microsToTimestampOrNull(surge.endUs)}::timestamptz, ${surge.peakWire.pps}::float8, ${surge.peakWire.bps}::float8,
        ${surge.score}::float8, ${JSON.stringify(surge.reasons)}::jsonb)
      ON CONFLICT (workspace_id, id) DO UPDATE SET ended_at = coalesce(excluded.ended_at, s.ended_at),
        peak_pps = greatest(s.peak_pps, excluded.peak_pps), peak_bps = greatest(s.peak_bps, excluded.peak_bps),
        score = excluded.score, reasons = excluded.reasons
      WHERE s.node_id = excluded.node_id`,
  )
}
