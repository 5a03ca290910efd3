import { type Ctx, inTenant, requirePermission } from '../context'

export type Destination = { id: string; channel: string; name: string; kinds: string[]; enabled: boolean }

/** Without settings: they hold secrets. */
export async function listDestinations({ ctx }: { ctx: Ctx }): Promise<Destination[]> {
  requirePermission(ctx, 'destination.read')
  return inTenant(ctx, (tx) =>
    tx.destination.findMany({
      where: { workspaceId: ctx.workspaceId },
      orderBy: { name: 'asc' },
      select: { id: true, channel: true, name: true, kinds: true, enabled: true },
    }),
  )
}
