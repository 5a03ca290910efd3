import pg from 'pg'
import type { Logger } from 'pino'

export type NotificationHandlers = Record<string, (payload: unknown) => void>

export type Notifications = { isListening: () => boolean; stop: () => Promise<void> }

const RECONNECT_MS = 500

/**
 * Listens on PostgreSQL channels through one connection of its own and comes back when it breaks. What is said in
 * between is lost; `onListening` runs after each (re)connect, so that the caller looks for itself.
 */
export async function listen({
  url,
  handlers,
  onListening,
  log,
}: {
  url: string
  handlers: NotificationHandlers
  onListening: () => void
  log: Logger
}): Promise<Notifications> {
  let client: pg.Client | null = null
  let isListening = false
  let isStopped = false
  let timer: NodeJS.Timeout | undefined

  const connect = async (): Promise<void> => {
    const next = new pg.Client({ connectionString: url, keepAlive: true, application_name: 'notifications' })
    client = next
    next.on('notification', ({ channel, payload }) => deliver(handlers, channel, payload, log))
    next.on('error', () => {})
    next.once('end', () => {
      isListening = false
      if (!isStopped) retry()
    })
    await next.connect()
    for (const channel of Object.keys(handlers)) await next.query(`LISTEN ${next.escapeIdentifier(channel)}`)
    isListening = true
    onListening()
  }

  const retry = (): void => {
    clearTimeout(timer)
    timer = setTimeout(() => {
      connect().catch((err: unknown) => {
        log.warn({ err }, 'listening for notifications failed, trying again')
        retry()
      })
    }, RECONNECT_MS)
  }

  await connect()
  return {
    isListening: () => isListening,
    stop: async () => {
      isStopped = true
      clearTimeout(timer)
      await client?.end()
    },
  }
}

function deliver(handlers: NotificationHandlers, channel: string, payload: string | undefined, log: Logger): void {
  try {
    handlers[channel]?.(JSON.parse(payload ?? 'null'))
  } catch (err) {
    log.error({ err, channel }, 'a notification could not be handled')
  }
}
