'use client'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useEffect, useRef, useState } from 'react'
import { useLive, useLiveState } from '@/app/_lib/live'
import { useTRPC, useTRPCClient } from '@/app/_lib/trpc'
import { FleetPainter } from '@/app/_ui/fleet-painter'
import { useSchemeVersion } from '@/app/_ui/theme-colours'
import { type NodeTile, TILE_SPAN_MS } from '@/server/trpc/node-tile'
import type { GroupView } from '@/server/trpc/routers/groups'

/** News come in bursts: a report a second from each node under attack. */
const TOGETHER_MS = 500
/** Tiles come near by the row. */
const SHOWN_MS = 50

/** Tiles as the server knows them, asked for again when incidents, nodes or the line change. */
export function useTiles(workspace: string, loaded: NodeTile[]): NodeTile[] {
  const trpc = useTRPC()
  const client = useQueryClient()
  const live = useLive()
  const options = trpc.nodes.tiles.queryOptions({ workspace })
  const { queryKey } = options
  const { data } = useQuery({ ...options, initialData: loaded, refetchInterval: 15_000 })
  useEffect(() => {
    let waiting: ReturnType<typeof setTimeout> | undefined
    const refresh = () => {
      waiting ??= setTimeout(() => {
        waiting = undefined
        void client.invalidateQueries({ queryKey })
      }, TOGETHER_MS)
    }
    const offs = [live.on('incident', refresh), live.on('node', refresh), live.onJoin(refresh)]
    return () => {
      clearTimeout(waiting)
      for (const off of offs) off()
    }
  }, [live, client, queryKey])
  return data
}

/** Groups as the server knows them; a node more or less means that they changed. */
export function useGroups(workspace: string, loaded: GroupView[], nodes: number): GroupView[] {
  const trpc = useTRPC()
  const client = useQueryClient()
  const options = trpc.groups.list.queryOptions({ workspace })
  const { queryKey } = options
  const { data } = useQuery({ ...options, initialData: loaded })
  const known = useRef(nodes)
  useEffect(() => {
    if (known.current === nodes) return
    known.current = nodes
    void client.invalidateQueries({ queryKey })
  }, [client, queryKey, nodes])
  return data
}

const SPAN_S = TILE_SPAN_MS / 1_000

/** Draws the seconds of all nodes as they come; what was missed while the line was down is asked for when it stands again. */
export function useFleetPainter(workspace: string): FleetPainter | null {
  const [painter, setPainter] = useState<FleetPainter | null>(null)
  const client = useTRPCClient()
  const live = useLive()
  const { phase } = useLiveState()
  const scheme = useSchemeVersion()

  useEffect(() => {
    const made = new FleetPainter(SPAN_S)
    setPainter(made)
    return () => made.stop()
  }, [])

  // biome-ignore lint/correctness/useExhaustiveDependencies: a new scheme means new colours
  useEffect(() => painter?.recolour(), [painter, scheme])

  useEffect(() => {
    if (!painter) return
    const clock = () => painter.advance(phase === 'live' ? Math.floor(Date.now() / 1_000) : null)
    clock()
    const timer = setInterval(clock, 1_000)
    return () => clearInterval(timer)
  }, [painter, phase])

  useEffect(() => {
    if (!painter) return
    /** Nodes whose last minutes are here. Whoever is scrolled to is asked for then. */
    const filled = new Set<string>()
    const fill = async () => {
      const ids = painter.shown().filter((id) => !filled.has(id))
      if (ids.length === 0) return
      const { fromMs, nodes } = await client.nodes.seconds.query({ workspace, ids, since: { spanMs: TILE_SPAN_MS } })
      for (const { id, seconds } of nodes) painter.secondsOf(id).putTail(seconds, fromMs)
      for (const id of ids) filled.add(id)
      painter.redraw()
    }
    let waiting: ReturnType<typeof setTimeout> | undefined
    const fillIn = (waitMs: number) => {
      waiting ??= setTimeout(() => {
        waiting = undefined
        fill().catch(() => fillIn(TOGETHER_MS))
      }, waitMs)
    }
    const refill = () => {
      filled.clear()
      fillIn(0)
    }
    painter.onShow = () => fillIn(SHOWN_MS)
    fillIn(0)
    const offs = [
      live.watch({ target: 'fleet', onFlowing: refill }),
      live.on('history', ({ toMs }) => {
        // Replays of yesterday fill no tile.
        if (toMs <= Date.now() - 2 * TILE_SPAN_MS) return
        filled.clear()
        fillIn(TOGETHER_MS)
      }),
      live.on('seconds', (batch) => painter.putSeconds(batch)),
    ]
    return () => {
      painter.onShow = null
      clearTimeout(waiting)
      for (const off of offs) off()
    }
  }, [painter, live, client, workspace])
  return painter
}
