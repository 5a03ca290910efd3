import { type Ctx, inTenant, requirePermission } from '../context'

/** When the trial of the workspace ends; null where there is none: self-hosted, or made by `bin/up`. */
export async function getTrialEnd({ ctx }: { ctx: Ctx }): Promise<Date | null> {
  requirePermission(ctx, 'workspace.read')
  const row = await inTenant(ctx, (tx) =>
    tx.workspace.findUnique({ where: { id: ctx.workspaceId }, select: { trialEndsAt: true } }),
  )
  return row?.trialEndsAt ?? null
}
