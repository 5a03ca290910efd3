import type { Tx } from '../../db/pool'
import { type Ctx, clockOf, readOnce } from '../context'
import type { GroupKind } from '../groups/list'
import { groupsAbove, indexTree, parentsOf, type Tree } from './resolve'
import { BUILT_IN, type EffectivePolicy, PolicySettings, type Scope } from './settings'

/** Newest version of a scope that has a policy of its own. */
export type Head = {
  scopeId: string
  id: string
  version: number
  settings: PolicySettings
  savedAt: Date
  savedBy: { kind: string; id: string }
}

export type Stop = {
  id: string
  scopeId: string
  scope: Scope
  reason: string
  startedAt: Date
  startedBy: string
  until: Date
}

export type BookNode = {
  id: string
  name: string
  isOnline: boolean
  heldPolicyId: string | null
  heldStopUntil: Date | null
}
export type BookGroup = { id: string; parentId: string | null; kind: GroupKind; name: string }

/** All that decides policies in a workspace at one moment. */
export type PolicyBook = {
  workspaceId: string
  /** By id. */
  groups: ReadonlyMap<string, BookGroup>
  /** By name. */
  nodes: readonly BookNode[]
  /** Of each node: itself, groups from the nearest up, the workspace. Who is asked for a policy, in this order. */
  scopes: ReadonlyMap<string, readonly Scope[]>
  heads: ReadonlyMap<string, Head>
  /** Versions that each scope ever had. */
  versions: ReadonlyMap<string, number>
  stops: readonly Stop[]
}

/** `nodeIds`: only these nodes matter; all where it is null. */
export async function readBook(
  tx: Tx,
  workspaceId: string,
  now: Date,
  nodeIds: readonly string[] | null = null,
): Promise<PolicyBook> {
  const groups = (await tx.nodeGroup.findMany({
    where: { workspaceId, archivedAt: null },
    select: { id: true, parentId: true, kind: true, name: true },
  })) as BookGroup[]
  const only = nodeIds && { in: [...nodeIds] }
  const members = await tx.groupNode.findMany({
    where: { workspaceId, ...(only && { nodeId: only }) },
    select: { groupId: true, nodeId: true },
  })
  const nodes = await tx.node.findMany({
    where: { workspaceId, archivedAt: null, ...(only && { id: only }) },
    orderBy: { name: 'asc' },
    select: { id: true, name: true, state: true, heldPolicyId: true, heldStopUntil: true },
  })
  const { heads, versions } = await readHeads(tx, workspaceId)
  const tree = indexTree(groups, members)
  const scopes = new Map(nodes.map((node) => [node.id, scopesOf(tree, workspaceId, node)]))
  const book = {
    workspaceId,
    groups: tree.groups,
    nodes: nodes.map(({ state, ...node }) => ({ ...node, isOnline: state === 'online' })),
    scopes,
    heads,
    versions,
  }
  return { ...book, stops: await readStops(tx, book, now) }
}

/** The same for verbs of which a page asks several at once. */
export const readBookOnce = (ctx: Ctx, tx: Tx): Promise<PolicyBook> =>
  readOnce(ctx, 'policy book', () => readBook(tx, ctx.workspaceId, new Date(clockOf(ctx).now())))

async function readHeads(tx: Tx, workspaceId: string): Promise<Pick<PolicyBook, 'heads' | 'versions'>> {
  const rows = await tx.$queryRaw<HeadRow[]>`
    SELECT DISTINCT ON (scope_id) scope_id AS "scopeId", id, version, settings, created_at AS "savedAt",
      actor_kind AS "actorKind", actor_id AS "actorId"
    FROM policy_version WHERE workspace_id = ${workspaceId}::uuid ORDER BY scope_id, version DESC`
  const own = rows.flatMap(({ settings, actorKind, actorId, ...row }): Head[] =>
    settings === null
      ? []
      : [{ ...row, settings: PolicySettings.parse(settings), savedBy: { kind: actorKind, id: actorId } }],
  )
  return {
    heads: new Map(own.map((head) => [head.scopeId, head])),
    versions: new Map(rows.map(({ scopeId, version }) => [scopeId, version])),
  }
}

type HeadRow = {
  scopeId: string
  id: string
  version: number
  settings: unknown
  savedAt: Date
  actorKind: string
  actorId: string
}

/** Those that are on. */
async function readStops(tx: Tx, book: Omit<PolicyBook, 'stops'>, now: Date): Promise<Stop[]> {
  const { workspaceId } = book
  const rows = await tx.mitigationStop.findMany({
    where: { workspaceId, endedAt: null, until: { gt: now } },
    orderBy: { startedAt: 'asc' },
    include: { node: { select: { name: true } } },
  })
  return rows.flatMap(({ id, scopeId, groupId, nodeId, node, reason, startedAt, startedBy, until }) => {
    const group = book.groups.get(groupId ?? '')
    if (groupId !== null && group === undefined) return []
    const scope: Scope =
      nodeId !== null
        ? { kind: 'node', id: nodeId, name: node?.name ?? '' }
        : group !== undefined
          ? { kind: 'group', id: group.id, name: group.name }
          : workspaceScope(workspaceId)
    return [{ id, scopeId, scope, reason, startedAt, startedBy, until }]
  })
}

export const workspaceScope = (workspaceId: string): Scope => ({
  kind: 'workspace',
  id: workspaceId,
  name: 'the workspace',
})

function scopesOf(tree: Tree<BookGroup>, workspaceId: string, { id, name }: { id: string; name: string }): Scope[] {
  const nameOf = (groupId: string): string => tree.groups.get(groupId)?.name ?? ''
  const above = groupsAbove(tree, id).map((group): Scope => ({ kind: 'group', id: group.id, name: nameOf(group.id) }))
  return [{ kind: 'node', id, name }, ...above, workspaceScope(workspaceId)]
}

const scopesFor = (book: PolicyBook, nodeId: string): readonly Scope[] =>
  book.scopes.get(nodeId) ?? [workspaceScope(book.workspaceId)]

export type Assumed = {
  /** Scope that is taken to have a policy of its own (`true`) or none (`false`), whatever is saved. */
  scopeId: string
  isOwn: boolean
}

/** The scope whose policy a node takes. */
export function sourceOf(book: PolicyBook, nodeId: string, assumed?: Assumed): Scope {
  const isOwn = ({ id }: Scope): boolean => (assumed?.scopeId === id ? assumed.isOwn : book.heads.has(id))
  return scopesFor(book, nodeId).find(isOwn) ?? workspaceScope(book.workspaceId)
}

export function effectiveOn(book: PolicyBook, nodeId: string): EffectivePolicy {
  const scope = sourceOf(book, nodeId)
  return { ...policyOf(book, scope), stoppedUntil: stoppedUntil(book, nodeId) }
}

/** Latest end of the kill switches that reach a node; null while none does. */
export function stoppedUntil(book: PolicyBook, nodeId: string): Date | null {
  const reached = new Set(scopesFor(book, nodeId).map(({ id }) => id))
  const ends = book.stops.filter(({ scopeId }) => reached.has(scopeId)).map(({ until }) => until.getTime())
  return ends.length === 0 ? null : new Date(Math.max(...ends))
}

/** The policy that a scope itself holds, or what is built in. */
export function policyOf(book: PolicyBook, scope: Scope): Omit<EffectivePolicy, 'stoppedUntil'> {
  const head = book.heads.get(scope.id)
  return head
    ? { id: head.id, scope, version: head.version, settings: head.settings }
    : { id: null, scope: workspaceScope(book.workspaceId), version: 1, settings: BUILT_IN }
}

/** What holds on a scope without a policy of its own: the next one above that has one. */
export function inheritedBy(book: PolicyBook, scope: Scope): Omit<EffectivePolicy, 'stoppedUntil'> {
  const workspace = workspaceScope(book.workspaceId)
  if (scope.kind === 'workspace') return { id: null, scope: workspace, version: 1, settings: BUILT_IN }
  if (scope.kind === 'node') return policyOf(book, sourceOf(book, scope.id, { scopeId: scope.id, isOwn: false }))
  const above = parentsOf(book, scope.id).find((id) => book.heads.has(id))
  const group = book.groups.get(above ?? '')
  return policyOf(book, group ? { kind: 'group', id: group.id, name: group.name } : workspace)
}

/** Nodes that lie in a scope, whoever's policy they take. */
export const nodesIn = (book: PolicyBook, scope: Scope): BookNode[] =>
  book.nodes.filter(({ id }) => scopesFor(book, id).some((one) => one.id === scope.id))
