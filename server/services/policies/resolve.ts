import type { GroupKind } from '../groups/list'

export type TreeGroup = { id: string; parentId: string | null; kind: GroupKind }
export type TreeMember = { groupId: string; nodeId: string }

/** What decides whose policy a node takes. Archived groups are left out. */
export type Tree<Group extends TreeGroup = TreeGroup> = {
  groups: ReadonlyMap<string, Group>
  /** Of each node the groups it lies in itself. */
  groupsOf: ReadonlyMap<string, readonly string[]>
}

export function indexTree<Group extends TreeGroup>(
  groups: readonly Group[],
  members: readonly TreeMember[],
): Tree<Group> {
  const groupsOf = new Map<string, string[]>()
  for (const { groupId, nodeId } of members) {
    const known = groupsOf.get(nodeId)
    if (known) known.push(groupId)
    else groupsOf.set(nodeId, [groupId])
  }
  return { groups: new Map(groups.map((group) => [group.id, group])), groupsOf }
}

/** Of groups equally near, the narrower kind decides. */
const NARROWEST: readonly GroupKind[] = ['match', 'stage', 'event', 'role', 'region']

export type GroupAbove = { id: string; kind: GroupKind; distance: number }

/** Groups a node lies in, itself or through others, nearest first: the order in which their policies are asked for. Pure. */
export function groupsAbove({ groups, groupsOf }: Tree, nodeId: string): GroupAbove[] {
  const found = new Map<string, GroupAbove>()
  for (const groupId of groupsOf.get(nodeId) ?? []) {
    let group = groups.get(groupId)
    for (let distance = 1; group !== undefined && distance <= groups.size; distance++) {
      const known = found.get(group.id)
      if (known === undefined || known.distance > distance)
        found.set(group.id, { id: group.id, kind: group.kind, distance })
      group = group.parentId === null ? undefined : groups.get(group.parentId)
    }
  }
  // Ids are made in order of time: of two alike the older decides.
  return [...found.values()].sort(
    (a, b) =>
      a.distance - b.distance || NARROWEST.indexOf(a.kind) - NARROWEST.indexOf(b.kind) || (a.id < b.id ? -1 : 1),
  )
}

/** Groups in which a group lies, nearest first. Pure. */
export function parentsOf({ groups }: Pick<Tree, 'groups'>, groupId: string): string[] {
  const found: string[] = []
  for (
    let at = groups.get(groupId)?.parentId ?? null;
    at !== null && !found.includes(at);
    at = groups.get(at)?.parentId ?? null
  )
    found.push(at)
  return found
}
