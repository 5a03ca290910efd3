import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
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

/** Reads a JSON body of at most `bytesMax`. */
export async function readJson(request: IncomingMessage, bytesMax: number): Promise<unknown> {
  const parts: Buffer[] = []
  let bytes = 0
  for await (const part of request) {
    bytes += (part as Buffer).length
    if (bytes > bytesMax) throw new WireFailure('too_large', `The request may have ${bytesMax} bytes.`)
    parts.push(part as Buffer)
  }
  try {
    return JSON.parse(Buffer.concat(parts).toString('utf8'))
  } catch (cause) {
    throw new WireFailure('bad_message', 'The request is not JSON.', { cause })
  }
}

const matches = (route: Route, path: string): boolean =>
  typeof route.path === 'string' ? route.path === path : route.path.test(path)

const IDLE_MS_MAX = 60_000

/** Plain HTTP server over a list of routes. Socket.IO takes its own path before these. */
export function createHttpServer(routes: Route[], log: Logger): Server {
  const server = createServer({ headersTimeout: 10_000, requestTimeout: 0 }, (request, response) => {
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
  return server
}
