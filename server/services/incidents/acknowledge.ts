import { z } from 'zod'
import { ConflictError, NotFoundError } from '../../core/errors'
import { newId } from '../../core/ids'
import { Prisma } from '../../db/pool'
import { actorId, type Ctx, clockOf, inTenant, parseInput, requirePermission } from '../context'
import { requireWithin } from '../reach'
import { writeAudit } from '../write-audit'
import { type Incident, selectIncidents } from './incident'

const Input = z.object({ id: z.uuid() })

/** Takes the incident on. Of two people at once one wins; the other is told who was first. */
export async function acknowledgeIncident({
  ctx,
  input,
}: {
  ctx: Ctx
  input: z.input<typeof Input>
}): Promise<Incident> {
  const reach = requirePermission(ctx, 'incident.acknowledge')
  const { id } = parseInput(Input, input)
  const { workspaceId } = ctx
  const now = new Date(clockOf(ctx).now())
  return inTenant(ctx, async (tx) => {
    const won = await tx.incident.updateMany({
      where: { workspaceId, id, acknowledgedAt: null },
      data: { acknowledgedAt: now, acknowledgedBy: actorId(ctx) },
    })
    const [incident] = await selectIncidents(tx, workspaceId, Prisma.sql`i.id = ${id}::uuid`)
    if (!incident) throw new NotFoundError('incident')
    await requireWithin(tx, reach, incident.nodeId)
    if (won.count === 0) throw new ConflictError('Somebody acknowledged this incident before you. Load it again.')
    await tx.incidentTimeline.create({
      data: {
        workspaceId,
        id: newId(),
        incidentId: id,
        at: now,
        kind: 'acknowledged',
        text: 'Acknowledged.',
        actorKind: ctx.actor.kind,
        actorId: actorId(ctx),
      },
    })
    await writeAudit(tx, ctx, { action: 'incident.acknowledge', subject: { kind: 'incident', id } })
    const change = JSON.stringify({ workspaceId, incidentId: id, revision: incident.revision })
    await tx.$executeRaw`SELECT pg_notify('incident', ${change})`
    return incident
  })
}
