'use client'
import { keepPreviousData, useQuery, useQueryClient } from '@tanstack/react-query'
import { useEffect, useRef, useState } from 'react'
import { useLive } from '@/app/_lib/live'
import { addSamples, type Grid, toGrid } from '@/app/_lib/node-series'
import { sameId } from '@/app/_lib/same-id'
import { useTRPC, useTRPCClient } from '@/app/_lib/trpc'
import type { ChartRange } from '@/app/_ui/time-chart'
import type { NodeDetail } from '@/server/trpc/node-view'
import type { Sample } from '@/wire/sample'

/** The node as it is now: asked for again whenever the gateway says that it or an incident of it changed. */
export function useNode(workspace: string, loaded: NodeDetail): NodeDetail {
  const trpc = useTRPC()
  const client = useQueryClient()
  const live = useLive()
  const options = trpc.nodes.get.queryOptions({ workspace, id: loaded.id })
  const { queryKey } = options
  const { data } = useQuery({ ...options, initialData: loaded, refetchInterval: 15_000 })
  useEffect(() => {
    const refresh = () => void client.invalidateQueries({ queryKey })
    const ifOwn = ({ nodeId }: { nodeId?: string }) => {
      if (nodeId !== undefined && sameId(nodeId, loaded.id)) refresh()
    }
    const offs = [live.on('node', ifOwn), live.on('incident', ifOwn), live.on('policy', refresh), live.onJoin(refresh)]
    return () => {
      for (const off of offs) off()
    }
  }, [live, client, queryKey, loaded.id])
  return data
}

export const RANGES = [
  { words: '5 min', spanMs: 300_000 },
  { words: '1 h', spanMs: 3_600_000 },
  { words: '24 h', spanMs: 86_400_000 },
  { words: '7 d', spanMs: 7 * 86_400_000 },
  { words: '90 d', spanMs: 90 * 86_400_000 },
  { words: '1 y', spanMs: 365 * 86_400_000 },
] as const

/** Live spans grow by the second; longer ones are looked at again each minute. */
export const isLiveSpan = (spanMs: number): boolean => spanMs <= 3_600_000

/** `aheadMs`: how far the platform's clock is from the reader's. */
export type NodeSeries = { grid: Grid | null; newest: Sample | null; failure: string | null; aheadMs: number }

/** Rates over the last `spanMs`, growing while they are watched; what was missed while the line was down is asked for again. */
export function useNodeSeries(workspace: string, nodeId: string, spanMs: number): NodeSeries {
  const client = useTRPCClient()
  const live = useLive()
  const [series, setSeries] = useState<NodeSeries>({ grid: null, newest: null, failure: null, aheadMs: 0 })
  const waiting = useRef<Sample[]>([])

  useEffect(() => {
    let isOn = true
    let retry: ReturnType<typeof setTimeout> | undefined
    const isLive = isLiveSpan(spanMs)
    setSeries((before) => ({ ...before, grid: null }))
    const fill = async () => {
      const answer = await client.nodes.series.query({ workspace, id: nodeId, since: { spanMs } })
      if (!isOn) return
      const aheadMs = answer.nowMs - Date.now()
      setSeries((before) => ({ ...before, aheadMs, failure: null, grid: toGrid(answer, before.grid) }))
    }
    const tryFill = () => {
      clearTimeout(retry)
      fill().catch((error: Error) => {
        if (!isOn) return
        setSeries((before) => ({ ...before, failure: error.message }))
        retry = setTimeout(tryFill, 3_000)
      })
    }
    const fillSoon = () => {
      clearTimeout(retry)
      retry = setTimeout(tryFill, 500)
    }
    // Seconds of a backlog come in a burst: one render for all of them.
    const flush = () => {
      const samples = waiting.current.splice(0)
      const newest = samples.at(-1)
      if (!newest) return
      setSeries((before) => ({
        ...before,
        newest: before.newest && before.newest.atMs > newest.atMs ? before.newest : newest,
        grid: before.grid && isLive ? addSamples(before.grid, samples, spanMs) : before.grid,
      }))
    }
    tryFill()
    const timers = [setInterval(flush, 250), ...(isLive ? [] : [setInterval(tryFill, 60_000)])]
    const offs = [
      live.watch({ target: nodeId, onFlowing: tryFill }),
      live.on('sample', (batch) => {
        if (sameId(batch.nodeId, nodeId)) waiting.current.push(batch.sample)
      }),
      live.on('history', (history) => {
        if (sameId(history.nodeId, nodeId) && history.toMs > Date.now() - spanMs) fillSoon()
      }),
    ]
    return () => {
      isOn = false
      clearTimeout(retry)
      for (const timer of timers) clearInterval(timer)
      for (const off of offs) off()
    }
  }, [client, live, workspace, nodeId, spanMs])
  return series
}

/** A closer look at a part of the axis, when the platform has finer points for it. */
export function useZoomed(workspace: string, nodeId: string, grid: Grid | null, zoom: ChartRange | null): Grid | null {
  const trpc = useTRPC()
  const isCoarse = grid !== null && grid.resolutionMs > 1_000
  const [fromMs, toMs] = zoom ? [Math.floor(zoom.fromS) * 1_000, Math.ceil(zoom.toS) * 1_000] : [0, 0]
  const { data } = useQuery({
    ...trpc.nodes.series.queryOptions({ workspace, id: nodeId, since: { fromMs }, toMs }),
    enabled: zoom !== null && isCoarse,
    staleTime: 30_000,
    placeholderData: keepPreviousData,
  })
  if (zoom === null || !isCoarse || !data || data.resolutionMs >= grid.resolutionMs) return grid
  if (data.fromMs !== fromMs || data.columns.at_ms.length === 0) return grid
  return toGrid(data)
}
