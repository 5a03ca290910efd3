import type { GroupKind } from '../groups/list'

/** From `startsMs` until `endsMs`, which is not in it. */
export type Span = { startsMs: number; endsMs: number }

/** A group with its own times. What it does not say itself holds as the group above says it. */
export type ScheduledGroup = {
  id: string
  parentId: string | null
  kind: GroupKind
  name: string
  nodeIds: string[]
  timeZone: string | null
  audienceTimes: number | null
  /** On air; by start. */
  windows: Span[]
}

export type Tree = ReadonlyMap<string, ScheduledGroup>

export const toTree = (groups: readonly ScheduledGroup[]): Tree => new Map(groups.map((group) => [group.id, group]))

/** The group and those it lies in, from itself to the top. */
export function upwards(tree: Tree, id: string | null): ScheduledGroup[] {
  const path: ScheduledGroup[] = []
  for (let at = id === null ? undefined : tree.get(id); at; at = tree.get(at.parentId ?? '')) path.push(at)
  return path
}

/** What the group says itself, or the nearest above that says it. */
const nearest = <Value>(tree: Tree, id: string, read: (group: ScheduledGroup) => Value | null): Value | null =>
  upwards(tree, id).reduce<Value | null>((found, group) => found ?? read(group), null)

export const zoneOf = (tree: Tree, id: string): string => nearest(tree, id, ({ timeZone }) => timeZone) ?? 'UTC'

export const audienceOf = (tree: Tree, id: string): number =>
  nearest(tree, id, ({ audienceTimes }) => audienceTimes) ?? 1

/** Its own windows; without any, those of the nearest group above that has some. */
export const windowsOf = (tree: Tree, id: string): Span[] =>
  nearest(tree, id, ({ windows }) => (windows.length > 0 ? windows : null)) ?? []

const covers = ({ startsMs, endsMs }: Span, atMs: number): boolean => startsMs <= atMs && atMs < endsMs

/** Groups on air at this moment: by a window of theirs, or because something in them is. */
export function liveGroups(tree: Tree, atMs: number): Set<string> {
  const live = new Set<string>()
  for (const { id } of tree.values()) {
    if (!windowsOf(tree, id).some((window) => covers(window, atMs))) continue
    live.add(id)
    // Only its own windows speak for those above: what it has from them is theirs already.
    if (tree.get(id)?.windows.length) for (const above of upwards(tree, id)) live.add(above.id)
  }
  return live
}

/** Nodes of a group and of all that lie in it, by group. */
export function nodesByGroup(groups: readonly ScheduledGroup[]): Map<string, Set<string>> {
  const tree = toTree(groups)
  const found = new Map(groups.map(({ id }) => [id, new Set<string>()]))
  for (const { id, nodeIds } of groups)
    for (const above of upwards(tree, id)) for (const nodeId of nodeIds) found.get(above.id)?.add(nodeId)
  return found
}

export type AudienceWindow = { fromMs: number; untilMs: number; audienceTimes: number }

/** More than a node can need in a week; ends what a careless calendar would send. */
const WINDOWS_MAX = 64

/** When this node should expect a larger audience than usual, and how many times: of all groups it belongs to, by start. */
export function audienceWindows(
  groups: readonly ScheduledGroup[],
  nodeId: string,
  { startsMs, endsMs }: Span,
): AudienceWindow[] {
  const tree = toTree(groups)
  const own = groups.filter(({ nodeIds }) => nodeIds.includes(nodeId))
  const all = new Map(own.flatMap(({ id }) => upwards(tree, id)).map((group) => [group.id, group]))
  return [...all.values()]
    .flatMap(({ id, windows }) => {
      const audienceTimes = audienceOf(tree, id)
      return windows.map((window) => ({ fromMs: window.startsMs, untilMs: window.endsMs, audienceTimes }))
    })
    .filter(({ fromMs, untilMs, audienceTimes }) => audienceTimes > 1 && untilMs > startsMs && fromMs < endsMs)
    .sort((left, right) => left.fromMs - right.fromMs || left.untilMs - right.untilMs)
    .slice(0, WINDOWS_MAX)
}

/** Two matches on one server at the same time. */
export type Clash = { groupId: string; withId: string; nodeId: string; startsMs: number; endsMs: number }

const CLASHES_MAX = 500

/** Every pair of matches that overlap on a server, each told from both sides. */
export function clashesOf(groups: readonly ScheduledGroup[]): Clash[] {
  const nodes = nodesByGroup(groups)
  const byNode = new Map<string, (Span & { groupId: string })[]>()
  for (const { id, windows } of groups.filter(({ kind }) => kind === 'match'))
    for (const nodeId of nodes.get(id) ?? [])
      for (const window of windows) {
        const taken = byNode.get(nodeId) ?? []
        taken.push({ ...window, groupId: id })
        byNode.set(nodeId, taken)
      }
  const found: Clash[] = []
  for (const [nodeId, taken] of byNode) {
    taken.sort((left, right) => left.startsMs - right.startsMs)
    for (const [index, one] of taken.entries())
      for (let next = index + 1; next < taken.length; next += 1) {
        const other = taken[next] as (typeof taken)[number]
        if (other.startsMs >= one.endsMs || found.length >= CLASHES_MAX) break
        if (other.groupId === one.groupId) continue
        const span = { nodeId, startsMs: other.startsMs, endsMs: Math.min(one.endsMs, other.endsMs) }
        found.push({ ...span, groupId: one.groupId, withId: other.groupId })
        found.push({ ...span, groupId: other.groupId, withId: one.groupId })
      }
  }
  return found
}
