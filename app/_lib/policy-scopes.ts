import type { PolicyScopeView } from '@/server/trpc/policy-view'
import { compareNames } from './compare-names'

/** Groups in the order of their tree, each with the way to it. Pure. */
export function inTree(scopes: readonly PolicyScopeView[]): { scope: PolicyScopeView; path: string }[] {
  const groups = scopes.filter(({ kind }) => kind === 'group')
  const known = new Set(groups.map(({ id }) => id))
  const below = (parentId: string | null, path: string[]): { scope: PolicyScopeView; path: string }[] =>
    groups
      .filter((group) => (group.parentId !== null && known.has(group.parentId) ? group.parentId : null) === parentId)
      .sort((left, right) => compareNames(left.name, right.name))
      .flatMap((scope) => {
        const names = [...path, scope.name]
        return [{ scope, path: names.join(' · ') }, ...below(scope.id, names)]
      })
  return below(null, [])
}
