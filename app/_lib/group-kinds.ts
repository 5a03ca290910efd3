import type { GroupView } from '@/server/trpc/routers/groups'
import { compareNames } from './compare-names'

export const KIND_WORDS: Record<GroupView['kind'], string> = {
  event: 'Event',
  stage: 'Stage',
  match: 'Match',
  region: 'Region',
  role: 'Pipeline role',
}
export const KINDS = Object.keys(KIND_WORDS) as GroupView['kind'][]

export type GroupNode = GroupView & { depth: number }

/** Groups in the order of their tree, each behind the one it lies in; `depth` 0 at the top. Pure. */
export function inTreeOrder(groups: readonly GroupView[]): GroupNode[] {
  const below = (parentId: string | null, depth: number): GroupNode[] =>
    groups
      .filter((group) => group.parentId === parentId)
      .sort((left, right) => compareNames(left.name, right.name))
      .flatMap((group) => [{ ...group, depth }, ...below(group.id, depth + 1)])
  return below(null, 0)
}

/** “Spring Major · Playoffs · Match 3”. */
export function pathOf(groups: readonly GroupView[], id: string): string {
  const names: string[] = []
  for (let at = groups.find((group) => group.id === id); at; at = groups.find((group) => group.id === at?.parentId))
    names.unshift(at.name)
  return names.join(' · ')
}
