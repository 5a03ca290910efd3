'use client'
import { useRouter } from 'next/navigation'
import { createContext, useContext, useEffect, useMemo, useState } from 'react'
import { type LiveEvents, LiveHub, type Watch } from './live-events'
import { type LiveState, openLiveSocket } from './live-socket'

type Live = {
  on: <Name extends keyof LiveEvents>(name: Name, listener: LiveEvents[Name]) => () => void
  /** Runs whenever the line stands, first or again: what happened until then must be asked for. */
  onJoin: (listener: () => void) => () => void
  /** Lets seconds flow until the function it returns is called. */
  watch: (watch: Watch) => () => void
}

const LiveContext = createContext<Live | null>(null)
// Apart from the rest, so that a page does not subscribe anew whenever the line breaks.
const LiveStateContext = createContext<LiveState>({ phase: 'connecting', sinceMs: 0 })

export function useLive(): Live {
  const live = useContext(LiveContext)
  if (!live) throw new Error('useLive needs the LiveProvider of the console layout')
  return live
}

export const useLiveState = (): LiveState => useContext(LiveStateContext)

/** One socket for all pages of a workspace; it outlives gateway restarts by itself. */
export function LiveProvider({ workspace, children }: { workspace: string; children: React.ReactNode }) {
  const [state, setState] = useState<LiveState>({ phase: 'connecting', sinceMs: 0 })
  const [hub] = useState(() => new LiveHub())
  const router = useRouter()
  useEffect(
    () => openLiveSocket({ workspace, hub, onState: setState, onReturn: () => router.refresh() }),
    [workspace, hub, router],
  )
  const live = useMemo<Live>(
    () => ({
      on: (name, listener) => hub.on(name, listener),
      onJoin: (listener) => hub.onJoin(listener),
      watch: (watch) => hub.watch(watch),
    }),
    [hub],
  )
  return (
    <LiveContext.Provider value={live}>
      <LiveStateContext.Provider value={state}>{children}</LiveStateContext.Provider>
    </LiveContext.Provider>
  )
}
