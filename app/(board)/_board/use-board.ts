'use client'
import { useEffect, useState } from 'react'
import { io, type Socket } from 'socket.io-client'
import type { Board } from '@/server/services/boards/board'

export type BoardNews = { atMs: number; board: Board }

/** By a link, or by the account that is signed in here. */
export type BoardClaim = { token: string } | { workspace: string; group: string }

/** `lost`: what is shown is from before. `ended`: it may be shown no more. */
export type BoardPhase = 'connecting' | 'live' | 'lost' | 'ended'

type Events = { board: (news: BoardNews) => void; alive: (now: { atMs: number }) => void; ended: () => void }

/** The gateway says every two seconds that what is shown is of now. */
const SILENCE_MS_MAX = 7_000
const RETURN_MS = 500

/** A board that follows what happens, outlives restarts of the gateway, and is gone when it may be shown no more. */
export function useBoard(claim: BoardClaim, loaded: BoardNews): { news: BoardNews; phase: BoardPhase } {
  const [news, setNews] = useState(loaded)
  const [phase, setPhase] = useState<BoardPhase>('connecting')
  const key = JSON.stringify(claim)
  useEffect(() => {
    const socket: Socket<Events> = io('/board', {
      path: '/gateway/socket.io',
      addTrailingSlash: false,
      transports: ['websocket'],
      reconnectionDelay: 250,
      reconnectionDelayMax: 3_000,
      auth: JSON.parse(key) as BoardClaim,
    })
    let heardMs = Date.now()
    let retry: ReturnType<typeof setTimeout> | undefined
    const hear = () => {
      heardMs = Date.now()
      setPhase('live')
    }
    const lose = () => setPhase((before) => (before === 'ended' ? before : 'lost'))
    const end = () => {
      setPhase('ended')
      socket.disconnect()
    }
    socket.on('board', (next) => {
      hear()
      setNews(next)
    })
    socket.on('alive', ({ atMs }) => {
      hear()
      setNews((before) => ({ ...before, atMs }))
    })
    socket.on('ended', end)
    socket.on('disconnect', (reason) => {
      lose()
      // The server's own word ends socket.io's attempts: it restarts, or what this shows has changed.
      if (reason === 'io server disconnect') retry = setTimeout(() => socket.connect(), RETURN_MS)
    })
    socket.on('connect_error', (error: Error & { data?: { code?: string } }) => {
      if (error.data?.code === 'ended') return end()
      lose()
      if (!socket.active) retry = setTimeout(() => socket.connect(), 4 * RETURN_MS)
    })
    const watch = setInterval(() => {
      if (Date.now() - heardMs > SILENCE_MS_MAX) lose()
    }, 1_000)
    return () => {
      clearTimeout(retry)
      clearInterval(watch)
      socket.disconnect()
    }
  }, [key])
  return { news, phase }
}
