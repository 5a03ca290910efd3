import { z } from 'zod'
import { SignedManifest } from '../../../wire/evidence'
import { NotFoundError } from '../../core/errors'
import { newId } from '../../core/ids'
import { type Ctx, clockOf, inTenant, parseInput, requireNode } from '../context'
import { writeAudit } from '../write-audit'
import { notifyIncident, writeCustody } from './evidence'

const Input = z.object({
  nodeId: z.uuid(),
  incidentId: z.uuid(),
  bundle: z.object({ sha256: z.string().regex(/^[0-9a-f]{64}$/), bytes: z.int().positive() }),
  signed: SignedManifest,
})

/** Notes a bundle that a node holds and will upload. A repeat changes nothing. */
export async function registerEvidence({
  ctx,
  input,
}: {
  ctx: Ctx
  input: z.input<typeof Input>
}): Promise<{ isNew: boolean }> {
  const { nodeId, incidentId, bundle, signed } = parseInput(Input, input)
  requireNode(ctx, nodeId)
  const { workspaceId } = ctx
  return inTenant(ctx, async (tx) => {
    const id = newId()
    const isKnown = await tx.incident.count({ where: { workspaceId, id: incidentId, nodeId } })
    if (isKnown === 0) throw new NotFoundError('incident')
    const { count } = await tx.evidence.createMany({
      data: {
        workspaceId,
        id,
        incidentId,
        nodeId,
        sha256: bundle.sha256,
        bytes: BigInt(bundle.bytes),
        manifest: signed,
        registeredAt: new Date(clockOf(ctx).now()),
      },
      skipDuplicates: true,
    })
    if (count === 0) return { isNew: false }
    const detail = `bundle ${bundle.sha256}, ${bundle.bytes} bytes, announced by its node`
    await writeCustody(tx, ctx, { evidenceId: id, action: 'registered', detail })
    await writeAudit(tx, ctx, { action: 'evidence.register', subject: { kind: 'evidence', id }, after: bundle })
    await notifyIncident(tx, ctx, incidentId)
    return { isNew: true }
  })
}
