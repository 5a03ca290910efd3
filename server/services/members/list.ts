import { type Ctx, inTenant, requirePermission } from '../context'

export type Member = { id: string; userId: string; name: string; email: string; role: string; createdAt: Date }

export async function listMembers({ ctx }: { ctx: Ctx }): Promise<Member[]> {
  requirePermission(ctx, 'member.read')
  const rows = await inTenant(ctx, (tx) =>
    tx.member.findMany({
      where: { workspaceId: ctx.workspaceId },
      orderBy: { createdAt: 'asc' },
      // Named, because this role may not read password hashes.
      include: { user: { select: { name: true, email: true } } },
    }),
  )
  return rows.map(({ id, userId, role, createdAt, user }) => ({ id, userId, role, createdAt, ...user }))
}
