import type { Logger } from 'pino'
import type { Namespace, Socket } from 'socket.io'
import { type AgentToGateway, type GatewayToAgent, Hello, type Policy, type Welcome } from '../../wire/messages'
import type { AgentIdentity, AuthenticateAgent } from './authenticate-agent'
import type { BackPressure } from './back-pressure'
import type { Metrics } from './metrics'
import { type ApplyPush, createPushHandler } from './push'
import { toWireError, WireFailure } from './wire-failure'

type NoEvents = Record<never, never>
export type AgentSocketData = { identity: AgentIdentity }
export type AgentSocket = Socket<AgentToGateway, GatewayToAgent, NoEvents, AgentSocketData>
export type AgentNamespace = Namespace<AgentToGateway, GatewayToAgent, NoEvents, AgentSocketData>

export type AgentNamespaceOptions = {
  authenticate: AuthenticateAgent
  /** Stores what the node says of itself, marks it online and returns where each lane goes on. */
  welcome: (identity: AgentIdentity, hello: Hello) => Promise<Omit<Welcome, 'version'>>
  applyPush: ApplyPush
  /** Marks a node offline; called once no socket of it is left. */
  markOffline: (identity: AgentIdentity) => Promise<void>
  /** Notes that these nodes are still connected and returns the credentials among them that are good no more. */
  checkConnected: (identities: AgentIdentity[]) => Promise<Set<string>>
  isWatched: (workspaceId: string) => boolean
  pressure: BackPressure
  metrics: Metrics
  log: Logger
}

export type AgentGate = {
  /** Tells the workspace's nodes whether somebody looks at them. */
  watch: (workspaceId: string, on: boolean) => void
  sendPolicy: (nodeId: string, policy: Policy) => void
  /** Cuts nodes whose credential was revoked; run every two seconds. */
  sweep: () => Promise<void>
  drain: () => void
}

/** One live connection a node: a newer one wins, since the older is most likely a dead path. */
export function openAgentNamespace(namespace: AgentNamespace, options: AgentNamespaceOptions): AgentGate {
  const { authenticate, metrics, log } = options
  const live = new Map<string, AgentSocket>()
  let isDraining = false

  namespace.use((socket, next) => {
    authenticate('connect', socket.handshake.auth).then(
      (identity) => {
        socket.data.identity = identity
        next()
      },
      (error: unknown) => {
        const wireError = toWireError(error)
        metrics.refusedConnections.inc({ code: wireError.code })
        log.warn({ code: wireError.code, err: error instanceof WireFailure ? undefined : error }, 'agent refused')
        next(new WireFailure(wireError.code, wireError.message, { retryAfterMs: wireError.retryAfterMs }))
      },
    )
  })

  namespace.on('connection', (socket) => {
    const { identity } = socket.data
    const older = live.get(identity.nodeId)
    live.set(identity.nodeId, socket)
    metrics.agentsConnected.set(live.size)
    older?.disconnect(true)
    log.info({ nodeId: identity.nodeId, replaces: older !== undefined }, 'agent connected')

    const session = { isGreeted: false }
    socket.on('hello', (hello, ack) => {
      if (typeof ack !== 'function') return
      greet(options, socket, hello).then(
        (welcome) => {
          session.isGreeted = true
          ack(welcome)
          socket.emit('watch', options.isWatched(identity.workspaceId))
        },
        (error: unknown) => {
          if (!(error instanceof WireFailure)) log.error({ err: error, nodeId: identity.nodeId }, 'hello failed')
          ack({ error: toWireError(error) })
        },
      )
    })
    socket.on('push', createPushHandler({ ...options, socket, session, isDraining: () => isDraining }))
    socket.on('disconnect', (reason) => {
      log.info({ nodeId: identity.nodeId, reason }, 'agent disconnected')
      if (live.get(identity.nodeId) !== socket) return
      live.delete(identity.nodeId)
      metrics.agentsConnected.set(live.size)
      options.markOffline(identity).catch((err: unknown) => log.error({ err }, 'marking a node offline failed'))
    })
  })

  return {
    watch: (workspaceId, on) => {
      for (const socket of live.values()) if (socket.data.identity.workspaceId === workspaceId) socket.emit('watch', on)
    },
    sendPolicy: (nodeId, policy) => {
      live.get(nodeId)?.emit('policy', policy)
    },
    sweep: () => cutRevoked([...live.values()], options),
    drain: () => {
      isDraining = true
    },
  }
}

async function greet(options: AgentNamespaceOptions, socket: AgentSocket, claim: unknown): Promise<Welcome> {
  const { identity } = socket.data
  const parsed = Hello.safeParse(claim)
  if (!parsed.success) throw new WireFailure('bad_message', 'The hello is malformed. Update the agent.')
  // What an older connection handed in must be stored first, or the cursors would be behind it.
  await options.pressure.idle(identity.nodeId)
  return { version: identity.version, ...(await options.welcome(identity, parsed.data)) }
}

async function cutRevoked(sockets: AgentSocket[], { checkConnected, log }: AgentNamespaceOptions): Promise<void> {
  if (sockets.length === 0) return
  const revoked = await checkConnected(sockets.map((socket) => socket.data.identity))
  for (const socket of sockets) {
    if (!revoked.has(socket.data.identity.credentialId)) continue
    log.warn({ nodeId: socket.data.identity.nodeId }, 'credential revoked, agent cut')
    socket.disconnect(true)
  }
}
