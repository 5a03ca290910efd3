'use client'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useEffect, useRef, useState } from 'react'
import { useLive, useLiveState } from '@/app/_lib/live'
import { sameId } from '@/app/_lib/same-id'
import { useTRPC, useTRPCClient } from '@/app/_lib/trpc'
import { FleetPainter } from '@/app/_ui/fleet-painter'
import { useSchemeVersion } from '@/app/_ui/theme-colours'
import type { Board } from '@/server/services/boards/board'
import type { MatchView } from '@/server/trpc/event-view'
import type { IncidentSummary } from '@/server/trpc/incident-view'
import { type NodeTile, TILE_SPAN_MS } from '@/server/trpc/node-tile'
import type { Sample } from '@/wire/sample'

export type Loaded = {
  match: MatchView
  board: { atMs: number; board: Board }
  /** Null: the reader is shown no servers. */
  tiles: NodeTile[] | null
  incidents: IncidentSummary[] | null
  nowMs: number
}

/** News come in bursts: a report a second from each server under attack. */
const TOGETHER_MS = 500

/** A match, its state and its servers as they are now: asked for again whenever something about them changed. */
export function useMatch(workspace: string, loaded: Loaded) {
  const trpc = useTRPC()
  const client = useQueryClient()
  const live = useLive()
  const { id, maySeeServers: seesServers } = loaded.match
  const again = { refetchInterval: 15_000 }
  const match = useQuery({ ...trpc.events.match.queryOptions({ workspace, id }), initialData: loaded.match, ...again })
  const board = useQuery({
    ...trpc.boards.get.queryOptions({ workspace, id }),
    initialData: loaded.board,
    refetchInterval: 3_000,
  })
  const tiles = useQuery({
    ...trpc.nodes.tiles.queryOptions({ workspace, groupId: id }),
    initialData: loaded.tiles ?? undefined,
    enabled: seesServers,
    ...again,
  })
  const seesIncidents = loaded.incidents !== null
  const incidents = useQuery({
    ...trpc.incidents.list.queryOptions({ workspace, groupId: id }),
    initialData: loaded.incidents ? { incidents: loaded.incidents, next: null } : undefined,
    enabled: seesIncidents,
    ...again,
  })
  useEffect(() => {
    let waiting: ReturnType<typeof setTimeout> | undefined
    const refresh = () => {
      waiting ??= setTimeout(() => {
        waiting = undefined
        const keys = [
          trpc.boards.get.queryKey({ workspace, id }),
          ...(seesServers ? [trpc.nodes.tiles.queryKey({ workspace, groupId: id })] : []),
        ]
        if (seesIncidents) keys.push(trpc.incidents.list.queryKey({ workspace, groupId: id }) as never)
        for (const queryKey of keys) void client.invalidateQueries({ queryKey })
      }, TOGETHER_MS)
    }
    const offs = [live.on('incident', refresh), live.on('node', refresh), live.onJoin(refresh)]
    return () => {
      clearTimeout(waiting)
      for (const off of offs) off()
    }
  }, [live, client, trpc, workspace, id, seesServers, seesIncidents])
  return {
    match: match.data,
    tile: board.data.board.matches[0] ?? null,
    tiles: seesServers ? (tiles.data ?? []) : null,
    incidents: seesIncidents ? (incidents.data?.incidents ?? []) : null,
  }
}

/** A socket watches so many servers whole; of more the seconds come short, as on the fleet page. */
export const WATCHED_MAX = 16

/** The last second of each server of a match, and what draws their last minutes. */
export function useMatchSeconds(workspace: string, nodeIds: readonly string[]) {
  const client = useTRPCClient()
  const live = useLive()
  const { phase } = useLiveState()
  const scheme = useSchemeVersion()
  const [painter, setPainter] = useState<FleetPainter | null>(null)
  const [seconds, setSeconds] = useState<ReadonlyMap<string, Sample>>(new Map())
  const newest = useRef(new Map<string, Sample>())
  const key = nodeIds.join()

  useEffect(() => {
    const made = new FleetPainter(TILE_SPAN_MS / 1_000)
    setPainter(made)
    return () => made.stop()
  }, [])
  // biome-ignore lint/correctness/useExhaustiveDependencies: a new scheme means new colours
  useEffect(() => painter?.recolour(), [painter, scheme])
  useEffect(() => {
    const tick = () => {
      painter?.advance(phase === 'live' ? Math.floor(Date.now() / 1_000) : null)
      setSeconds(new Map(newest.current))
    }
    const timer = setInterval(tick, 1_000)
    return () => clearInterval(timer)
  }, [painter, phase])
  useEffect(() => {
    if (!painter || key === '') return
    const ids = key.split(',')
    newest.current = new Map()
    const fill = async () => {
      const { fromMs, nodes } = await client.nodes.seconds.query({ workspace, ids, since: { spanMs: TILE_SPAN_MS } })
      for (const { id, seconds: text } of nodes) painter.secondsOf(id).putTail(text, fromMs)
      painter.redraw()
    }
    // What is missing comes with the next join; the page stays as it is meanwhile.
    const onFlowing = () => void fill().catch(() => undefined)
    const targets = ids.length > WATCHED_MAX ? ['fleet'] : ids
    const offs = [
      ...targets.map((target, index) => live.watch({ target, onFlowing: index === 0 ? onFlowing : () => undefined })),
      live.on('sample', ({ nodeId, sample }) => {
        const id = ids.find((one) => sameId(one, nodeId))
        if (!id) return
        newest.current.set(id, sample)
        const { pps, bps } = sample.wire
        const drawn = painter.secondsOf(id)
        drawn.put(
          sample.atMs / 1_000,
          pps,
          sample.delivered.pps,
          sample.baseline?.pps ?? null,
          sample.baseline?.ppsHigh ?? null,
        )
        if (drawn.newest === sample.atMs / 1_000) drawn.wireBps = bps
      }),
      live.on('seconds', (batch) => painter.putSeconds(batch)),
    ]
    return () => {
      for (const off of offs) off()
    }
  }, [painter, live, client, workspace, key])
  return { painter, seconds }
}
