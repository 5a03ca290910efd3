import type { NodeTile } from '@/server/trpc/node-tile'
import type { GroupView } from '@/server/trpc/routers/groups'
import { compareNames } from './compare-names'
import { inTreeOrder, pathOf } from './group-kinds'
import { STATES } from './states'

export type Kind = GroupView['kind']
export type FleetSection = { key: string; title: string | null; tiles: NodeTile[] }

type Compare = (left: NodeTile, right: NodeTile) => number

/** Numbers in names as numbers. */
const byName: Compare = (left, right) => compareNames(left.name, right.name)
const rateOf = ({ latest }: NodeTile): number => latest?.wirePps ?? -1
/** How many times what is usual for it a node receives; one that has not learned it comes behind those that have. */
const timesUsual = ({ latest, usual }: NodeTile): number =>
  latest && usual ? latest.wirePps / Math.max(1, usual.pps) : latest ? 0 : -1

const COMPARE = {
  state: (left, right) => STATES.indexOf(left.state) - STATES.indexOf(right.state),
  usual: (left, right) => timesUsual(right) - timesUsual(left),
  rate: (left, right) => rateOf(right) - rateOf(left),
  name: () => 0,
} as const satisfies Record<string, Compare>
export type Order = keyof typeof COMPARE

export const ORDER_WORDS: Record<Order, string> = {
  state: 'Worst first',
  usual: 'Furthest above usual',
  rate: 'Most packets',
  name: 'By name',
}
export const ORDERS = Object.keys(COMPARE) as Order[]

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
 * Tiles in this order under the groups of one kind, groups with the worst state first; what belongs to none of them comes last. A
 * node stands once: of two groups of the kind, in the one nearer to the top of the tree. `kind` null: all in one. Pure.
 */
export function toSections(
  tiles: readonly NodeTile[],
  groups: readonly GroupView[],
  kind: Kind | null,
  order: Order = 'state',
): FleetSection[] {
  const sorted = [...tiles].sort((left, right) => COMPARE[order](left, right) || byName(left, right))
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
  const worst = (section: FleetSection): number => Math.min(...section.tiles.map(({ state }) => STATES.indexOf(state)))
  sections.sort((left, right) => worst(left) - worst(right) || compareNames(left.title, right.title))
  const rest = sorted.filter(({ id }) => !placed.has(id))
  return rest.length === 0 ? sections : [...sections, { key: 'rest', title: '', tiles: rest }]
}
