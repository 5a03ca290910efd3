import { z } from 'zod'
import { type Ctx, inTenant, parseInput, requirePermission } from '../context'
import { permissionsOn } from '../reach'

const Input = z.object({ nodeId: z.uuid() })

const ASKED = [
  'incident.acknowledge',
  'incident.annotate',
  'evidence.read',
  'evidence.download',
  'delivery.read',
  'policy.read',
] as const
export type IncidentRights = Record<(typeof ASKED)[number], boolean>

/** What the actor may do with incidents of one node. */
export async function getIncidentRights({
  ctx,
  input,
}: {
  ctx: Ctx
  input: z.input<typeof Input>
}): Promise<IncidentRights> {
  requirePermission(ctx, 'incident.read')
  const { nodeId } = parseInput(Input, input)
  return inTenant(ctx, (tx) => permissionsOn(tx, ctx, nodeId, ASKED))
}
