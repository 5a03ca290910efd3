import { type Ctx, clockOf, inTenant, requirePermission } from '../context'

export type OpenEnrolment = { id: string; nodeName: string; createdAt: Date; expiresAt: Date; groupIds: string[] }

const LISTED_MAX = 50

/** Enrolment lines that were made and wait for their server, newest first. The tokens themselves are nowhere. */
export async function listEnrolmentTokens({ ctx }: { ctx: Ctx }): Promise<OpenEnrolment[]> {
  requirePermission(ctx, 'node.enrol')
  const { workspaceId } = ctx
  const rows = await inTenant(ctx, (tx) =>
    tx.enrolmentToken.findMany({
      where: { workspaceId, usedAt: null, revokedAt: null, expiresAt: { gt: new Date(clockOf(ctx).now()) } },
      orderBy: { createdAt: 'desc' },
      take: LISTED_MAX,
      select: { id: true, nodeName: true, createdAt: true, expiresAt: true, groups: { select: { groupId: true } } },
    }),
  )
  return rows.map(({ groups, ...row }) => ({ ...row, groupIds: groups.map(({ groupId }) => groupId) }))
}
