import { z } from 'zod'
import { ForbiddenError } from '../../core/errors'
import { type Permission, type Reach, reachOf } from '../../core/permissions'
import { type Ctx, clockOf, inTenant, parseInput, requirePermission } from '../context'
import { nodesWithin } from '../reach'
import { effectiveOn, type Head, inheritedBy, nodesIn, readBookOnce } from './book'
import { type Holding, holdingOf } from './holds'
import { holding } from './save'
import { requireScope, ScopeInput } from './scope'
import type { EffectivePolicy, PolicySettings, Scope } from './settings'

const Input = z.object({ scope: ScopeInput })

export type ScopeNode = {
  id: string
  name: string
  isOnline: boolean
  /** Whose policy it takes. */
  from: Scope
  holds: Holding
}

export type ScopePolicy = {
  scope: Scope
  own: Head | null
  /** Versions the scope ever had: the next one is behind this. */
  versions: number
  /** What holds here, its own or what it takes over. */
  settings: PolicySettings
  /** What would hold without one of its own. */
  inherited: Omit<EffectivePolicy, 'stoppedUntil'>
  /** Nodes that lie in it. */
  nodes: ScopeNode[]
  /** Attacks going on there. */
  openIncidents: number
  may: { update: boolean; stop: boolean }
}

/** The policy of one scope, and the nodes in it. */
export async function getPolicy({ ctx, input }: { ctx: Ctx; input: z.input<typeof Input> }): Promise<ScopePolicy> {
  const reach = requirePermission(ctx, 'policy.read')
  const { scope: parsed } = parseInput(Input, input)
  const { workspaceId } = ctx
  const now = new Date(clockOf(ctx).now())
  return inTenant(ctx, async (tx) => {
    const book = await readBookOnce(ctx, tx)
    const scope = await requireScope(tx, book, reach, parsed, true)
    const seen = await nodesWithin(tx, reach)
    const nodes = nodesIn(book, scope).filter(({ id }) => seen === null || seen.includes(id))
    const openIncidents = await tx.incident.count({
      where: { workspaceId, state: { notIn: ['resolved', 'rejected'] }, nodeId: { in: nodes.map(({ id }) => id) } },
    })
    return {
      scope,
      own: book.heads.get(scope.id) ?? null,
      versions: book.versions.get(scope.id) ?? 0,
      settings: holding(book, scope).settings,
      inherited: inheritedBy(book, scope),
      nodes: nodes.map((node) => {
        const policy = effectiveOn(book, node.id)
        const { id, name, isOnline } = node
        return { id, name, isOnline, from: policy.scope, holds: holdingOf(node, policy, now) }
      }),
      openIncidents,
      may: {
        update: await mayIn(ctx, 'policy.update', (of) => requireScope(tx, book, of, parsed, false)),
        stop: await mayIn(ctx, 'mitigation.apply', (of) => requireScope(tx, book, of, parsed, false)),
      },
    }
  })
}

/** Whether the actor's permission covers the scope. */
async function mayIn(ctx: Ctx, permission: Permission, ask: (reach: Reach) => Promise<unknown>): Promise<boolean> {
  const reach = ctx.actor.kind === 'user' ? reachOf(ctx.actor.grants, permission) : 'workspace'
  if (reach === null) return false
  return ask(reach).then(
    () => true,
    (error: unknown) => {
      if (error instanceof ForbiddenError) return false
      throw error
    },
  )
}
