import { z } from 'zod'
import { ForbiddenError } from '../../core/errors'
import { type Ctx, clockOf, inTenant, parseInput } from '../context'
import { notifyIncident } from '../evidence/evidence'
import { SourceCount, SourceTotals } from './source-map'

const Input = z.object({
  evidenceId: z.uuid(),
  result: z.discriminatedUnion('state', [
    z.object({ state: z.literal('read'), totals: SourceTotals, counts: z.array(SourceCount).max(1_000) }),
    z.object({ state: z.literal('unreadable'), problem: z.string().max(300) }),
  ]),
})

/** Keeps what was read from a bundle, once: a second reader changes nothing. */
export async function recordSources({ ctx, input }: { ctx: Ctx; input: z.input<typeof Input> }): Promise<void> {
  if (ctx.actor.kind !== 'job') throw new ForbiddenError('Only the platform itself reads bundles.')
  const { evidenceId, result } = parseInput(Input, input)
  const { workspaceId } = ctx
  const readAt = new Date(clockOf(ctx).now())
  await inTenant(ctx, async (tx) => {
    const [evidence] = await tx.sourceMap.updateManyAndReturn({
      where: { workspaceId, evidenceId, state: 'waiting' },
      data:
        result.state === 'read'
          ? { state: 'read', readAt, totals: result.totals }
          : { state: 'unreadable', readAt, problem: result.problem },
      select: { evidence: { select: { incidentId: true } } },
    })
    if (!evidence) return
    if (result.state === 'read') {
      const data = result.counts.map((one) => ({ workspaceId, evidenceId, ...one, packets: BigInt(one.packets) }))
      await tx.sourceCount.createMany({ data })
    }
    await notifyIncident(tx, ctx, evidence.evidence.incidentId)
  })
}
