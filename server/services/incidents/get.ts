import { z } from 'zod'
import { NotFoundError } from '../../core/errors'
import { Prisma } from '../../db/pool'
import { type Ctx, inTenant, parseInput, requirePermission } from '../context'
import type { PolicySettings } from '../policies/settings'
import { requireWithin } from '../reach'
import { type Incident, selectIncidents } from './incident'
import { type Mitigation, selectMitigations, selectTimeline, type TimelineEntry } from './parts'

const Input = z.object({ id: z.uuid() })

/** What its node went by when it opened; without settings where an older agent did not say which it was. */
export type FrozenPolicy = {
  name: string
  version: number
  stopped?: boolean
  settings?: PolicySettings
  groupId?: string | null
  nodeId?: string | null
}

export type IncidentDetail = Incident & { policy: FrozenPolicy; timeline: TimelineEntry[]; mitigations: Mitigation[] }

export async function getIncident({ ctx, input }: { ctx: Ctx; input: z.input<typeof Input> }): Promise<IncidentDetail> {
  const reach = requirePermission(ctx, 'incident.read')
  const { id } = parseInput(Input, input)
  const { workspaceId } = ctx
  return inTenant(ctx, async (tx) => {
    const [incident] = await selectIncidents(tx, workspaceId, Prisma.sql`i.id = ${id}::uuid`)
    if (!incident) throw new NotFoundError('incident')
    await requireWithin(tx, reach, incident.nodeId)
    const timeline = await selectTimeline(tx, workspaceId, id)
    const mitigations = await selectMitigations(tx, workspaceId, id)
    const { policy } = await tx.incident.findUniqueOrThrow({
      where: { workspaceId_id: { workspaceId, id } },
      select: { policy: true },
    })
    return { ...incident, policy: policy as FrozenPolicy, timeline, mitigations }
  })
}
