import type { Logger } from 'pino'
import type { Namespace, Socket } from 'socket.io'
import { z } from 'zod'
import { readAs } from '../../wire/read'
import { hostOf, isSameOrigin } from './console-namespace'

/** What a board shows; who watches is told nothing else. */
export type BoardNews = { atMs: number; board: unknown }

/** Who watches: by a link, or by the account of a cookie. */
export type BoardClaim = z.infer<typeof BoardClaim>
const BoardClaim = z.union([
  z.strictObject({ token: z.string().min(1).max(64) }),
  z.strictObject({ workspace: z.string().min(1).max(64), group: z.string().min(1).max(64) }),
])

/** A place before one board. All who see the same share it. */
export type BoardView = { workspaceId: string; groupId: string; withRates: boolean }

export type BoardNamespaceOptions = {
  /** What this claim may watch at this moment; null when nothing, any more or ever. `host` is the one the browser asked for. */
  openBoard: (claim: BoardClaim, cookie: string, host: string) => Promise<BoardView | null>
  readBoard: (view: BoardView) => Promise<unknown>
  nowMs: () => number
  log: Logger
}

export type BoardFanOut = {
  /** Something that boards of this workspace may show has changed. */
  changed: (workspaceId: string) => void
  /** Cuts who may watch no more. Run every two seconds. */
  sweep: () => Promise<void>
  stop: () => void
}

type NoEvents = Record<never, never>
type ToBoard = { board: (news: BoardNews) => void; alive: (now: { atMs: number }) => void; ended: () => void }
type BoardSocketData = { claim: BoardClaim; cookie: string; host: string; view: BoardView }
type BoardSocket = Socket<NoEvents, ToBoard, NoEvents, BoardSocketData>
export type BoardNamespace = Namespace<NoEvents, ToBoard, NoEvents, BoardSocketData>

/** A board that nobody changed is looked at so often all the same: times pass, and whoever watches must know that it is of now. */
const LOOK_MS = 2_000
/** One link shared with the whole world must not take the gateway from its nodes. */
const WATCHERS_MAX = 2_000

type Room = { view: BoardView; last: string | null; news: BoardNews | null; isReading: boolean; isStale: boolean }

class Refusal extends Error {
  readonly data: { code: 'ended' | 'forbidden' | 'busy' | 'internal'; message: string }
  constructor(code: Refusal['data']['code'], message: string) {
    super(message)
    this.data = { code, message }
  }
}

export const roomOf = ({ workspaceId, groupId, withRates }: BoardView): string =>
  `board:${workspaceId}:${groupId}:${withRates ? 'rates' : 'plain'}`

export function openBoardNamespace(namespace: BoardNamespace, options: BoardNamespaceOptions): BoardFanOut {
  const { log } = options
  const rooms = new Map<string, Room>()

  const look = (name: string, room: Room): void => {
    room.isStale = true
    if (room.isReading) return
    room.isReading = true
    readUntilFresh(namespace, options, name, room)
      .catch((err: unknown) => log.warn({ err }, 'a board could not be read; who watches sees since when'))
      .finally(() => {
        room.isReading = false
      })
  }
  namespace.use((socket, next) => {
    admit(options, socket as BoardSocket, namespace).then(
      () => next(),
      (error: unknown) => {
        if (!(error instanceof Refusal)) log.error({ err: error }, 'board connection failed')
        next(error instanceof Refusal ? error : new Refusal('internal', 'The gateway failed. Try again.'))
      },
    )
  })
  namespace.on('connection', (socket) => {
    const { view } = socket.data
    const name = roomOf(view)
    // Made here and not when it is let in: who leaves in between would leave a room that nobody ever empties.
    const room = rooms.get(name) ?? { view, last: null, news: null, isReading: false, isStale: false }
    rooms.set(name, room)
    void socket.join(name)
    if (room.news) socket.emit('board', room.news)
    look(name, room)
  })
  namespace.adapter.on('delete-room', (name: string) => void rooms.delete(name))
  const timer = setInterval(() => {
    for (const [name, room] of rooms) look(name, room)
  }, LOOK_MS)
  return {
    changed: (workspaceId) => {
      for (const [name, room] of rooms) if (room.view.workspaceId === workspaceId) look(name, room)
    },
    sweep: () => cutEnded(namespace, options),
    stop: () => clearInterval(timer),
  }
}

async function admit(
  { openBoard }: BoardNamespaceOptions,
  socket: BoardSocket,
  namespace: BoardNamespace,
): Promise<void> {
  const { headers, auth } = socket.handshake
  if (!isSameOrigin(headers)) throw new Refusal('forbidden', 'Boards open from the pages of this host only.')
  const claim = readAs(BoardClaim, auth)
  if (!claim.success) throw new Refusal('ended', 'This is no link to a board.')
  const [cookie, host] = [headers.cookie ?? '', hostOf(headers)]
  const view = await openBoard(claim.data, cookie, host)
  if (view === null) throw new Refusal('ended', 'This board is not shown here any more.')
  if ((namespace.adapter.rooms.get(roomOf(view))?.size ?? 0) >= WATCHERS_MAX)
    throw new Refusal('busy', 'Too many watch this board at once. Make another link.')
  socket.data = { claim: claim.data, cookie, host, view }
}

/** Changes that come while it is read are folded into one more look, so what is sent last is always the newest. */
async function readUntilFresh(
  namespace: BoardNamespace,
  { readBoard, nowMs }: BoardNamespaceOptions,
  name: string,
  room: Room,
): Promise<void> {
  while (room.isStale) {
    room.isStale = false
    const atMs = nowMs()
    const board = await readBoard(room.view)
    const text = JSON.stringify(board)
    room.news = { atMs, board }
    if (text === room.last) namespace.to(name).emit('alive', { atMs })
    else namespace.to(name).emit('board', room.news)
    room.last = text
  }
}

/** Asked once for all sockets of one claim. */
async function cutEnded(namespace: BoardNamespace, { openBoard, log }: BoardNamespaceOptions): Promise<void> {
  const sockets = [...namespace.sockets.values()] as BoardSocket[]
  const byClaim = new Map<string, BoardSocket[]>()
  for (const socket of sockets) {
    const { claim, cookie, host } = socket.data
    const key = JSON.stringify('token' in claim ? claim : [claim, cookie, host])
    byClaim.set(key, [...(byClaim.get(key) ?? []), socket])
  }
  await Promise.all(
    [...byClaim.values()].map(async (same) => {
      const { claim, cookie, host, view: before } = (same[0] as BoardSocket).data
      const view = await openBoard(claim, cookie, host)
      if (view !== null && roomOf(view) === roomOf(before)) return
      log.info({ watchers: same.length }, 'a board is shown no more, its watchers are cut')
      for (const socket of same) {
        if (view === null) socket.emit('ended')
        socket.disconnect(true)
      }
    }),
  )
}
