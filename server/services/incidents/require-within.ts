import { NotFoundError } from '../../core/errors'
import type { Reach } from '../../core/permissions'
import type { Tx } from '../../db/pool'
import type { Ctx } from '../context'
import { requireWithin } from '../reach'

/** For what hangs on an incident. @throws NotFoundError, ForbiddenError when its node is out of reach */
export async function requireIncidentWithin(tx: Tx, ctx: Ctx, reach: Reach, incidentId: string): Promise<void> {
  if (reach === 'workspace') return
  await requireIncident(tx, ctx, reach, incidentId)
}

/** The same where nothing else would miss it. Gives its node. */
export async function requireIncident(tx: Tx, ctx: Ctx, reach: Reach, incidentId: string): Promise<{ nodeId: string }> {
  const incident = await tx.incident.findFirst({
    where: { workspaceId: ctx.workspaceId, id: incidentId },
    select: { nodeId: true },
  })
  if (!incident) throw new NotFoundError('incident')
  await requireWithin(tx, reach, incident.nodeId)
  return incident
}
