'use client'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useCallback, useEffect } from 'react'
import { useLive } from '@/app/_lib/live'
import { useTRPC } from '@/app/_lib/trpc'
import type { PolicyDetail, PolicyScopeView, PolicyVersionView, StopView } from '@/server/trpc/policy-view'

export type Policies = {
  scopes: PolicyScopeView[]
  policy: PolicyDetail
  versions: PolicyVersionView[]
  stops: StopView[]
}

/** Policies as they are now: asked for again whenever the gateway says that one, a stop or what nodes hold changed. */
export function usePolicies(workspace: string, id: string | null, loaded: Policies): Policies {
  const trpc = useTRPC()
  const refresh = useRefreshPolicies()
  const live = useLive()
  const scope = { workspace, id }
  const options = { refetchInterval: 30_000 }
  const { data: scopes } = useQuery({
    ...trpc.policies.list.queryOptions({ workspace }),
    ...options,
    initialData: loaded.scopes,
  })
  const { data: policy } = useQuery({
    ...trpc.policies.get.queryOptions(scope),
    ...options,
    initialData: loaded.policy,
  })
  const { data: versions } = useQuery({ ...trpc.policies.versions.queryOptions(scope), initialData: loaded.versions })
  const { data: stops } = useQuery({ ...trpc.policies.stops.queryOptions({ workspace }), initialData: loaded.stops })
  useEffect(() => {
    const offs = [live.on('policy', refresh), live.on('node', refresh), live.onJoin(refresh)]
    return () => {
      for (const off of offs) off()
    }
  }, [live, refresh])
  return { scopes, policy, versions, stops }
}

/** Lets everything about policies be asked for again. */
export function useRefreshPolicies(): () => void {
  const trpc = useTRPC()
  const queries = useQueryClient()
  return useCallback(() => void queries.invalidateQueries({ queryKey: trpc.policies.pathKey() }), [queries, trpc])
}
