import { reachOf } from '../../core/permissions'
import { type Ctx, clockOf, inTenant, requirePermission } from '../context'
import { groupsWithin, nodesWithin } from '../reach'
import { nodesIn, type PolicyBook, readBookOnce, type Stop } from './book'

export type ActiveStop = Omit<Stop, 'reason'> & {
  /** Null for who may not read policies. */
  reason: string | null
  mayResume: boolean
}

/** Kill switches that are on, as far as they touch what the actor was given. */
export async function listStops({ ctx }: { ctx: Ctx }): Promise<ActiveStop[]> {
  const reach = requirePermission(ctx, 'workspace.read')
  const now = new Date(clockOf(ctx).now())
  return inTenant(ctx, async (tx) => {
    // Nearly always none: then nothing else is read.
    const on = { workspaceId: ctx.workspaceId, endedAt: null, until: { gt: now } }
    if ((await tx.mitigationStop.count({ where: on })) === 0) return []
    const book = await readBookOnce(ctx, tx)
    const nodes = await nodesWithin(tx, reach)
    const apply = ctx.actor.kind === 'user' ? reachOf(ctx.actor.grants, 'mitigation.apply') : 'workspace'
    const groups = apply === null ? [] : await groupsWithin(tx, apply)
    const own = apply === null ? [] : await nodesWithin(tx, apply)
    const mayRead = ctx.actor.kind !== 'user' || reachOf(ctx.actor.grants, 'policy.read') !== null
    const within = (list: readonly string[] | null, id: string): boolean => list === null || list.includes(id)
    const mayResume = ({ kind, id }: Stop['scope']): boolean => {
      if (kind === 'workspace') return apply === 'workspace'
      return within(kind === 'group' ? groups : own, id)
    }
    return book.stops
      .filter(({ scope }) => nodes === null || touches(book, scope, nodes))
      .map((stop) => ({ ...stop, reason: mayRead ? stop.reason : null, mayResume: mayResume(stop.scope) }))
  })
}

const touches = (book: PolicyBook, scope: Stop['scope'], nodeIds: readonly string[]): boolean =>
  nodesIn(book, scope).some(({ id }) => nodeIds.includes(id))
