import { z } from 'zod'
import { type Ctx, inTenant, parseInput, requireNode } from '../context'

const Input = z.object({ nodeId: z.uuid(), sha256: z.string().regex(/^[0-9a-f]{64}$/) })

/** Size this node announced for a bundle, in bytes; null when it announced none with this hash. */
export async function findAnnouncedEvidence({
  ctx,
  input,
}: {
  ctx: Ctx
  input: z.input<typeof Input>
}): Promise<{ bytes: number; isUploaded: boolean } | null> {
  const { nodeId, sha256 } = parseInput(Input, input)
  requireNode(ctx, nodeId)
  const row = await inTenant(ctx, (tx) =>
    tx.evidence.findFirst({ where: { workspaceId: ctx.workspaceId, nodeId, sha256 } }),
  )
  return row && { bytes: Number(row.bytes), isUploaded: row.state === 'uploaded' }
}
