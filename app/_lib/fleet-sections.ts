import type { NodeTile } from '@/server/trpc/node-tile'
import type { GroupView } from '@/server/trpc/routers/groups'
import { inTreeOrder, pathOf } from './group-kinds'
import { STATES } from './states'

export type Kind = GroupView['kind']
export type FleetSection = { key: string; title: string | null; tiles: NodeTile[] }

/** Worst first, then by name with numbers as numbers. */
const byState = (left: NodeTile, right: NodeTile): number =>
  STATES.indexOf(left.state) - STATES.indexOf(right.state) ||
  left.name.localeCompare(right.name, undefined, { numeric: true })

/** Nodes of a group and of all that lie in it. */
function membersOf(groups: readonly GroupView[], id: string): Set<string> {
  const found = new Set<string>()
  const add = (groupId: string): void => {
    for (const group of groups) {
      if (group.id === groupId) for (const nodeId of group.nodeIds) found.add(nodeId)
      if (group.parentId === groupId) add(group.id)
    }
  }
  add(id)
  return found
}

/**
 * Tiles under the groups of one kind, groups with the worst state first; what belongs to none of them comes last. A node
 * stands once: of two groups of the kind, in the one nearer to the top of the tree. `kind` null: all in one. Pure.
 */
export function toSections(
  tiles: readonly NodeTile[],
  groups: readonly GroupView[],
  kind: Kind | null,
): FleetSection[] {
  const sorted = [...tiles].sort(byState)
  if (kind === null) return [{ key: 'all', title: null, tiles: sorted }]
  const placed = new Set<string>()
  const sections = inTreeOrder(groups)
    .filter((group) => group.kind === kind)
    .map((group) => {
      const members = membersOf(groups, group.id)
      const own = sorted.filter(({ id }) => members.has(id) && !placed.has(id))
      for (const { id } of own) placed.add(id)
      return { key: group.id, title: pathOf(groups, group.id), tiles: own }
    })
    .filter((section) => section.tiles.length > 0)
  const worst = ({ tiles: [first] }: FleetSection): number => (first ? STATES.indexOf(first.state) : STATES.length)
  sections.sort(
    (left, right) => worst(left) - worst(right) || left.title.localeCompare(right.title, undefined, { numeric: true }),
  )
  const rest = sorted.filter(({ id }) => !placed.has(id))
  return rest.length === 0 ? sections : [...sections, { key: 'rest', title: '', tiles: rest }]
}
