import { z } from 'zod'
import { ConflictError } from '../../core/errors'
import { newId } from '../../core/ids'
import { MINUTE_MS } from '../../core/units'
import { actorId, type Ctx, clockOf, inTenant, parseInput, requirePermission } from '../context'
import { writeAudit } from '../write-audit'
import { readBook } from './book'
import { requireScope, ScopeInput } from './scope'

export const STOP_MINUTES = [15, 60, 240] as const

const Input = z.object({
  scope: ScopeInput,
  minutes: z.literal(STOP_MINUTES, 'choose 15 minutes, 1 hour or 4 hours'),
  reason: z
    .string()
    .trim()
    .min(3, 'say why in a few words')
    .max(300, 'at most 300 characters')
    .regex(/^[^\p{C}]+$/u, 'no control characters'),
})

/**
 * Kill switch: from now on every rule in the scope only counts. Detection goes on, and it ends by itself.
 * @throws ConflictError while it is on there
 */
export async function stopMitigation({
  ctx,
  input,
}: {
  ctx: Ctx
  input: z.input<typeof Input>
}): Promise<{ id: string; until: Date }> {
  const reach = requirePermission(ctx, 'mitigation.apply')
  const { scope: meant, minutes, reason } = parseInput(Input, input)
  const { workspaceId } = ctx
  const nowMs = clockOf(ctx).now()
  const startedAt = new Date(nowMs)
  const until = new Date(nowMs + minutes * MINUTE_MS)
  return inTenant(ctx, async (tx) => {
    // Two presses at once must not start two.
    await tx.$executeRaw`SELECT pg_advisory_xact_lock(hashtext('mitigation_stop'), hashtext(${workspaceId}))`
    const book = await readBook(tx, workspaceId, startedAt)
    const scope = await requireScope(tx, book, reach, meant, false)
    if (book.stops.some(({ scopeId }) => scopeId === scope.id))
      throw new ConflictError('Mitigation is stopped here already. Resume it first if it should end at another time.')
    const id = newId()
    const { groupId, nodeId } = meant
    const startedBy = actorId(ctx)
    await tx.mitigationStop.create({
      data: { workspaceId, id, scopeId: scope.id, groupId, nodeId, reason, startedAt, startedBy, until },
    })
    await writeAudit(tx, ctx, {
      action: 'mitigation.stop',
      subject: { kind: scope.kind, id: scope.id },
      after: { stop: id, reason, minutes, until: until.toISOString() },
    })
    return { id, until }
  })
}
