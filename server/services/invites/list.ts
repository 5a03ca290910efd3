import type { Role } from '../../core/permissions'
import { type Ctx, clockOf, inTenant, requirePermission } from '../context'

export type Invite = {
  id: string
  email: string
  role: Role
  group: { id: string; kind: string; name: string } | null
  grantUntil: Date | null
  sentAt: Date
  expiresAt: Date
  isExpired: boolean
}

/** Those nobody accepted or revoked, newest first. */
export async function listInvites({ ctx }: { ctx: Ctx }): Promise<Invite[]> {
  requirePermission(ctx, 'member.read')
  const nowMs = clockOf(ctx).now()
  const rows = await inTenant(ctx, (tx) =>
    tx.invite.findMany({
      where: { workspaceId: ctx.workspaceId, acceptedAt: null, revokedAt: null },
      orderBy: [{ sentAt: 'desc' }, { id: 'desc' }],
      // Named, because this role may not read what tokens are hashed to.
      select: {
        id: true,
        email: true,
        role: true,
        group: { select: { id: true, kind: true, name: true } },
        grantUntil: true,
        sentAt: true,
        expiresAt: true,
      },
    }),
  )
  return rows.map((row) => ({ ...row, role: row.role as Role, isExpired: row.expiresAt.getTime() <= nowMs }))
}
