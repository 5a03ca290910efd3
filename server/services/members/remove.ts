import { z } from 'zod'
import { NotFoundError } from '../../core/errors'
import { type Ctx, inTenant, parseInput, requirePermission } from '../context'
import { writeAudit } from '../write-audit'
import { requireAnOwner, requireRank } from './grant'

const Input = z.object({ id: z.uuid() })

/** Ends a membership with all its grants. What the person did stays in the log, which keeps the name for it. */
export async function removeMember({ ctx, input }: { ctx: Ctx; input: z.input<typeof Input> }): Promise<void> {
  requirePermission(ctx, 'member.update')
  const { id } = parseInput(Input, input)
  const { workspaceId } = ctx
  await inTenant(ctx, async (tx) => {
    const member = await tx.member.findFirst({
      where: { workspaceId, id },
      include: {
        grants: { where: { revokedAt: null }, select: { role: true } },
        user: { select: { name: true } },
      },
    })
    if (!member) throw new NotFoundError('member')
    for (const { role } of member.grants) requireRank(ctx, role)
    await tx.member.deleteMany({ where: { workspaceId, id } })
    await requireAnOwner(tx, ctx)
    await writeAudit(tx, ctx, {
      action: 'member.remove',
      subject: { kind: 'member', id },
      before: { userId: member.userId, name: member.user.name, roles: member.grants.map(({ role }) => role) },
    })
  })
}
