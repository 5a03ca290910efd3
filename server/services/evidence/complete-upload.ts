import { z } from 'zod'
import { NotFoundError } from '../../core/errors'
import { type Ctx, clockOf, inTenant, parseInput, requireNode } from '../context'
import { writeAudit } from '../write-audit'
import { notifyIncident, writeCustody } from './evidence'

const Input = z.object({
  nodeId: z.uuid(),
  sha256: z.string().regex(/^[0-9a-f]{64}$/),
  bytes: z.int().positive(),
  path: z.string().min(1),
})

/** The bundle is stored here under its hash, checked by the caller. A repeat changes nothing. */
export async function completeEvidenceUpload({
  ctx,
  input,
}: {
  ctx: Ctx
  input: z.input<typeof Input>
}): Promise<void> {
  const { nodeId, sha256, bytes, path } = parseInput(Input, input)
  requireNode(ctx, nodeId)
  const { workspaceId } = ctx
  await inTenant(ctx, async (tx) => {
    const stored = await tx.evidence.updateManyAndReturn({
      where: { workspaceId, nodeId, sha256, bytes: BigInt(bytes), state: 'on_node' },
      data: { state: 'uploaded', storedPath: path, uploadedAt: new Date(clockOf(ctx).now()) },
      select: { id: true, incidentId: true },
    })
    if (stored.length === 0) {
      const isKnown = await tx.evidence.count({ where: { workspaceId, nodeId, sha256, state: 'uploaded' } })
      if (isKnown === 0) throw new NotFoundError('evidence bundle')
    }
    for (const { id, incidentId } of stored) {
      await writeCustody(tx, ctx, {
        evidenceId: id,
        action: 'uploaded',
        detail: `bundle ${sha256}, hash computed again`,
      })
      await writeAudit(tx, ctx, {
        action: 'evidence.upload',
        subject: { kind: 'evidence', id },
        after: { sha256, bytes },
      })
      await notifyIncident(tx, ctx, incidentId)
    }
  })
}
