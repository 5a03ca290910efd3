import { type Sealer, settingsPlace } from '../../core/seal'
import { type Ctx, inTenant, parseInput, requirePermission } from '../context'
import { createDestination, NewDestination } from './create'

/** For a first run that may be repeated: makes the destination unless one has its name, and leaves that one alone. */
export async function ensureDestination({
  ctx,
  input,
  sealer,
}: {
  ctx: Ctx
  input: NewDestination
  sealer: Sealer
}): Promise<{ id: string; isNew: boolean; settings: unknown }> {
  requirePermission(ctx, 'destination.update')
  const { name, settings } = parseInput(NewDestination, input)
  const { workspaceId } = ctx
  return inTenant(ctx, async (tx) => {
    const known = await tx.destination.findUnique({ where: { workspaceId_name: { workspaceId, name } } })
    if (known) {
      const kept = sealer.open(known.settings, settingsPlace(workspaceId, known.id))
      return { id: known.id, isNew: false, settings: kept }
    }
    const { id } = await createDestination({ ctx: { ...ctx, tx }, input, sealer })
    return { id, isNew: true, settings }
  })
}
