import { z } from 'zod'
import { type EvidenceFile, SignedManifest } from '../../../wire/evidence'
import { ForbiddenError, NotFoundError } from '../../core/errors'
import { type Ctx, inTenant, parseInput } from '../context'

const Input = z.object({ evidenceId: z.uuid() })
const Addresses = z.array(z.string())

/** What the platform needs to read a bundle: what its manifest names, and which addresses are the node's own. */
export async function getBundleToRead({
  ctx,
  input,
}: {
  ctx: Ctx
  input: z.input<typeof Input>
}): Promise<{ files: EvidenceFile[]; onsetUs: number; localAddresses: string[] }> {
  if (ctx.actor.kind !== 'job') throw new ForbiddenError('Only the platform itself reads bundles.')
  const { evidenceId } = parseInput(Input, input)
  const row = await inTenant(ctx, (tx) =>
    tx.evidence.findFirst({
      where: { workspaceId: ctx.workspaceId, id: evidenceId },
      select: {
        manifest: true,
        incident: { select: { report: true, node: { select: { addresses: true } } } },
      },
    }),
  )
  if (!row) throw new NotFoundError('evidence bundle')
  const attacked = z.object({ target: z.object({ addresses: Addresses }) }).parse(row.incident.report).target.addresses
  const own = Addresses.parse(row.incident.node.addresses)
  const { files, onsetUs } = SignedManifest.parse(row.manifest).manifest
  return {
    files,
    onsetUs,
    localAddresses: [...new Set([...own, ...attacked].map((address) => address.replace(/\/\d+$/, '')))],
  }
}
