import { createServer, type IncomingHttpHeaders, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { Webhook } from 'standardwebhooks'

export type ReceivedWebhook = {
  id: string
  type: string
  data: Record<string, unknown>
  mayBeRepeat: boolean
  headers: IncomingHttpHeaders
  /** Epoch microseconds at which the request line was read. */
  receivedUs: number
}

export type WebhookSink = {
  url: string
  received: ReceivedWebhook[]
  /** How requests are answered from now on; the default is 200. `null` leaves them without an answer. */
  answer: (reply: ((response: ServerResponse) => void) | null) => void
  close: () => Promise<void>
}

/** A destination on loopback. Verifies every request by Standard Webhooks and refuses what does not verify. */
export async function startWebhookSink(secret: string, port = 0): Promise<WebhookSink> {
  const verifier = new Webhook(secret)
  const received: ReceivedWebhook[] = []
  let reply: ((response: ServerResponse) => void) | null = (response) => response.end('ok')
  const server = createServer((request, response) => {
    const receivedUs = Math.round((performance.timeOrigin + performance.now()) * 1_000)
    const parts: Buffer[] = []
    request.on('data', (part: Buffer) => parts.push(part))
    request.on('end', () => {
      try {
        const body = Buffer.concat(parts).toString()
        const { type, data } = verifier.verify(body, request.headers as Record<string, string>) as ReceivedWebhook
        const id = request.headers['webhook-id'] as string
        const mayBeRepeat = request.headers['webhook-repeat'] !== undefined
        received.push({ id, type, data, mayBeRepeat, headers: request.headers, receivedUs })
        reply?.(response)
      } catch {
        response.writeHead(401).end('the signature does not verify')
      }
    })
  })
  await new Promise<void>((done) => server.listen(port, '127.0.0.1', done))
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/hook`,
    received,
    answer: (next) => {
      reply = next
    },
    close: async () => {
      server.closeAllConnections()
      await new Promise((done) => server.close(done))
    },
  }
}
