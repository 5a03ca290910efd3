import { decide } from '../../confirm/decide'
import { type Ctx, inTenant, parseInput, requireNode } from '../context'
import { openIncident, ReportInput } from './open'
import { applyReport, lockKnownIncident } from './update'

/** Takes whatever report a node sends: the first opens the incident, a newer one replaces what is known. */
export async function recordIncident({
  ctx,
  input,
}: {
  ctx: Ctx
  input: ReportInput
}): Promise<{ isChanged: boolean }> {
  const { nodeId, event, report } = parseInput(ReportInput, input)
  requireNode(ctx, nodeId)
  return inTenant(ctx, async (tx) => {
    const given = { nodeId, event, report }
    // The first report is the urgent one: it is not made to wait for a look-up that finds nothing.
    const isFirst = event.kind === 'opened' && decide(null, { ...report, event: event.kind }).kind === 'open'
    if (isFirst && (await openIncident({ ctx: { ...ctx, tx }, input: given })).isNew) return { isChanged: true }
    const known = await lockKnownIncident(tx, ctx, nodeId, report.id)
    if (known !== null) return applyReport(tx, ctx, known, given)
    const { isNew } = await openIncident({ ctx: { ...ctx, tx }, input: given })
    return { isChanged: isNew }
  })
}
