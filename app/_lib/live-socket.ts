import { io, type Socket } from 'socket.io-client'
import type { Ack, LiveEvents, LiveHub, Refusal, WatchRequest } from './live-events'

type Ask<Request> = (request: Request, ack: (ack: Ack) => void) => void
type LiveSocket = Socket<LiveEvents, { join: Ask<{ workspace: string }>; watch: Ask<WatchRequest> }>

/** `connecting` the first time, `lost` when figures on screen are from before, `ended` with the session. */
export type LiveState = { phase: 'connecting' | 'live' | 'lost' | 'ended'; sinceMs: number }

const ANSWER_MS = 4_000
const RETRY_MS = 2_000
/** Cut by the server: what we may follow changed, or it restarts. Asked soon, for the page must not show what it may no more. */
const RETURN_MS = 500
const EVENTS = ['incident', 'node', 'seconds', 'sample', 'history', 'policy'] as const satisfies (keyof LiveEvents)[]

const isFinal = ({ code }: Refusal): boolean => code === 'unauthenticated' || code === 'not_found'

/**
 * One socket for all pages of a workspace. It outlives gateway restarts by itself: it comes back with growing pauses,
 * joins, watches what is on screen, and only then lets pages ask for what they missed.
 */
export function openLiveSocket({
  workspace,
  hub,
  onState,
  onReturn,
}: {
  workspace: string
  hub: LiveHub
  onState: (change: (before: LiveState) => LiveState) => void
  /** The line stands again, or stands no more for us: what the page may show can have changed meanwhile. */
  onReturn: () => void
}): () => void {
  const socket: LiveSocket = io('/console', {
    path: '/gateway/socket.io',
    addTrailingSlash: false,
    transports: ['websocket'],
    reconnectionDelay: 250,
    reconnectionDelayMax: 3_000,
  })
  let retry: ReturnType<typeof setTimeout> | undefined
  let isJoined = false
  let joins = 0
  let isWatchPending = false

  const end = () => onState(() => ({ phase: 'ended', sinceMs: Date.now() }))
  const lose = () => {
    isJoined = false
    hub.lost()
    onState((before) =>
      before.phase === 'lost' || before.phase === 'ended' ? before : { phase: 'lost', sinceMs: Date.now() },
    )
  }
  const later = (work: () => void, waitMs = RETRY_MS) => {
    clearTimeout(retry)
    retry = setTimeout(work, waitMs)
  }
  const refused = (failure: Error | null, ack: Ack): boolean => {
    if (!failure && ack.ok) return false
    if (!failure && !ack.ok && isFinal(ack.error)) {
      end()
      onReturn()
    } else {
      lose()
      if (socket.connected) later(join)
    }
    return true
  }
  const watch = () => {
    const request = hub.request(workspace)
    socket.timeout(ANSWER_MS).emit('watch', request, (failure, ack) => {
      if (!refused(failure, ack) && isJoined) hub.watched(request)
    })
  }
  const join = () =>
    socket.timeout(ANSWER_MS).emit('join', { workspace }, (failure, ack) => {
      if (refused(failure, ack)) return
      isJoined = true
      joins += 1
      if (joins > 1) onReturn()
      onState(() => ({ phase: 'live', sinceMs: Date.now() }))
      hub.joined()
      watch()
    })
  const reconnectLater = () => {
    lose()
    // The server's own word ends socket.io's attempts; a restarting gateway may say it for a moment.
    if (!socket.active) later(() => socket.connect(), RETURN_MS)
  }

  for (const name of EVENTS) socket.on(name, (payload: unknown) => hub.emit(name, payload))
  hub.attach(() => {
    // Leaving one page and entering the next changes the watches twice: one message is enough.
    if (!isJoined || isWatchPending) return
    isWatchPending = true
    setTimeout(() => {
      isWatchPending = false
      if (isJoined) watch()
    })
  })
  socket.on('connect', join)
  socket.on('disconnect', reconnectLater)
  socket.on('connect_error', (error: Error & { data?: Refusal }) => {
    if (error.data && isFinal(error.data)) {
      end()
      onReturn()
    } else reconnectLater()
  })
  return () => {
    hub.attach(null)
    clearTimeout(retry)
    socket.disconnect()
  }
}
