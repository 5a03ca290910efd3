import { z } from 'zod'
import { ConflictError, NotFoundError } from '../../core/errors'
import { actorId, type Ctx, clockOf, inTenant, parseInput, requirePermission } from '../context'
import { writeAudit } from '../write-audit'
import { readBook } from './book'
import { requireScope } from './scope'

const Input = z.object({ id: z.uuid() })

/** Ends a kill switch before its time. */
export async function resumeMitigation({ ctx, input }: { ctx: Ctx; input: z.input<typeof Input> }): Promise<void> {
  const reach = requirePermission(ctx, 'mitigation.apply')
  const { id } = parseInput(Input, input)
  const { workspaceId } = ctx
  const now = new Date(clockOf(ctx).now())
  await inTenant(ctx, async (tx) => {
    const stop = await tx.mitigationStop.findFirst({
      where: { workspaceId, id },
      select: { groupId: true, nodeId: true },
    })
    if (!stop) throw new NotFoundError('stop')
    const scope = await requireScope(tx, await readBook(tx, workspaceId, now), reach, stop, false)
    const { count } = await tx.mitigationStop.updateMany({
      where: { workspaceId, id, endedAt: null, until: { gt: now } },
      data: { endedAt: now, endedBy: actorId(ctx) },
    })
    if (count === 0) throw new ConflictError('Mitigation goes on already: this stop has ended.')
    await writeAudit(tx, ctx, {
      action: 'mitigation.resume',
      subject: { kind: scope.kind, id: scope.id },
      after: { stop: id },
    })
  })
}
