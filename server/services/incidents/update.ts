import type { IncidentState } from '../../../wire/incident'
import { decide, type KnownIncident } from '../../confirm/decide'
import { NotFoundError } from '../../core/errors'
import type { Tx } from '../../db/pool'
import { type Ctx, inTenant, parseInput, requireNode } from '../context'
import { ReportInput } from './open'
import { type ReportWrite, replaceIncident, writeReport } from './write-report'

/** What is known of an incident of this node, locked until the transaction ends; null when there is none. */
export async function lockKnownIncident(tx: Tx, ctx: Ctx, nodeId: string, id: string): Promise<KnownIncident | null> {
  const rows = await tx.$queryRaw<KnownIncident[]>`
    SELECT state, revision FROM incident
    WHERE workspace_id = ${ctx.workspaceId}::uuid AND id = ${id}::uuid AND node_id = ${nodeId}::uuid FOR UPDATE`
  return rows[0] ?? null
}

/** Replaces a node's report by a newer one; an older or equal revision changes nothing. */
export async function updateIncident({
  ctx,
  input,
}: {
  ctx: Ctx
  input: ReportInput
}): Promise<{ isChanged: boolean; state: IncidentState }> {
  const { nodeId, event, report } = parseInput(ReportInput, input)
  requireNode(ctx, nodeId)
  return inTenant(ctx, async (tx) => {
    const known = await lockKnownIncident(tx, ctx, nodeId, report.id)
    if (known === null) throw new NotFoundError('incident')
    return applyReport(tx, ctx, known, { nodeId, event, report })
  })
}

export async function applyReport(
  tx: Tx,
  ctx: Ctx,
  known: KnownIncident,
  { nodeId, event, report }: ReportInput,
): Promise<{ isChanged: boolean; state: IncidentState }> {
  const decision = decide(known, { state: report.state, revision: report.revision, event: event.kind })
  if (decision.kind === 'stale') return { isChanged: false, state: known.state }
  const { state, effects } = decision
  const auditAction = state === known.state ? null : 'incident.update'
  const write: ReportWrite = { nodeId, event, report, state, effects, auditAction, before: known }
  return { isChanged: await writeReport(tx, ctx, write, replaceIncident(ctx, write)), state }
}
