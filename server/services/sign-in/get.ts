import { type Ctx, inTenant, requirePermission } from '../context'
import type { NewcomerRole } from './connection'

export type SignInSettings = {
  secondFactorRequired: boolean
  /** Names of members who have no second factor. */
  without: string[]
  connection: {
    issuer: string
    clientId: string
    hasSecret: boolean
    domains: string[]
    newcomerRole: NewcomerRole | null
    updatedAt: Date
    /** How many members the issuer is known to have. */
    linked: number
  } | null
}

/** How members of the workspace sign in. */
export async function getSignInSettings({ ctx }: { ctx: Ctx }): Promise<SignInSettings> {
  requirePermission(ctx, 'sign_in.read')
  const { workspaceId } = ctx
  return inTenant(ctx, async (tx) => {
    const workspace = await tx.workspace.findFirstOrThrow({
      where: { id: workspaceId },
      select: { secondFactorRequired: true },
    })
    const without = await tx.$queryRaw<{ name: string }[]>`
      SELECT u.name FROM member m JOIN user_account u ON u.id = m.user_id WHERE m.workspace_id = ${workspaceId}::uuid
        AND NOT EXISTS (SELECT FROM second_factor f WHERE f.user_id = m.user_id AND f.confirmed_at IS NOT NULL)
      ORDER BY u.name`
    const kept = await tx.ssoConnection.findFirst({ where: { workspaceId } })
    const linked = kept ? await tx.ssoIdentity.count({ where: { workspaceId, issuer: kept.issuer } }) : 0
    return {
      ...workspace,
      without: without.map(({ name }) => name),
      connection: kept && {
        issuer: kept.issuer,
        clientId: kept.clientId,
        hasSecret: kept.clientSecret !== null,
        domains: kept.domains,
        newcomerRole: kept.newcomerRole as NewcomerRole | null,
        updatedAt: kept.updatedAt,
        linked,
      },
    }
  })
}
