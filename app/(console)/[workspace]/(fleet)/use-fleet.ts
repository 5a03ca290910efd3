'use client'
import { useCallback, useEffect, useMemo, useRef, useState } from 'react'
import { ask, askAhead } from '@/app/_lib/ask'
import { useLive, useLiveState } from '@/app/_lib/live'
import { useFresh } from '@/app/_lib/use-fresh'
import { FleetPainter } from '@/app/_ui/fleet-painter'
import { useSchemeVersion } from '@/app/_ui/theme-colours'
import { type NodeTile, TILE_SPAN_MS } from '@/server/trpc/node-tile'
import type { GroupView } from '@/server/trpc/routers/groups'

/** News come in bursts: a report a second from each node under attack. */
const TOGETHER_MS = 500
/** Tiles come near by the row. */
const SHOWN_MS = 50

const AGAIN_MS = 15_000

/** Tiles as the server knows them, asked for again when incidents, nodes or the line change. */
export function useTiles(workspace: string, loaded: NodeTile[]): NodeTile[] {
  const live = useLive()
  const load = useCallback(() => ask('nodes.tiles', { workspace }), [workspace])
  const [tiles, refresh] = useFresh(loaded, load, AGAIN_MS)
  useEffect(() => {
    let waiting: ReturnType<typeof setTimeout> | undefined
    const refreshSoon = () => {
      waiting ??= setTimeout(() => {
        waiting = undefined
        refresh()
      }, TOGETHER_MS)
    }
    const offs = [live.on('incident', refreshSoon), live.on('node', refreshSoon), live.onJoin(refreshSoon)]
    return () => {
      clearTimeout(waiting)
      for (const off of offs) off()
    }
  }, [live, refresh])
  return tiles
}

/** Groups as the server knows them; a node more or less means that they changed. */
export function useGroups(workspace: string, loaded: GroupView[], nodes: number): [GroupView[], refresh: () => void] {
  const load = useCallback(() => ask('groups.list', { workspace }), [workspace])
  const [groups, refresh] = useFresh(loaded, load, null)
  const known = useRef(nodes)
  useEffect(() => {
    if (known.current === nodes) return
    known.current = nodes
    refresh()
  }, [refresh, nodes])
  return [groups, refresh]
}

const lastMinutesOf = (workspace: string, ids: readonly string[]) => ({
  workspace,
  ids: [...ids],
  since: { spanMs: TILE_SPAN_MS },
})

const SPAN_S = TILE_SPAN_MS / 1_000

/** Draws the seconds of all nodes as they come; what was missed while the line was down is asked for when it stands again. */
export function useFleetPainter(workspace: string, firstIds: readonly string[]): FleetPainter {
  const first = useMemo(() => lastMinutesOf(workspace, firstIds), [workspace, firstIds])
  if (typeof window === 'undefined' && firstIds.length > 0) askAhead('nodes.seconds', first)
  const [painter] = useState(() => new FleetPainter(SPAN_S))
  const live = useLive()
  const { phase } = useLiveState()
  const scheme = useSchemeVersion()

  useEffect(() => () => painter.stop(), [painter])

  // biome-ignore lint/correctness/useExhaustiveDependencies: a new scheme means new colours
  useEffect(() => painter.recolour(), [painter, scheme])

  useEffect(() => {
    const clock = () => painter.advance(phase === 'live' ? Math.floor(Date.now() / 1_000) : null)
    clock()
    const timer = setInterval(clock, 1_000)
    return () => clearInterval(timer)
  }, [painter, phase])

  useEffect(() => {
    /** Nodes whose last minutes are here. Whoever is scrolled to is asked for then. */
    let filled = new Set<string>()
    const fillWith = async (asked: ReturnType<typeof lastMinutesOf>) => {
      // What is on its way when all is asked for anew counts for what was asked before.
      const now = filled
      const { fromMs, nodes } = await ask('nodes.seconds', asked)
      for (const { id, seconds } of nodes) painter.secondsOf(id).putTail(seconds, fromMs)
      for (const id of asked.ids) now.add(id)
      painter.redraw()
    }
    const fill = async () => {
      const ids = painter.shown().filter((id) => !filled.has(id))
      if (ids.length > 0) await fillWith(lastMinutesOf(workspace, ids))
    }
    let waiting: ReturnType<typeof setTimeout> | undefined
    const fillIn = (waitMs: number) => {
      waiting ??= setTimeout(() => {
        waiting = undefined
        fill().catch(() => fillIn(TOGETHER_MS))
      }, waitMs)
    }
    const refill = (waitMs: number) => {
      filled = new Set()
      fillIn(waitMs)
    }
    painter.onShow = () => fillIn(SHOWN_MS)
    if (first.ids.length > 0) fillWith(first).catch(() => fillIn(TOGETHER_MS))
    const offs = [
      live.watch({ target: 'fleet', onFlowing: () => refill(0) }),
      live.on('history', ({ toMs }) => {
        // Replays of yesterday fill no tile.
        if (toMs > Date.now() - 2 * TILE_SPAN_MS) refill(TOGETHER_MS)
      }),
      live.on('seconds', (batch) => painter.putSeconds(batch)),
    ]
    return () => {
      painter.onShow = null
      clearTimeout(waiting)
      for (const off of offs) off()
    }
  }, [painter, live, workspace, first])
  return painter
}
