import type { Logger } from 'pino'
import type { Namespace, Socket } from 'socket.io'
import {
  AgentHealth,
  type AgentToGateway,
  type GatewayToAgent,
  HeldPolicy,
  type Hello,
  type Policy,
  type Schedule,
  type Welcome,
} from '../../wire/messages'
import { admit } from './admit'
import type { AgentIdentity, AuthenticateAgent } from './authenticate-agent'
import type { BackPressure } from './back-pressure'
import { createDepartures } from './departures'
import { CUT_MS, createFaults, isOversized, refuseOthers, tooLarge, unreadable } from './faults'
import { createHelloHandler } from './hello'
import type { Metrics } from './metrics'
import { createPolicyFeed } from './policy-feed'
import { type ApplyPush, createPushHandler } from './push'
import type { Refusals } from './refusals'
import { createSaidHandler } from './said'

type NoEvents = Record<never, never>
/** `isWatched`, `policy`: what the node was told last; null before its hello. `isPolicyStale`: it changed during the hello. */
export type AgentSocketData = {
  identity: AgentIdentity
  isWatched: boolean | null
  policy: Policy | null
  isPolicyStale: boolean
}
export type AgentSocket = Socket<AgentToGateway, GatewayToAgent, NoEvents, AgentSocketData>
export type AgentNamespace = Namespace<AgentToGateway, GatewayToAgent, NoEvents, AgentSocketData>

export type AgentNamespaceOptions = {
  authenticate: AuthenticateAgent
  /** Stores what the node says of itself, marks it online and returns where each lane goes on. */
  welcome: (identity: AgentIdentity, hello: Hello) => Promise<Omit<Welcome, 'version'>>
  applyPush: ApplyPush
  /** Keeps what a node says it goes by. */
  recordHeld: (identity: AgentIdentity, held: HeldPolicy) => Promise<void>
  /** Keeps what an agent says of its own process. */
  recordHealth: (identity: AgentIdentity, health: AgentHealth) => Promise<void>
  /** What these nodes go by now. */
  readPolicies: (workspaceId: string, nodeIds: string[]) => Promise<Map<string, Policy>>
  nowMs: () => number
  /** Marks nodes offline of which no socket is left. */
  markOffline: (identities: AgentIdentity[]) => Promise<void>
  /** Notes that these nodes are still connected and returns the credentials among them that are good no more. */
  checkConnected: (identities: AgentIdentity[]) => Promise<Set<string>>
  isWatched: (workspaceId: string, nodeId: string) => boolean
  pressure: BackPressure
  refusals: Refusals
  metrics: Metrics
  log: Logger
}

export type AgentGate = {
  /** Tells those nodes of the workspace for which it changed whether somebody looks at them. */
  rewatch: (workspaceId: string) => void
  sendSchedule: (nodeId: string, schedule: Schedule) => void
  /** Nodes connected here, by workspace; ids as the database keeps them. */
  connected: () => Map<string, string[]>
  /** Tells connected nodes their policy where it changed: those of one workspace, or of all. */
  policyChanged: (workspaceId?: string) => void
  /** Cuts nodes whose credential was revoked; run every two seconds. */
  sweep: () => Promise<void>
  drain: () => void
}

/** One live connection a node: a newer one wins, since the older is most likely a dead path. */
export function openAgentNamespace(namespace: AgentNamespace, options: AgentNamespaceOptions): AgentGate {
  const { metrics, log } = options
  const live = new Map<string, AgentSocket>()
  const cut = new Set<string>()
  let isDraining = false
  const departures = createDepartures({ mark: options.markOffline, isBack: (nodeId) => live.has(nodeId), log })
  const policies = createPolicyFeed({ ...options, sockets: () => [...live.values()] })

  namespace.use(admit(options, cut))

  namespace.on('connection', (socket) => {
    const { identity } = socket.data
    const older = live.get(identity.nodeId)
    live.set(identity.nodeId, socket)
    metrics.agentsConnected.set(live.size)
    older?.disconnect(true)
    log.info({ nodeId: identity.nodeId, replaces: older !== undefined }, 'agent connected')

    const faults = createFaults(socket, options.refusals, (count) => {
      log.warn({ nodeId: identity.nodeId, faults: count }, 'too many faulty messages, agent cut')
      cut.add(identity.nodeId)
      setTimeout(() => cut.delete(identity.nodeId), CUT_MS).unref()
    })
    const session = { isGreeted: false }
    socket.on('hello', createHelloHandler({ ...options, socket, session, faults, onPolicy: policies.sent }))
    const said = { socket, session, faults, log }
    socket.on('held', createSaidHandler({ ...said, name: 'held', shape: HeldPolicy, store: options.recordHeld }))
    socket.on('health', createSaidHandler({ ...said, name: 'health', shape: AgentHealth, store: options.recordHealth }))
    socket.on('push', createPushHandler({ ...options, socket, session, faults, isDraining: () => isDraining }))
    socket.onAny(refuseOthers(faults))
    socket.on('error', () => void faults(unreadable()))
    socket.on('disconnect', (reason, description) => {
      log.info({ nodeId: identity.nodeId, reason }, 'agent disconnected')
      if (isOversized(description)) faults(tooLarge())
      if (live.get(identity.nodeId) !== socket) return
      live.delete(identity.nodeId)
      metrics.agentsConnected.set(live.size)
      departures.left(identity)
    })
  })

  return {
    rewatch: (workspaceId) => {
      for (const socket of live.values()) {
        const { identity, isWatched } = socket.data
        if (identity.workspaceId !== workspaceId || isWatched === null) continue
        const on = options.isWatched(workspaceId, identity.nodeId)
        if (on === isWatched) continue
        socket.data.isWatched = on
        socket.emit('watch', on)
      }
    },
    sendSchedule: (nodeId, schedule) => {
      live.get(nodeId)?.emit('schedule', schedule)
    },
    connected: () => {
      const byWorkspace = new Map<string, string[]>()
      for (const { data } of live.values()) {
        const { workspaceId, nodeId } = data.identity
        byWorkspace.set(workspaceId, [...(byWorkspace.get(workspaceId) ?? []), nodeId])
      }
      return byWorkspace
    },
    policyChanged: policies.changed,
    sweep: () => cutRevoked([...live.values()], options),
    drain: () => {
      isDraining = true
      policies.stop()
      departures.stop()
    },
  }
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
