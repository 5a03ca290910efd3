import { z } from 'zod'
import { canonicalJson } from '../../../wire/canonical'
import { SignedManifest } from '../../../wire/evidence'
import { NotFoundError, ValidationError } from '../../core/errors'
import { formatId, newId } from '../../core/ids'
import { isSigned } from '../../core/signature'
import { type Ctx, clockOf, inTenant, parseInput, requireNode } from '../context'
import { writeAudit } from '../write-audit'
import { notifyIncident, writeCustody } from './evidence'

const Input = z.object({
  nodeId: z.uuid(),
  incidentId: z.uuid(),
  bundle: z.object({ sha256: z.string().regex(/^[0-9a-f]{64}$/), bytes: z.int().positive() }),
  signed: SignedManifest,
})

/**
 * Notes a bundle that a node holds and will upload. A repeat changes nothing. Its manifest must be about this incident and
 * node, and signed by a key the node has or had: a bundle may be told of after the node was enrolled again.
 */
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
    const { manifest, signature } = signed
    const isAbout = manifest.incidentId === incidentId && manifest.nodeId === formatId('nd', nodeId)
    if (!isAbout) throw new ValidationError('The manifest is about another node or incident.', 'signed.manifest')
    const keys = await tx.nodeCredential.count({ where: { workspaceId, nodeId, publicKey: manifest.publicKey } })
    if (keys === 0 || !isSigned(canonicalJson(manifest), signature, manifest.publicKey)) {
      throw new ValidationError('The manifest is not signed by a key of this node.', 'signed.signature')
    }
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
