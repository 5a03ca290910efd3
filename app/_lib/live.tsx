'use client'
import { createContext, useContext, useEffect, useMemo, useState } from 'react'
import { io, type Socket } from 'socket.io-client'
import type { Sample } from '@/wire/sample'

export type LiveEvents = {
  incident: (summary: { id: string; nodeId?: string }) => void
  node: (node: { nodeId: string; state: 'online' | 'offline'; lastSeenMs: number | null }) => void
  samples: (batch: { nodeId: string; sample: Sample }) => void
}

type Refusal = { code: string; message: string }
type JoinAck = { ok: true } | { ok: false; error: Refusal }
type LiveSocket = Socket<LiveEvents, { join: (join: { workspace: string }, ack: (ack: JoinAck) => void) => void }>

/** `connecting` the first time, `lost` when figures on screen are from before, `ended` with the session. */
export type LiveState = { phase: 'connecting' | 'live' | 'lost' | 'ended'; sinceMs: number }

type Live = {
  state: LiveState
  onIncident: (listener: LiveEvents['incident']) => () => void
  onNode: (listener: LiveEvents['node']) => () => void
  onSamples: (listener: LiveEvents['samples']) => () => void
  /** Runs whenever the line stands, first or again: what happened until then must be asked for. */
  onJoin: (listener: () => void) => () => void
}

const LiveContext = createContext<Live | null>(null)

export function useLive(): Live {
  const live = useContext(LiveContext)
  if (!live) throw new Error('useLive needs the LiveProvider of the console layout')
  return live
}

/** One socket for all pages of a workspace; it outlives gateway restarts by itself. */
export function LiveProvider({ workspace, children }: { workspace: string; children: React.ReactNode }) {
  const [state, setState] = useState<LiveState>({ phase: 'connecting', sinceMs: 0 })
  const [hub] = useState(() => new Hub())

  useEffect(() => {
    const socket: LiveSocket = io('/console', {
      path: '/gateway/socket.io',
      addTrailingSlash: false,
      transports: ['websocket'],
      reconnectionDelay: 250,
      reconnectionDelayMax: 3_000,
    })
    hub.attach(socket)
    let retry: ReturnType<typeof setTimeout> | undefined
    const end = () => setState({ phase: 'ended', sinceMs: Date.now() })
    const lose = () => setState((before) => (before.phase === 'lost' ? before : { phase: 'lost', sinceMs: Date.now() }))
    const join = () =>
      socket.timeout(4_000).emit('join', { workspace }, (failure, ack) => {
        if (failure || !ack.ok) {
          if (!failure && !ack.ok && isFinal(ack.error)) return end()
          lose()
          if (socket.connected) retry = setTimeout(join, 2_000)
          return
        }
        setState({ phase: 'live', sinceMs: Date.now() })
        hub.joined()
      })
    const reconnectLater = () => {
      lose()
      // The server's own word ends socket.io's attempts; a restarting gateway may say it for a moment.
      if (!socket.active) retry = setTimeout(() => socket.connect(), 2_000)
    }
    socket.on('connect', join)
    socket.on('disconnect', reconnectLater)
    socket.on('connect_error', (error: Error & { data?: Refusal }) => {
      if (error.data && isFinal(error.data)) return end()
      reconnectLater()
    })
    return () => {
      clearTimeout(retry)
      socket.disconnect()
    }
  }, [workspace, hub])

  const value = useMemo<Live>(
    () => ({
      state,
      onIncident: (listener) => hub.on('incident', listener),
      onNode: (listener) => hub.on('node', listener),
      onSamples: (listener) => hub.on('samples', listener),
      onJoin: (listener) => hub.onJoin(listener),
    }),
    [state, hub],
  )
  return <LiveContext.Provider value={value}>{children}</LiveContext.Provider>
}

const isFinal = ({ code }: Refusal): boolean => code === 'unauthenticated' || code === 'not_found'

/** Listeners that stay while sockets come and go. */
class Hub {
  private readonly listeners = new Map<keyof LiveEvents, Set<(payload: never) => void>>()
  private readonly joinListeners = new Set<() => void>()

  attach(socket: LiveSocket): void {
    socket.on('incident', (payload) => this.emit('incident', payload))
    socket.on('node', (payload) => this.emit('node', payload))
    socket.on('samples', (payload) => this.emit('samples', payload))
  }

  on<Name extends keyof LiveEvents>(name: Name, listener: LiveEvents[Name]): () => void {
    const set = this.listeners.get(name) ?? new Set()
    this.listeners.set(name, set)
    set.add(listener as (payload: never) => void)
    return () => void set.delete(listener as (payload: never) => void)
  }

  onJoin(listener: () => void): () => void {
    this.joinListeners.add(listener)
    return () => void this.joinListeners.delete(listener)
  }

  joined(): void {
    for (const listener of this.joinListeners) listener()
  }

  private emit(name: keyof LiveEvents, payload: unknown): void {
    for (const listener of this.listeners.get(name) ?? []) listener(payload as never)
  }
}
