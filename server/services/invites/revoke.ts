import { z } from 'zod'
import { NotFoundError } from '../../core/errors'
import { type Ctx, clockOf, inTenant, parseInput, requirePermission } from '../context'
import { writeAudit } from '../write-audit'

const Input = z.object({ id: z.uuid() })

/** Its link is good no more. */
export async function revokeInvite({ ctx, input }: { ctx: Ctx; input: z.input<typeof Input> }): Promise<void> {
  requirePermission(ctx, 'member.update')
  const { id } = parseInput(Input, input)
  await inTenant(ctx, async (tx) => {
    const { count } = await tx.invite.updateMany({
      where: { workspaceId: ctx.workspaceId, id, acceptedAt: null, revokedAt: null },
      data: { revokedAt: new Date(clockOf(ctx).now()) },
    })
    if (count === 0) throw new NotFoundError('invite')
    await writeAudit(tx, ctx, { action: 'invite.revoke', subject: { kind: 'invite', id } })
  })
}
