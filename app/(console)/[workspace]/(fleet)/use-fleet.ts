'use client'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useEffect, useState } from 'react'
import { useLive } from '@/app/_lib/live'
import { sameId } from '@/app/_lib/same-id'
import { useTRPC } from '@/app/_lib/trpc'
import { type NodeTile, SPARK_SPAN_MS } from '@/server/trpc/node-tile'
import type { Sample } from '@/wire/sample'

/** Tiles as the server knew them, kept alive by samples and by news of incidents and nodes. */
export function useFleet(workspace: string, loaded: NodeTile[]): NodeTile[] {
  const trpc = useTRPC()
  const client = useQueryClient()
  const live = useLive()
  const options = trpc.nodes.tiles.queryOptions({ workspace })
  const { queryKey } = options
  const { data } = useQuery({ ...options, initialData: loaded, refetchInterval: 30_000 })
  const [fresh, setFresh] = useState<ReadonlyMap<string, Sample[]>>(new Map())

  useEffect(() => {
    const refresh = () => void client.invalidateQueries({ queryKey })
    const waiting = new Map<string, Sample[]>()
    const offs = [
      live.onIncident(refresh),
      live.onNode(refresh),
      live.onJoin(refresh),
      live.onSamples(({ nodeId, sample }) => waiting.set(nodeId, [...(waiting.get(nodeId) ?? []), sample])),
    ]
    // Hundreds of nodes report within one second: one render for all of them.
    const timer = setInterval(() => {
      if (waiting.size === 0) return
      const arrived = new Map(waiting)
      waiting.clear()
      setFresh((before) => withArrived(before, arrived))
    }, 250)
    return () => {
      clearInterval(timer)
      for (const off of offs) off()
    }
  }, [live, client, queryKey])

  return data.map((tile) => withSamples(tile, samplesOf(fresh, tile.id)))
}

const KEPT = 300

function withArrived(
  before: ReadonlyMap<string, Sample[]>,
  arrived: Map<string, Sample[]>,
): ReadonlyMap<string, Sample[]> {
  const after = new Map(before)
  for (const [nodeId, samples] of arrived) after.set(nodeId, [...(after.get(nodeId) ?? []), ...samples].slice(-KEPT))
  return after
}

function samplesOf(fresh: ReadonlyMap<string, Sample[]>, tileId: string): Sample[] {
  const direct = fresh.get(tileId)
  if (direct) return direct
  for (const [nodeId, samples] of fresh) if (sameId(nodeId, tileId)) return samples
  return []
}

function withSamples(tile: NodeTile, samples: Sample[]): NodeTile {
  const known = tile.spark.at(-1)?.atMs ?? 0
  const newer = samples.filter((sample) => sample.atMs > known)
  const last = newer.at(-1)
  if (!last) return tile
  const spark = [
    ...tile.spark,
    ...newer.map(({ atMs, wire, delivered }) => ({ atMs, wirePps: wire.pps, deliveredPps: delivered.pps })),
  ]
  return {
    ...tile,
    spark: spark.filter((point) => point.atMs > last.atMs - SPARK_SPAN_MS),
    latest: { atMs: last.atMs, wirePps: last.wire.pps, wireBps: last.wire.bps },
    usual: last.baseline,
    lastSeenMs: last.atMs,
  }
}
