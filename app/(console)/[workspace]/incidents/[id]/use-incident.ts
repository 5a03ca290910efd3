'use client'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useEffect, useState } from 'react'
import { useLive } from '@/app/_lib/live'
import { sameId } from '@/app/_lib/same-id'
import { appendPoint, type Series } from '@/app/_lib/series'
import { isOver } from '@/app/_lib/states'
import { useTRPC } from '@/app/_lib/trpc'
import type { IncidentDetail } from '@/server/trpc/incident-view'

/** The incident as it is now: asked for again whenever the gateway says it changed. */
export function useIncident(workspace: string, loaded: IncidentDetail): IncidentDetail {
  const trpc = useTRPC()
  const client = useQueryClient()
  const live = useLive()
  const options = trpc.incidents.get.queryOptions({ workspace, id: loaded.id })
  const { data } = useQuery({
    ...options,
    initialData: loaded,
    // Messages and uploads go on after the last report; a slow look covers what no event tells.
    refetchInterval: ({ state }) => (state.data && isOver(state.data.state) ? 15_000 : 5_000),
  })
  const { queryKey } = options
  useEffect(() => {
    const refresh = () => void client.invalidateQueries({ queryKey })
    const offIncident = live.on('incident', (summary) => {
      if (sameId(summary.id, loaded.id)) refresh()
    })
    const offJoin = live.onJoin(refresh)
    return () => {
      offIncident()
      offJoin()
    }
  }, [live, client, queryKey, loaded.id])
  return data
}

const POINTS_KEPT = 1_800
const LATE_MS = 600_000

/** Samples around the incident, growing while it is open. */
export function useSeries(workspace: string, incident: IncidentDetail, loaded: Series): Series {
  const trpc = useTRPC()
  const live = useLive()
  const [added, setAdded] = useState<Series['points']>([])
  const { data, refetch } = useQuery({
    ...trpc.incidents.samples.queryOptions({ workspace, id: incident.id }),
    initialData: loaded,
    staleTime: 30_000,
    // The last seconds of an incident that is over may come late.
    refetchInterval: () => (incident.endedMs !== null && Date.now() - incident.endedMs < LATE_MS ? 15_000 : false),
  })
  const open = !isOver(incident.state)
  useEffect(() => {
    const id = incident.node.id
    const refill = () => void refetch()
    const offHistory = live.on('history', ({ nodeId }) => {
      if (sameId(nodeId, id)) refill()
    })
    const offSample = live.on('sample', ({ nodeId, sample }) => {
      if (sameId(nodeId, id)) setAdded((points) => [...points, sample].slice(-POINTS_KEPT))
    })
    const offWatch = open ? live.watch({ target: id, onFlowing: refill }) : live.onJoin(refill)
    return () => {
      offHistory()
      offSample()
      offWatch()
    }
  }, [live, open, incident.node.id, refetch])
  return added.reduce((series, point) => appendPoint(series, point, POINTS_KEPT), data)
}
