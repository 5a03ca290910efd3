import { randomBytes } from 'node:crypto'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { createGuardedAgent } from './guarded-agent'
import { type SendOptions, sendWebhook } from './send-webhook'

/** Sends a few requests to a throw-away server of our own: a process's first request costs tens of milliseconds. */
export async function warmUp({ nowUs }: SendOptions): Promise<void> {
  const server = createServer((request, response) => request.resume().on('end', () => response.end('ok')))
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done))
  const agent = createGuardedAgent({ allowCidrs: ['127.0.0.1/32'] })
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`
  const secret = `whsec_${randomBytes(32).toString('base64')}`
  for (let round = 0; round < 3; round += 1) {
    await sendWebhook(
      agent,
      { nowUs },
      {
        settings: { url, secret },
        messageId: 'warm-up',
        thread: { id: 'warm-up', isFirst: true },
        body: '{}',
        mayBeRepeat: false,
        reached: [],
      },
    )
  }
  await agent.close()
  server.close()
}
