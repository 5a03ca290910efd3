import type { PolicyScopeView } from '@/server/trpc/policy-view'

/** Groups in the order of their tree, each with the way to it. Pure. */
export function inTree(scopes: readonly PolicyScopeView[]): { scope: PolicyScopeView; path: string }[] {
  const groups = scopes.filter(({ kind }) => kind === 'group')
  const known = new Set(groups.map(({ id }) => id))
  const below = (parentId: string | null, path: string[]): { scope: PolicyScopeView; path: string }[] =>
    groups
      .filter((group) => (group.parentId !== null && known.has(group.parentId) ? group.parentId : null) === parentId)
      .sort((left, right) => left.name.localeCompare(right.name, undefined, { numeric: true }))
      .flatMap((scope) => {
        const names = [...path, scope.name]
        return [{ scope, path: names.join(' · ') }, ...below(scope.id, names)]
      })
  return below(null, [])
}
