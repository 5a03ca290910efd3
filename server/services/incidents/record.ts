import { type Ctx, inTenant, parseInput, requireNode } from '../context'
import { ReportInput, storeFirstReport } from './open'
import { applyReport, lockKnownIncident } from './update'

/** Takes whatever report a node sends: the first opens the incident, a newer one replaces what is known. */
export async function recordIncident({
  ctx,
  input,
}: {
  ctx: Ctx
  input: ReportInput
}): Promise<{ isChanged: boolean }> {
  const given = parseInput(ReportInput, input)
  requireNode(ctx, given.nodeId)
  return inTenant(ctx, async (tx) => {
    // The first report is the urgent one: it is not made to wait for a look-up that finds nothing.
    if (given.event.kind === 'opened' && (await storeFirstReport(tx, ctx, given))) return { isChanged: true }
    const known = await lockKnownIncident(tx, ctx, given.nodeId, given.report.id)
    if (known !== null) return applyReport(tx, ctx, known, given)
    return { isChanged: await storeFirstReport(tx, ctx, given) }
  })
}
