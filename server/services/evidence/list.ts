import { z } from 'zod'
import { SignedManifest } from '../../../wire/evidence'
import { type Ctx, inTenant, parseInput, requirePermission } from '../context'
import { requireIncidentWithin } from '../incidents/require-within'

const Input = z.object({ incidentId: z.uuid() })

export type Evidence = {
  id: string
  sha256: string
  bytes: number
  state: 'on_node' | 'uploaded'
  signed: SignedManifest
  registeredAt: Date
  uploadedAt: Date | null
  custody: { at: Date; actorKind: string; actorId: string; action: string; detail: string }[]
}

/** Bundles of one incident with their custody log, oldest first. */
export async function listEvidence({ ctx, input }: { ctx: Ctx; input: z.input<typeof Input> }): Promise<Evidence[]> {
  const reach = requirePermission(ctx, 'evidence.read')
  const { incidentId } = parseInput(Input, input)
  const rows = await inTenant(ctx, async (tx) => {
    await requireIncidentWithin(tx, ctx, reach, incidentId)
    return tx.evidence.findMany({
      where: { workspaceId: ctx.workspaceId, incidentId },
      orderBy: { registeredAt: 'asc' },
      include: {
        custody: {
          orderBy: { at: 'asc' },
          select: { at: true, actorKind: true, actorId: true, action: true, detail: true },
        },
      },
    })
  })
  return rows.map(({ id, sha256, bytes, state, manifest, registeredAt, uploadedAt, custody }) => ({
    id,
    sha256,
    bytes: Number(bytes),
    state: state as Evidence['state'],
    signed: SignedManifest.parse(manifest),
    registeredAt,
    uploadedAt,
    custody,
  }))
}
