import type { GroupKind } from '../groups/list'

/** What decides whose policy a node takes. Archived groups are left out. */
export type Tree = {
  groups: readonly { id: string; parentId: string | null; kind: GroupKind }[]
  members: readonly { groupId: string; nodeId: string }[]
}

/** Of groups equally near, the narrower kind decides. */
const NARROWEST: readonly GroupKind[] = ['match', 'stage', 'event', 'role', 'region']

export type GroupAbove = { id: string; kind: GroupKind; distance: number }

/** Groups a node lies in, itself or through others, nearest first: the order in which their policies are asked for. Pure. */
export function groupsAbove({ groups, members }: Tree, nodeId: string): GroupAbove[] {
  const byId = new Map(groups.map((group) => [group.id, group]))
  const found = new Map<string, GroupAbove>()
  for (const { groupId } of members.filter((member) => member.nodeId === nodeId)) {
    let group = byId.get(groupId)
    for (let distance = 1; group !== undefined && distance <= groups.length; distance++) {
      const known = found.get(group.id)
      if (known === undefined || known.distance > distance)
        found.set(group.id, { id: group.id, kind: group.kind, distance })
      group = group.parentId === null ? undefined : byId.get(group.parentId)
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
  const byId = new Map(groups.map((group) => [group.id, group]))
  const found: string[] = []
  for (
    let at = byId.get(groupId)?.parentId ?? null;
    at !== null && !found.includes(at);
    at = byId.get(at)?.parentId ?? null
  )
    found.push(at)
  return found
}
