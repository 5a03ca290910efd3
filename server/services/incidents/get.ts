import { z } from 'zod'
import { NotFoundError } from '../../core/errors'
import { Prisma } from '../../db/pool'
import { type Ctx, inTenant, parseInput, requirePermission } from '../context'
import type { PolicySettings } from '../policies/settings'
import { requireWithin } from '../reach'
import { type Incident, selectIncidents } from './incident'

const Input = z.object({ id: z.uuid() })

export type TimelineEntry = { id: string; atUs: number; kind: string; text: string; actorKind: string; actorId: string }

/** Rule that stands or stood, with its hits. */
export type Mitigation = {
  ruleId: string
  level: string
  vectorId: string
  action: string
  words: string
  nft: string
  packets: number
  bytes: number
  installedUs: number
  removedUs: number | null
}

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
    const timeline = await tx.$queryRaw<TimelineEntry[]>`
      SELECT id, (extract(epoch FROM at) * 1000000)::float8 AS "atUs", kind, text, actor_kind AS "actorKind",
        actor_id AS "actorId"
      FROM incident_timeline WHERE workspace_id = ${workspaceId}::uuid AND incident_id = ${id}::uuid ORDER BY at, id`
    const mitigations = await tx.$queryRaw<Mitigation[]>`
      SELECT rule_id AS "ruleId", level, vector_id AS "vectorId", action, words, nft, packets::float8, bytes::float8,
        (extract(epoch FROM installed_at) * 1000000)::float8 AS "installedUs",
        (extract(epoch FROM removed_at) * 1000000)::float8 AS "removedUs"
      FROM mitigation WHERE workspace_id = ${workspaceId}::uuid AND incident_id = ${id}::uuid ORDER BY installed_at, rule_id`
    const { policy } = await tx.incident.findUniqueOrThrow({
      where: { workspaceId_id: { workspaceId, id } },
      select: { policy: true },
    })
    return { ...incident, policy: policy as FrozenPolicy, timeline, mitigations }
  })
}
