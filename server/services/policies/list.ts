import { type Ctx, clockOf, inTenant, requirePermission } from '../context'
import type { GroupKind } from '../groups/list'
import { groupsWithin, nodesWithin } from '../reach'
import { type BookGroup, effectiveOn, inheritedBy, type PolicyBook, readBookOnce, workspaceScope } from './book'
import { holdingOf } from './holds'
import type { Scope } from './settings'

export type PolicyScope = {
  scope: Scope
  /** Group in which it lies, and what kind it is itself. */
  parentId: string | null
  groupKind: GroupKind | null
  /** Null where it has none of its own, and has what `from` has. */
  own: { version: number; savedAt: Date; savedBy: { kind: string; id: string } } | null
  from: Scope
  /** Nodes that take this policy, and how many of them say that they go by it. */
  nodes: number
  holding: number
}

/** The workspace, all groups, and the nodes that have a policy of their own, as far as the actor was given them. */
export async function listPolicies({ ctx }: { ctx: Ctx }): Promise<PolicyScope[]> {
  const reach = requirePermission(ctx, 'policy.read')
  const now = new Date(clockOf(ctx).now())
  return inTenant(ctx, async (tx) => {
    const groups = await groupsWithin(tx, reach)
    const nodes = await nodesWithin(tx, reach)
    const book = await readBookOnce(ctx, tx)
    const within = (list: readonly string[] | null, id: string): boolean => list === null || list.includes(id)
    const counts = countHolding(book, now, (id) => within(nodes, id))
    const toScope = (scope: Scope, group?: BookGroup): PolicyScope => ({
      scope,
      parentId: group?.parentId ?? null,
      groupKind: group?.kind ?? null,
      own: book.heads.get(scope.id) ?? null,
      from: book.heads.has(scope.id) ? scope : inheritedBy(book, scope).scope,
      ...(counts.get(scope.id) ?? { nodes: 0, holding: 0 }),
    })
    return [
      toScope(workspaceScope(ctx.workspaceId)),
      ...[...book.groups.values()]
        .filter(({ id }) => within(groups, id))
        .map((group) => toScope({ kind: 'group', id: group.id, name: group.name }, group)),
      ...book.nodes
        .filter(({ id }) => book.heads.has(id) && within(nodes, id))
        .map(({ id, name }) => toScope({ kind: 'node', id, name })),
    ]
  })
}

function countHolding(book: PolicyBook, now: Date, isSeen: (nodeId: string) => boolean) {
  const counts = new Map<string, { nodes: number; holding: number }>()
  for (const node of book.nodes.filter(({ id }) => isSeen(id))) {
    const policy = effectiveOn(book, node.id)
    const count = counts.get(policy.scope.id) ?? { nodes: 0, holding: 0 }
    counts.set(policy.scope.id, count)
    count.nodes += 1
    if (holdingOf(node, policy, now) === 'yes') count.holding += 1
  }
  return counts
}
