'use client'
import { keepPreviousData, useInfiniteQuery, useQuery, useQueryClient } from '@tanstack/react-query'
import { useEffect } from 'react'
import { type IncidentQuery, type IncidentView, writeIncidentQuery } from '@/app/_lib/incident-filter'
import { useLive } from '@/app/_lib/live'
import { useTRPC } from '@/app/_lib/trpc'
import type { IncidentSummary } from '@/server/trpc/incident-view'

export type Count = { open: number; over: number; isAny: boolean }
export type IncidentPage = { incidents: IncidentSummary[]; next: string | null }

/** What the server sent along, and the query it belongs to. */
export type Loaded = { for: string; page: IncidentPage; count: Count }

type Asked = Pick<IncidentQuery, 'filter' | 'sort'>

/** A node under attack reports each second: what comes close together is asked for once. */
const TOGETHER_MS = 700
const SLOW_LOOK_MS = 30_000

const isFor = (loaded: Loaded, { filter, sort }: Asked): boolean =>
  loaded.for === writeIncidentQuery({ filter, sort, view: 'list' })

/** Asks again whenever an incident changes or the line stands again. */
function useFresh(queryKey: readonly unknown[]): void {
  const client = useQueryClient()
  const live = useLive()
  const key = JSON.stringify(queryKey)
  useEffect(() => {
    let waiting: ReturnType<typeof setTimeout> | undefined
    const refresh = () => {
      waiting ??= setTimeout(() => {
        waiting = undefined
        void client.invalidateQueries({ queryKey: JSON.parse(key) as unknown[] })
      }, TOGETHER_MS)
    }
    const offs = [live.on('incident', refresh), live.onJoin(refresh)]
    return () => {
      clearTimeout(waiting)
      for (const off of offs) off()
    }
  }, [live, client, key])
}

export function useIncidentCount(workspace: string, asked: Asked, loaded: Loaded): Count {
  const trpc = useTRPC()
  const options = trpc.incidents.count.queryOptions({ workspace, ...asked.filter })
  const { data } = useQuery({
    ...options,
    initialData: isFor(loaded, asked) ? loaded.count : undefined,
    placeholderData: keepPreviousData,
    refetchInterval: SLOW_LOOK_MS,
  })
  useFresh(options.queryKey)
  return data ?? loaded.count
}

/** Pages of the list so far. `loaded` is null where the server sent none along. */
export function useIncidentPages(workspace: string, { filter, sort }: Asked, loaded: Loaded | null) {
  const trpc = useTRPC()
  const options = trpc.incidents.list.infiniteQueryOptions(
    { workspace, ...filter, sort },
    { getNextPageParam: (last) => last.next },
  )
  const query = useInfiniteQuery({
    ...options,
    initialData: loaded && isFor(loaded, { filter, sort }) ? { pages: [loaded.page], pageParams: [null] } : undefined,
    placeholderData: keepPreviousData,
    refetchInterval: SLOW_LOOK_MS,
  })
  useFresh(options.queryKey)
  return query
}

export type IncidentGroup = NonNullable<ReturnType<typeof useIncidentGroups>['data']>[number]

export function useIncidentGroups(workspace: string, { filter }: Asked, by: Exclude<IncidentView, 'list'>) {
  const trpc = useTRPC()
  const zone = Intl.DateTimeFormat().resolvedOptions().timeZone
  const options = trpc.incidents.grouped.queryOptions({ workspace, ...filter, by, zone })
  const query = useQuery({ ...options, placeholderData: keepPreviousData, refetchInterval: SLOW_LOOK_MS })
  useFresh(options.queryKey)
  return query
}
