import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import { isIP } from 'node:net'
import type { Logger } from 'pino'
import { httpStatusOf, toWireError, WireFailure } from './wire-failure'

export type Handler = (request: IncomingMessage, response: ServerResponse, path: string) => Promise<void> | void

export type Route = { method: string | string[]; path: string | RegExp; handle: Handler }

export function sendJson(response: ServerResponse, status: number, body: unknown): void {
  const text = JSON.stringify(body)
  response.writeHead(status, { 'content-type': 'application/json', 'content-length': Buffer.byteLength(text) })
  response.end(text)
}

/** Answers with `{ error }`; an unread request body is cut off with its connection. */
export function sendFailure(request: IncomingMessage, response: ServerResponse, error: unknown, status?: number): void {
  if (response.headersSent) {
    response.destroy()
    return
  }
  const wireError = toWireError(error)
  if (wireError.retryAfterMs !== undefined) response.setHeader('retry-after', Math.ceil(wireError.retryAfterMs / 1_000))
  if (!request.complete) response.setHeader('connection', 'close')
  sendJson(response, status ?? httpStatusOf(wireError), { error: wireError })
}

const BODY_MS_MAX = 10_000

/** Reads a JSON body of at most `bytesMax`, which must be complete within ten seconds. */
export async function readJson(request: IncomingMessage, bytesMax: number): Promise<unknown> {
  const bytes = await inTime(collect(request, bytesMax))
  try {
    return JSON.parse(bytes.toString('utf8'))
  } catch (cause) {
    throw new WireFailure('bad_message', 'The request is not JSON.', { cause })
  }
}

async function collect(request: IncomingMessage, bytesMax: number): Promise<Buffer> {
  const parts: Buffer[] = []
  let bytes = 0
  for await (const part of request) {
    bytes += (part as Buffer).length
    if (bytes > bytesMax) throw new WireFailure('too_large', `The request may have ${bytesMax} bytes.`)
    parts.push(part as Buffer)
  }
  return Buffer.concat(parts)
}

async function inTime(body: Promise<Buffer>): Promise<Buffer> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<never>((_, reject) => {
    const failure = new WireFailure('bad_message', `The request was not complete within ${BODY_MS_MAX / 1_000} s.`)
    timer = setTimeout(() => reject(failure), BODY_MS_MAX)
  })
  // What still comes of it once it is late is cut off with its connection.
  body.catch(() => {})
  return Promise.race([body, late]).finally(() => clearTimeout(timer))
}

/**
 * Who asks. Behind a proxy on this machine or its own network: what that proxy saw. One IPv6 subscriber has a whole /64,
 * so it counts as one.
 */
export function addressOf({ socket, headers }: IncomingMessage): string {
  const peer = plain(socket.remoteAddress ?? '')
  const forwarded = [headers['x-forwarded-for']].flat().at(-1)?.split(',').at(-1)?.trim() ?? ''
  const address = isPrivate(peer) && isIP(plain(forwarded)) !== 0 ? plain(forwarded) : peer
  return isIP(address) === 6 ? `${expand(address).slice(0, 4).join(':')}::/64` : address
}

const plain = (address: string): string => address.replace(/^::ffff:/i, '')
const isPrivate = (address: string): boolean =>
  /^(127\.|10\.|192\.168\.|172\.(1[6-9]|2\d|3[01])\.|::1$|f[cd])/i.test(address)

/** Eight groups of an IPv6 address. */
function expand(address: string): string[] {
  const [left = [], right = []] = (address.split('%')[0] ?? '')
    .split('::')
    .map((part) => part.split(':').filter(Boolean))
  return [...left, ...Array(Math.max(0, 8 - left.length - right.length)).fill('0'), ...right]
}

const matches = (route: Route, path: string): boolean =>
  typeof route.path === 'string' ? route.path === path : route.path.test(path)

const IDLE_MS_MAX = 60_000

/** What a stranger may cost before it is known who asks: slow or endless headers end the connection. */
const LIMITS = { headersTimeout: 10_000, requestTimeout: 0, connectionsCheckingInterval: 2_000, maxHeaderSize: 16_384 }
const HEADERS_MAX = 64

/** Plain HTTP server over a list of routes. Socket.IO takes its own path before these. */
export function createHttpServer(routes: Route[], log: Logger): Server {
  const server = createServer(LIMITS, (request, response) => {
    const path = (request.url ?? '/').split('?')[0] as string
    if (path.startsWith('/gateway/socket.io')) return
    const onPath = routes.filter((route) => matches(route, path))
    const route = onPath.find(({ method }) => [method].flat().includes(request.method ?? ''))
    if (route === undefined) {
      const status = onPath.length > 0 ? 405 : 404
      sendFailure(request, response, new WireFailure('bad_message', `Nothing is served at ${path}.`), status)
      return
    }
    Promise.resolve(route.handle(request, response, path)).catch((error: unknown) => {
      if (!(error instanceof WireFailure)) log.error({ err: error, path }, 'request failed')
      sendFailure(request, response, error)
    })
  })
  // Uploads may take long, but not stand still. Sockets that became WebSockets have their own heartbeat.
  server.timeout = IDLE_MS_MAX
  server.maxHeadersCount = HEADERS_MAX
  return server
}
