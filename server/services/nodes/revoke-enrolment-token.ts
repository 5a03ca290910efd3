import { z } from 'zod'
import { NotFoundError } from '../../core/errors'
import { type Ctx, clockOf, inTenant, parseInput, requirePermission } from '../context'
import { writeAudit } from '../write-audit'

const Input = z.object({ tokenId: z.uuid() })

/** Ends a token that nobody used yet. What was enrolled with a used one is ended by `revokeCredential`. */
export async function revokeEnrolmentToken({ ctx, input }: { ctx: Ctx; input: z.input<typeof Input> }): Promise<void> {
  requirePermission(ctx, 'node.revoke')
  const { tokenId: id } = parseInput(Input, input)
  const { workspaceId } = ctx
  await inTenant(ctx, async (tx) => {
    const { count } = await tx.enrolmentToken.updateMany({
      where: { workspaceId, id, usedAt: null, revokedAt: null },
      data: { revokedAt: new Date(clockOf(ctx).now()) },
    })
    if (count === 0) throw new NotFoundError('unused enrolment token')
    await writeAudit(tx, ctx, { action: 'enrolment_token.revoke', subject: { kind: 'enrolment_token', id } })
  })
}
