import { io, type Socket } from 'socket.io-client'
import { POLICY_VERSION } from '../../wire/limits'
import {
  type AgentHealth,
  type AgentToGateway,
  type GatewayToAgent,
  type Hello,
  Policy,
  type Push,
  type PushAck,
  Schedule,
  type Welcome,
  type WireError,
} from '../../wire/messages'
import { readAs } from '../../wire/read'
import { errorText } from '../errors'
import { type NodeKey, signAuth } from '../identity'
import type { Log } from '../log'
import { explainRefusal } from './refusals'

export type ConnectionOptions = {
  gatewayUrl: string
  nodeId: string
  key: NodeKey
  log: Log
  hello(): Hello
  health(): AgentHealth
  onWelcome(welcome: Welcome): void
  onPolicy(policy: Policy): void | Promise<void>
  onSchedule(schedule: Schedule): void
  onWatch(on: boolean): void
  onLost(): void
}

export type Connection = {
  start(): void
  stop(): void
  /** Puts a push on the socket in this tick; the answer never comes if the connection is lost first. */
  send(push: Push, answered: (ack: PushAck) => void): void
}

const HELLO_TIMEOUT_MS = 10_000
const ACK_TIMEOUT_MS = 20_000
const HEALTH_MS = 60_000
const BACKOFF_MS = { first: 500, factor: 2, max: 20_000 }

/** Pause before the next try: doubling, and half of it random so that a fleet does not return all at once. */
export const backoffMs = (tries: number, random: number): number =>
  Math.min(BACKOFF_MS.max, BACKOFF_MS.first * BACKOFF_MS.factor ** Math.min(tries, 10)) * (0.5 + random / 2)

/** One authenticated socket to the gateway, kept up; every connection is signed anew. */
export function createConnection(options: ConnectionOptions): Connection {
  const { log } = options
  const socket: Socket<GatewayToAgent, AgentToGateway> = io(`${options.gatewayUrl}/agent`, {
    path: '/gateway/socket.io',
    addTrailingSlash: false,
    transports: ['websocket'],
    autoConnect: false,
    reconnection: false,
    timeout: HELLO_TIMEOUT_MS,
    auth: (send) => send(signAuth(options.key, options.nodeId, 'connect', Date.now())),
  })
  let tries = 0
  let isStopped = true
  let isWelcome = false
  let version = 0
  let said = ''
  let timer: NodeJS.Timeout | null = null

  const lost = (): void => {
    if (isWelcome) options.onLost()
    isWelcome = false
  }

  const retry = (retryMs: number | null): void => {
    lost()
    if (isStopped) return
    if (timer) clearTimeout(timer)
    timer = setTimeout(() => socket.connect(), retryMs ?? backoffMs(tries, Math.random()))
    tries += 1
  }

  const failed = (error: unknown): void => {
    const { code, text, retryMs } = explainRefusal(error)
    // Once for each kind of failure: an outage of a day is one line, not thousands.
    if (said !== code) log.warn({ code }, `${text} Detection and mitigation go on; reports wait on disk.`)
    said = code
    socket.disconnect()
    retry(retryMs)
  }

  const greeted = (timeout: Error | null, answer: Welcome | { error: WireError }): void => {
    if (timeout || 'error' in answer) {
      failed(timeout ?? ('error' in answer ? answer.error : null))
      return
    }
    tries = 0
    said = ''
    isWelcome = true
    version = answer.version
    log.info({ version }, 'connected to the platform')
    take(answer.policy)
    if (answer.schedule) takeSchedule(answer.schedule)
    options.onWelcome(answer)
    tellHealth()
  }

  /** What stands in a policy goes into the kernel: it is read like anything from outside. */
  const take = (given: unknown): void => {
    const parsed = readAs(Policy, given)
    if (!parsed.success) {
      log.error('The platform sent a policy that this agent cannot read: the last one stays. Update the agent.')
      return
    }
    const policy = parsed.data
    Promise.resolve(options.onPolicy(policy)).then(
      () => tellHeld(policy),
      (error: unknown) => log.error(`The rules do not follow the new policy: ${errorText(error)}`),
    )
  }

  const takeSchedule = (given: unknown): void => {
    const parsed = readAs(Schedule, given)
    if (parsed.success) options.onSchedule(parsed.data)
    else log.error('The platform sent a schedule that this agent cannot read: the last one stays. Update the agent.')
  }

  const tellHeld = ({ id, stoppedUntilMs }: Policy): void => {
    if (id === undefined || version < POLICY_VERSION || !isWelcome || !socket.connected) return
    socket.emit('held', { id, stoppedUntilMs: stoppedUntilMs ?? null })
  }

  const tellHealth = (): void => {
    if (version >= POLICY_VERSION && isWelcome && socket.connected) socket.emit('health', options.health())
  }
  let healthTimer: NodeJS.Timeout | null = null

  socket.on('connect', () => {
    socket.timeout(HELLO_TIMEOUT_MS).emit('hello', options.hello(), greeted)
  })
  socket.on('connect_error', failed)
  socket.on('disconnect', (reason) => {
    if (reason !== 'io client disconnect') {
      log.warn({ reason }, 'The connection to the platform was lost. Reports wait on disk.')
      retry(null)
    }
  })
  socket.on('policy', take)
  socket.on('schedule', takeSchedule)
  socket.on('watch', options.onWatch)

  return {
    start() {
      isStopped = false
      healthTimer = setInterval(tellHealth, HEALTH_MS).unref()
      socket.connect()
    },
    stop() {
      isStopped = true
      if (timer) clearTimeout(timer)
      if (healthTimer) clearInterval(healthTimer)
      lost()
      socket.disconnect()
    },
    send(push, answered) {
      socket.timeout(ACK_TIMEOUT_MS).emit('push', push, (timeout: Error | null, ack: PushAck) => {
        if (!timeout) answered(ack)
        // Called for a lost connection too: then its own event has begun the retry.
        else if (isWelcome && socket.connected) failed(new Error('a message was not acknowledged in time'))
      })
    },
  }
}
