import type { AddressInfo } from 'node:net'
import type { Logger } from 'pino'
import { Server } from 'socket.io'
import { MESSAGE_BYTES_MAX } from '../../wire/limits'
import { type AgentGate, type AgentNamespace, type AgentNamespaceOptions, openAgentNamespace } from './agent-namespace'
import { agentPackageRoute } from './agent-package'
import { type BackPressure, createBackPressure } from './back-pressure'
import {
  type BoardFanOut,
  type BoardNamespace,
  type BoardNamespaceOptions,
  openBoardNamespace,
} from './board-namespace'
import {
  type ConsoleFanOut,
  type ConsoleNamespace,
  type ConsoleNamespaceOptions,
  openConsoleNamespace,
} from './console-namespace'
import { type EnrolNode, enrolRoute } from './enroll'
import { type EvidenceUploadOptions, evidenceRoute } from './evidence-upload'
import { healthRoutes, type Readiness } from './health'
import { createHttpServer } from './http'
import type { Metrics } from './metrics'
import { createRefusals, type RefusalsOptions } from './refusals'
import { WireFailure } from './wire-failure'

export type GatewayOptions = {
  agents: Omit<AgentNamespaceOptions, 'isWatched' | 'pressure' | 'refusals' | 'metrics' | 'log'>
  consoles: Omit<ConsoleNamespaceOptions, 'onWatch' | 'metrics' | 'log'>
  boards: Omit<BoardNamespaceOptions, 'log'>
  evidence: Omit<EvidenceUploadOptions, 'authenticate' | 'refusals' | 'metrics' | 'log'>
  enrol: EnrolNode
  /** Writes a refusal into the audit log of the workspace it is about. */
  auditRefusal: RefusalsOptions['audit']
  /** Folder of the agent's installer and archives. */
  agentPackages: string
  readiness: Readiness
  metrics: Metrics
  log: Logger
}

export type Gateway = {
  /** Resolves with the port listened on; 0 asks for any. */
  listen: (port: number, host: string) => Promise<number>
  fanOut: ConsoleFanOut
  boards: BoardFanOut
  agents: AgentGate
  /** Takes no more pushes, waits until the accepted ones are stored and answered, then closes all connections. */
  drain: () => Promise<void>
}

const SWEEP_MS = 2_000
const DRAIN_MS_MAX = 10_000

export function createGateway(options: GatewayOptions): Gateway {
  const { metrics, log } = options
  const refusals = createRefusals({ audit: options.auditRefusal, metrics, log })
  const shared = { metrics, log }
  const http = createHttpServer(
    [
      enrolRoute(options.enrol, refusals),
      evidenceRoute({ ...options.evidence, authenticate: options.agents.authenticate, refusals, ...shared }),
      agentPackageRoute(options.agentPackages),
      ...healthRoutes(options.readiness, metrics.registry),
    ],
    log,
  )
  const io = new Server(http, {
    path: '/gateway/socket.io',
    addTrailingSlash: false,
    transports: ['websocket'],
    // Twice the contract's limit, so that a message slightly over it gets a typed answer instead of a cut connection.
    maxHttpBufferSize: 2 * MESSAGE_BYTES_MAX,
    serveClient: false,
    perMessageDeflate: false,
    connectTimeout: 10_000,
  })
  // Nothing is served there, and whoever was let in would never be asked who it is.
  io.of('/').use((_socket, next) => next(new WireFailure('bad_message', 'Nothing is served here. Connect to /agent.')))
  const pressure = createBackPressure()
  let agents: AgentGate
  const fanOut = openConsoleNamespace(io.of('/console') as ConsoleNamespace, {
    ...options.consoles,
    ...shared,
    onWatch: (workspaceId) => agents.rewatch(workspaceId),
  })
  agents = openAgentNamespace(io.of('/agent') as AgentNamespace, {
    ...options.agents,
    ...shared,
    pressure,
    refusals,
    isWatched: fanOut.isWatched,
  })
  const boards = openBoardNamespace(io.of('/board') as BoardNamespace, { ...options.boards, log })
  const stopSweeping = startSweeping([agents.sweep, fanOut.sweep, boards.sweep, refusals.flush], log)

  return {
    listen: (port, host) =>
      new Promise((resolve, reject) => {
        http.once('error', reject)
        http.listen(port, host, () => resolve((http.address() as AddressInfo).port))
      }),
    fanOut,
    boards,
    agents,
    drain: async () => {
      stopSweeping()
      boards.stop()
      agents.drain()
      await settle(pressure)
      await io.close()
      await refusals.flush(true)
      http.closeAllConnections()
    },
  }
}

/** Looks every two seconds for credentials, sessions and memberships that ended: within the promised five. */
function startSweeping(sweeps: (() => Promise<void>)[], log: Logger): () => void {
  let isSweeping = false
  const timer = setInterval(() => {
    if (isSweeping) return
    isSweeping = true
    Promise.all(sweeps.map((sweep) => sweep()))
      .catch((err: unknown) => log.error({ err }, 'sweep failed'))
      .finally(() => {
        isSweeping = false
      })
  }, SWEEP_MS)
  return () => clearInterval(timer)
}

async function settle(pressure: BackPressure): Promise<void> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<void>((done) => {
    timer = setTimeout(done, DRAIN_MS_MAX)
  })
  await Promise.race([pressure.idle(), late])
  clearTimeout(timer)
  // The last answers leave in the turn after their work is done.
  await new Promise((done) => setImmediate(done))
}
