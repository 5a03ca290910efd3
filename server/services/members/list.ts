import type { Role } from '../../core/permissions'
import { type Ctx, clockOf, inTenant, requirePermission } from '../context'

export type MemberGrant = {
  id: string
  role: Role
  group: { id: string; kind: string; name: string } | null
  validFrom: Date
  validUntil: Date | null
}

export type Member = {
  id: string
  userId: string
  name: string
  email: string
  createdAt: Date
  /** Those that hold or will hold. */
  grants: MemberGrant[]
}

/** By when they joined. */
export async function listMembers({ ctx }: { ctx: Ctx }): Promise<Member[]> {
  requirePermission(ctx, 'member.read')
  const now = new Date(clockOf(ctx).now())
  const rows = await inTenant(ctx, (tx) =>
    tx.member.findMany({
      where: { workspaceId: ctx.workspaceId },
      orderBy: [{ createdAt: 'asc' }, { id: 'asc' }],
      // Named, because this role may not read password hashes.
      include: {
        user: { select: { name: true, email: true } },
        grants: {
          where: { revokedAt: null, OR: [{ validUntil: null }, { validUntil: { gt: now } }] },
          orderBy: [{ createdAt: 'asc' }, { id: 'asc' }],
          include: { group: { select: { id: true, kind: true, name: true } } },
        },
      },
    }),
  )
  return rows.map(({ id, userId, createdAt, user, grants }) => ({
    id,
    userId,
    createdAt,
    ...user,
    grants: grants.map(({ id: grantId, role, group, validFrom, validUntil }) => ({
      id: grantId,
      role: role as Role,
      group,
      validFrom,
      validUntil,
    })),
  }))
}

/** Names by user id. Whoever reads a log may know who acted. */
export async function listMemberNames({ ctx }: { ctx: Ctx }): Promise<Map<string, string>> {
  requirePermission(ctx, 'incident.read')
  const rows = await inTenant(ctx, (tx) =>
    tx.member.findMany({
      where: { workspaceId: ctx.workspaceId },
      select: { userId: true, user: { select: { name: true } } },
    }),
  )
  return new Map(rows.map(({ userId, user }) => [userId, user.name]))
}
