import type { IncomingHttpHeaders } from 'node:http'
import type { Logger } from 'pino'
import type { Namespace, Socket } from 'socket.io'
import { z } from 'zod'
import type { Sample } from '../../wire/sample'
import type { Metrics } from './metrics'

/** Who sits behind a console socket, as the session cookie says. */
export type ConsoleSession = { sessionId: string; userId: string }

export type ConsoleError = {
  code: 'unauthenticated' | 'forbidden' | 'not_found' | 'validation' | 'internal'
  message: string
}
export type JoinAck = { ok: true } | { ok: false; error: ConsoleError }

/** Summary row of an incident and tile of a node, as the console's lists show them. */
export type IncidentEvent = { id: string } & Record<string, unknown>
export type NodeEvent = { nodeId: string; state: 'online' | 'offline'; lastSeenMs: number | null }

export type ConsoleToGateway = { join: (request: { workspace: string }, ack: (ack: JoinAck) => void) => void }
export type GatewayToConsole = {
  incident: (incident: IncidentEvent) => void
  node: (node: NodeEvent) => void
  samples: (samples: { nodeId: string; sample: Sample }) => void
}
type NoEvents = Record<never, never>
/** `workspaces`: those joined, by id, with the slug they were joined by. */
export type ConsoleSocketData = { session: ConsoleSession; workspaces: Map<string, string> }
export type ConsoleSocket = Socket<ConsoleToGateway, GatewayToConsole, NoEvents, ConsoleSocketData>
export type ConsoleNamespace = Namespace<ConsoleToGateway, GatewayToConsole, NoEvents, ConsoleSocketData>

export type ConsoleNamespaceOptions = {
  /** Session of the cookie, or null when it is none, expired or revoked. `host` is the one the browser asked for. */
  readSession: (cookie: string, host: string) => Promise<ConsoleSession | null>
  /** Workspace id when this session may read its nodes; null when it may not or there is none. */
  openWorkspace: (session: ConsoleSession, slug: string) => Promise<string | null>
  isSessionValid: (session: ConsoleSession) => Promise<boolean>
  /** Called when the first socket joins a workspace and when the last one leaves. */
  onWatch: (workspaceId: string, on: boolean) => void
  metrics: Metrics
  log: Logger
}

export type ConsoleFanOut = {
  incident: (workspaceId: string, incident: IncidentEvent) => void
  node: (workspaceId: string, node: NodeEvent) => void
  sample: (workspaceId: string, nodeId: string, sample: Sample) => void
  isWatched: (workspaceId: string) => boolean
  /** Cuts sockets whose session or membership is gone; run every two seconds. */
  sweep: () => Promise<void>
}

const ROOM = 'workspace:'
const roomOf = (workspaceId: string): string => `${ROOM}${workspaceId}`
const JoinRequest = z.object({ workspace: z.string().min(1).max(64) })

/** Host the browser asked for: the edge or web's proxy overwrites X-Forwarded-Host, a browser cannot set it across sites. */
export function hostOf(headers: IncomingHttpHeaders): string {
  const forwarded = headers['x-forwarded-host']
  return [forwarded ?? headers.host ?? ''].flat()[0] as string
}

/** A page of another site must not open sockets with this site's cookie. */
export function isSameOrigin(headers: IncomingHttpHeaders): boolean {
  if (headers.origin === undefined || !URL.canParse(headers.origin)) return false
  return new URL(headers.origin).host === hostOf(headers)
}

export function openConsoleNamespace(namespace: ConsoleNamespace, options: ConsoleNamespaceOptions): ConsoleFanOut {
  const { metrics, log } = options
  const rooms = namespace.adapter.rooms

  namespace.use((socket, next) => {
    admit(options, socket).then(
      (session) => {
        socket.data = { session, workspaces: new Map() }
        next()
      },
      (error: unknown) => {
        if (!(error instanceof Refusal)) log.error({ err: error }, 'console connection failed')
        next(error instanceof Refusal ? error : new Refusal('internal', 'The gateway failed. Try again.'))
      },
    )
  })
  namespace.adapter.on('create-room', (room: string) => notifyWatch(options, room, true))
  namespace.adapter.on('delete-room', (room: string) => notifyWatch(options, room, false))
  namespace.on('connection', (socket) => {
    metrics.consolesConnected.set(namespace.sockets.size)
    socket.on('disconnect', () => metrics.consolesConnected.set(namespace.sockets.size))
    socket.on('join', (request, ack) => {
      if (typeof ack !== 'function') return
      join(options, socket, request).then(
        () => ack({ ok: true }),
        (error: unknown) => {
          if (!(error instanceof Refusal)) log.error({ err: error }, 'join failed')
          const refusal = error instanceof Refusal ? error : new Refusal('internal', 'The gateway failed. Try again.')
          ack({ ok: false, error: refusal.data })
        },
      )
    })
  })

  return {
    incident: (workspaceId, incident) => namespace.to(roomOf(workspaceId)).emit('incident', incident),
    node: (workspaceId, node) => namespace.to(roomOf(workspaceId)).emit('node', node),
    sample: (workspaceId, nodeId, sample) => namespace.to(roomOf(workspaceId)).emit('samples', { nodeId, sample }),
    isWatched: (workspaceId) => rooms.has(roomOf(workspaceId)),
    sweep: async () => {
      await Promise.all([...namespace.sockets.values()].map((socket) => cutIfLost(options, socket as ConsoleSocket)))
    },
  }
}

/** What Socket.IO hands the client in `connect_error`. */
class Refusal extends Error {
  readonly data: ConsoleError
  constructor(code: ConsoleError['code'], message: string) {
    super(message)
    this.data = { code, message }
  }
}

async function admit({ readSession }: ConsoleNamespaceOptions, socket: ConsoleSocket): Promise<ConsoleSession> {
  const { headers } = socket.handshake
  if (!isSameOrigin(headers)) throw new Refusal('forbidden', 'Sockets open from the pages of this host only.')
  const session = await readSession(headers.cookie ?? '', hostOf(headers))
  if (session === null) throw new Refusal('unauthenticated', 'You are not signed in. Sign in again.')
  return session
}

async function join(options: ConsoleNamespaceOptions, socket: ConsoleSocket, request: unknown): Promise<void> {
  const parsed = JoinRequest.safeParse(request)
  if (!parsed.success) throw new Refusal('validation', 'Name the workspace to join by its slug.')
  if (!(await options.isSessionValid(socket.data.session))) {
    socket.disconnect(true)
    throw new Refusal('unauthenticated', 'Your session has ended. Sign in again.')
  }
  const slug = parsed.data.workspace
  const workspaceId = await options.openWorkspace(socket.data.session, slug)
  if (workspaceId === null) throw new Refusal('not_found', `There is no workspace '${slug}'.`)
  socket.data.workspaces.set(workspaceId, slug)
  await socket.join(roomOf(workspaceId))
}

function notifyWatch({ onWatch }: ConsoleNamespaceOptions, room: string, on: boolean): void {
  if (room.startsWith(ROOM)) onWatch(room.slice(ROOM.length), on)
}

async function cutIfLost(options: ConsoleNamespaceOptions, socket: ConsoleSocket): Promise<void> {
  const { session, workspaces } = socket.data
  const isGood = async (): Promise<boolean> => {
    if (!(await options.isSessionValid(session))) return false
    for (const [workspaceId, slug] of workspaces) {
      if ((await options.openWorkspace(session, slug)) !== workspaceId) return false
    }
    return true
  }
  if (await isGood()) return
  options.log.info({ userId: session.userId }, 'session or membership ended, console cut')
  socket.disconnect(true)
}
