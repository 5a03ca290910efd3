import type { Registry } from 'prom-client'
import { type Route, sendJson } from './http'
import { WireFailure } from './wire-failure'

export type Readiness = () => Promise<{ isReady: boolean; checks: Record<string, boolean> }>

/** `healthz`: the process answers. `readyz`: it can do its work. `metrics`: Prometheus text, for who reaches this port directly. */
export function healthRoutes(readiness: Readiness, registry: Registry): Route[] {
  return [
    {
      method: 'GET',
      path: '/gateway/healthz',
      handle: (_request, response) => sendJson(response, 200, { status: 'ok' }),
    },
    {
      method: 'GET',
      path: '/gateway/readyz',
      handle: async (_request, response) => {
        const { isReady, checks } = await readiness()
        sendJson(response, isReady ? 200 : 503, { status: isReady ? 'ready' : 'not ready', checks })
      },
    },
    {
      method: 'GET',
      path: '/gateway/metrics',
      handle: async (request, response) => {
        if (request.headers['x-forwarded-host'] !== undefined || request.headers['x-forwarded-for'] !== undefined) {
          throw new WireFailure('revoked', 'Metrics are read from the gateway itself, not through its public address.')
        }
        response.writeHead(200, { 'content-type': registry.contentType })
        response.end(await registry.metrics())
      },
    },
  ]
}
