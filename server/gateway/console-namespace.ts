import type { IncomingHttpHeaders } from 'node:http'
import type { Logger } from 'pino'
import type { Namespace, Socket } from 'socket.io'
import { z } from 'zod'
import { readAs } from '../../wire/read'
import type { Sample } from '../../wire/sample'
import type { Metrics } from './metrics'
import {
  createSecondBatches,
  createTogether,
  eventRoom,
  type FleetSeconds,
  fleetRoom,
  isSameNode,
  nodeRoom,
  policyRoom,
  tileRoom,
  toFleetSeconds,
  watchedWorkspace,
} from './watch-rooms'

/** Who sits behind a console socket, as the session cookie says. */
export type ConsoleSession = { sessionId: string; userId: string; boundTo: string | null }

export type ConsoleError = {
  code: 'unauthenticated' | 'forbidden' | 'not_found' | 'validation' | 'internal'
  message: string
}
export type JoinAck = { ok: true } | { ok: false; error: ConsoleError }
/** All that a page looks at now; replaces what it looked at before. */
export type WatchRequest = z.infer<typeof WatchRequest>

/** Summary row of an incident and tile of a node, as the console's lists show them. */
export type IncidentEvent = { id: string; nodeId: string } & Record<string, unknown>
export type NodeEvent = { nodeId: string; state: 'online' | 'offline'; lastSeenMs: number | null }

/** Seconds that came late and were stored: who draws that span asks for it again. */
export type HistoryEvent = { nodeId: string; fromMs: number; toMs: number }

export type ConsoleToGateway = {
  join: (request: { workspace: string }, ack: (ack: JoinAck) => void) => void
  watch: (request: WatchRequest, ack: (ack: JoinAck) => void) => void
}
export type GatewayToConsole = {
  incident: (incident: IncidentEvent) => void
  node: (node: NodeEvent) => void
  /** To who watches the fleet. */
  seconds: (seconds: FleetSeconds) => void
  /** To who watches this node. */
  sample: (sample: { nodeId: string; sample: Sample }) => void
  history: (history: HistoryEvent) => void
  /** Policies, kill switches or what nodes hold changed: who shows them asks again. */
  policy: () => void
}
type NoEvents = Record<never, never>
/** Nodes that somebody may follow: all, those of these ids, or null for none. */
type NodeScope = 'all' | readonly string[] | null
/** What a session may follow in a workspace. */
export type OpenedWorkspace = { workspaceId: string; incidents: NodeScope; nodes: NodeScope }
type Joined = OpenedWorkspace & { slug: string }
/** `workspaces`: those joined, by id, as they were opened. `watches` counts requests: the last one wins. */
export type ConsoleSocketData = { session: ConsoleSession; workspaces: Map<string, Joined>; watches: number }
export type ConsoleSocket = Socket<ConsoleToGateway, GatewayToConsole, NoEvents, ConsoleSocketData>
export type ConsoleNamespace = Namespace<ConsoleToGateway, GatewayToConsole, NoEvents, ConsoleSocketData>

export type ConsoleNamespaceOptions = {
  /** Session of the cookie, or null when it is none, expired or revoked. `host` is the one the browser asked for. */
  readSession: (cookie: string, host: string) => Promise<ConsoleSession | null>
  /** Null when there is none for this session, or nothing in it that it may follow. */
  openWorkspace: (session: ConsoleSession, slug: string) => Promise<OpenedWorkspace | null>
  isSessionValid: (session: ConsoleSession) => Promise<boolean>
  /** Called when somebody begins to look at nodes of a workspace and when the last one stops. */
  onWatch: (workspaceId: string) => void
  metrics: Metrics
  log: Logger
}

export type ConsoleFanOut = {
  incident: (workspaceId: string, incident: IncidentEvent) => void
  node: (workspaceId: string, node: NodeEvent) => void
  sample: (workspaceId: string, nodeId: string, sample: Sample) => void
  history: (workspaceId: string, history: HistoryEvent) => void
  policy: (workspaceId: string) => void
  /** Whether a console of this workspace is open. */
  isOpen: (workspaceId: string) => boolean
  /** Whether somebody looks at this node's seconds. */
  isWatched: (workspaceId: string, nodeId: string) => boolean
  /** Cuts sockets whose session is gone or whose grants changed: they come back to what they may now. Run every two seconds. */
  sweep: () => Promise<void>
}

const JoinRequest = z.object({ workspace: z.string().min(1).max(64) })
const WatchRequest = JoinRequest.extend({ fleet: z.boolean(), nodes: z.array(z.string().min(1).max(64)).max(16) })

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
        socket.data = { session, workspaces: new Map(), watches: 0 }
        next()
      },
      (error: unknown) => {
        if (!(error instanceof Refusal)) log.error({ err: error }, 'console connection failed')
        next(error instanceof Refusal ? error : new Refusal('internal', 'The gateway failed. Try again.'))
      },
    )
  })
  const watchChanged = (room: string): void => {
    const workspaceId = watchedWorkspace(room)
    if (workspaceId !== null) options.onWatch(workspaceId)
  }
  namespace.adapter.on('create-room', watchChanged)
  namespace.adapter.on('delete-room', watchChanged)
  namespace.on('connection', (socket) => {
    metrics.consolesConnected.set(namespace.sockets.size)
    socket.on('disconnect', () => metrics.consolesConnected.set(namespace.sockets.size))
    const answer = (work: Promise<void>, ack: unknown): void => {
      if (typeof ack !== 'function') return
      work.then(
        () => ack({ ok: true }),
        (error: unknown) => {
          if (!(error instanceof Refusal)) log.error({ err: error }, 'a console request failed')
          const refusal = error instanceof Refusal ? error : new Refusal('internal', 'The gateway failed. Try again.')
          ack({ ok: false, error: refusal.data })
        },
      )
    }
    socket.on('join', (request, ack) => answer(join(options, socket, request), ack))
    socket.on('watch', (request, ack) => answer(watch(options, socket, request), ack))
  })
  const addToBatch = createSecondBatches((workspaceId, seconds) =>
    namespace.to(fleetRoom(workspaceId)).emit('seconds', seconds),
  )

  return {
    incident: (workspaceId, incident) =>
      namespace
        .to(eventRoom('incident', workspaceId))
        .to(eventRoom('incident', workspaceId, incident.nodeId))
        .emit('incident', incident),
    node: (workspaceId, node) =>
      namespace
        .to(eventRoom('node', workspaceId))
        .to(eventRoom('node', workspaceId, node.nodeId))
        .emit('node', node),
    sample: (workspaceId, nodeId, sample) => {
      const node = nodeRoom(workspaceId, nodeId)
      if (rooms.has(node)) namespace.to(node).emit('sample', { nodeId, sample })
      const tile = tileRoom(workspaceId, nodeId)
      if (rooms.has(tile)) namespace.to(tile).emit('seconds', toFleetSeconds([{ nodeId, sample }]))
      if (rooms.has(fleetRoom(workspaceId))) addToBatch(workspaceId, nodeId, sample)
    },
    history: (workspaceId, history) =>
      namespace
        .to(fleetRoom(workspaceId))
        .to(tileRoom(workspaceId, history.nodeId))
        .to(nodeRoom(workspaceId, history.nodeId))
        .emit('history', history),
    policy: createTogether((workspaceId) => namespace.to(policyRoom(workspaceId)).emit('policy')),
    isOpen: (workspaceId) =>
      [...namespace.sockets.values()].some((socket) => (socket as ConsoleSocket).data.workspaces.has(workspaceId)),
    isWatched: (workspaceId, nodeId) =>
      [fleetRoom(workspaceId), tileRoom(workspaceId, nodeId), nodeRoom(workspaceId, nodeId)].some((room) =>
        rooms.has(room),
      ),
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

/** What this socket's session may follow in the workspace at this moment. */
async function openFor(options: ConsoleNamespaceOptions, socket: ConsoleSocket, slug: string): Promise<Joined> {
  if (!(await options.isSessionValid(socket.data.session))) {
    socket.disconnect(true)
    throw new Refusal('unauthenticated', 'Your session has ended. Sign in again.')
  }
  const opened = await options.openWorkspace(socket.data.session, slug)
  if (opened === null) throw new Refusal('not_found', `There is no workspace '${slug}'.`)
  return { ...opened, slug }
}

function eventRooms(kind: 'incident' | 'node', workspaceId: string, scope: NodeScope): string[] {
  if (scope === null) return []
  return scope === 'all' ? [eventRoom(kind, workspaceId)] : scope.map((node) => eventRoom(kind, workspaceId, node))
}

async function join(options: ConsoleNamespaceOptions, socket: ConsoleSocket, request: unknown): Promise<void> {
  const parsed = readAs(JoinRequest, request)
  if (!parsed.success) throw new Refusal('validation', 'Name the workspace to join by its slug.')
  const joined = await openFor(options, socket, parsed.data.workspace)
  const { workspaceId, incidents, nodes } = joined
  socket.data.workspaces.set(workspaceId, joined)
  await socket.join([
    policyRoom(workspaceId),
    ...eventRooms('incident', workspaceId, incidents),
    ...eventRooms('node', workspaceId, nodes),
  ])
}

async function watch(options: ConsoleNamespaceOptions, socket: ConsoleSocket, request: unknown): Promise<void> {
  const parsed = readAs(WatchRequest, request)
  if (!parsed.success) throw new Refusal('validation', 'Say which nodes to watch: fleet, or up to 16 ids.')
  const { workspace, fleet, nodes } = parsed.data
  socket.data.watches += 1
  const turn = socket.data.watches
  const opened = await openFor(options, socket, workspace)
  const { workspaceId } = opened
  if (!socket.data.workspaces.has(workspaceId)) throw new Refusal('validation', 'Join the workspace before watching.')
  if (turn !== socket.data.watches) return
  const wanted = [...(fleet ? fleetRooms(opened) : []), ...nodes.map((nodeId) => nodeRoomFor(opened, nodeId))]
  const left = [...socket.rooms].filter((room) => watchedWorkspace(room) === workspaceId && !wanted.includes(room))
  // Joined before the others are left, so that a node watched all along is not told to stop.
  await socket.join(wanted)
  for (const room of left) await socket.leave(room)
}

function fleetRooms({ workspaceId, nodes }: OpenedWorkspace): string[] {
  if (nodes === null) throw new Refusal('forbidden', 'Your role sees no servers. Ask an owner or admin.')
  return nodes === 'all' ? [fleetRoom(workspaceId)] : nodes.map((nodeId) => tileRoom(workspaceId, nodeId))
}

function nodeRoomFor({ workspaceId, nodes }: OpenedWorkspace, nodeId: string): string {
  if (nodes === 'all' || nodes?.some((one) => isSameNode(one, nodeId))) return nodeRoom(workspaceId, nodeId)
  throw new Refusal('forbidden', 'You were not given this server. Ask an owner or admin.')
}

async function cutIfLost(options: ConsoleNamespaceOptions, socket: ConsoleSocket): Promise<void> {
  const { session, workspaces } = socket.data
  const isGood = async (): Promise<boolean> => {
    if (!(await options.isSessionValid(session))) return false
    for (const { slug, ...before } of workspaces.values()) {
      const now = await options.openWorkspace(session, slug)
      if (JSON.stringify(scopeOf(now)) !== JSON.stringify(scopeOf(before))) return false
    }
    return true
  }
  if (await isGood()) return
  options.log.info({ userId: session.userId }, 'session ended or grants changed, console cut')
  socket.disconnect(true)
}

const scopeOf = (opened: OpenedWorkspace | null): unknown =>
  opened && [
    opened.workspaceId,
    ...[opened.incidents, opened.nodes].map((scope) => (Array.isArray(scope) ? scope.toSorted() : scope)),
  ]
