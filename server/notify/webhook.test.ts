import { randomBytes } from 'node:crypto'
import { createServer, type IncomingHttpHeaders, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { Webhook } from 'standardwebhooks'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { IncidentNotice } from './channel'
import { createWebhookChannel, type WebhookOptions } from './webhook'

const secret = `whsec_${randomBytes(32).toString('base64')}`
const nowUs = () => Date.now() * 1_000

type Seen = { headers: IncomingHttpHeaders; body: string; remotePort: number | undefined }
let seen: Seen[] = []
let connections = 0
let answer: (request: IncomingMessage, response: ServerResponse) => void
const sink = createServer((request, response) => {
  const parts: Buffer[] = []
  request.on('data', (part: Buffer) => parts.push(part))
  request.on('end', () => {
    const body = Buffer.concat(parts).toString()
    seen.push({ headers: request.headers, body, remotePort: request.socket.remotePort })
    answer(request, response)
  })
}).on('connection', () => {
  connections += 1
})
let port: number

beforeAll(async () => {
  await new Promise<void>((done) => sink.listen(0, '127.0.0.1', done))
  port = (sink.address() as AddressInfo).port
})
afterAll(() => {
  sink.closeAllConnections()
  sink.close()
})
beforeEach(() => {
  seen = []
  connections = 0
  answer = (_request, response) => response.end('ok')
})

const notice: IncidentNotice = {
  type: 'incident.opened',
  incidentId: 'inc_1',
  workspaceId: 'ws_1',
  workspaceName: 'Cup',
  nodeId: 'nd_1',
  nodeName: 'match-01',
  state: 'mitigating',
  revision: 2,
  score: 0.97,
  target: { addresses: ['203.0.113.10'], ports: [27015] },
  vectors: [{ id: 'dns_amp', name: 'DNS reflection', confidence: 0.9, share: 1 }],
  wire: { pps: 120_000, bps: 1e9 },
  detectedUs: 1_795_000_000_123_456,
  resolvedUs: null,
}

function channelWith(options: Partial<WebhookOptions> = {}) {
  return createWebhookChannel({ nowUs, allowCidrs: ['127.0.0.0/8'], ...options })
}

const requestTo = (url: string, more: { mayBeRepeat?: boolean; previousSecret?: string } = {}) => ({
  settings: { url, secret, previousSecret: more.previousSecret },
  messageId: 'msg_1',
  body: '{"type":"incident.opened"}',
  mayBeRepeat: more.mayBeRepeat ?? false,
  thread: { id: 'i1.d1', isFirst: true },
  reached: [],
})

const local = () => `http://127.0.0.1:${port}/hook?x=1`

describe('webhook', () => {
  it('renders a typed body of type, time stamp and data', () => {
    const body = JSON.parse(channelWith().render(notice, { mayBeRepeat: false }))
    expect(Object.keys(body)).toEqual(['type', 'timestamp', 'data'])
    expect(body).toMatchObject({ type: 'incident.opened', data: { incidentId: 'inc_1', nodeName: 'match-01' } })
    expect(Date.parse(body.timestamp)).toBe(1_795_000_000_123)
    expect(Buffer.byteLength(channelWith().render(notice, { mayBeRepeat: false }))).toBeLessThan(20_000)
  })

  it('signs so that the official verifier accepts it, and only untouched', async () => {
    await channelWith().send(requestTo(local()))
    const { headers, body } = seen[0] as Seen
    const verifier = new Webhook(secret)
    expect(verifier.verify(body, headers as Record<string, string>)).toEqual({ type: 'incident.opened' })
    expect(() => verifier.verify(`${body} `, headers as Record<string, string>)).toThrow()
  })

  it('signs with the old secret too while it is being replaced', async () => {
    const previousSecret = `whsec_${randomBytes(32).toString('base64')}`
    await channelWith().send(requestTo(local(), { previousSecret }))
    const { headers, body } = seen[0] as Seen
    for (const key of [secret, previousSecret]) new Webhook(key).verify(body, headers as Record<string, string>)
  })

  it('keeps the message id over attempts and marks the one that may be a repeat', async () => {
    const channel = channelWith()
    await channel.send(requestTo(local()))
    await channel.send(requestTo(local(), { mayBeRepeat: true }))
    expect(seen.map(({ headers }) => headers['webhook-id'])).toEqual(['msg_1', 'msg_1'])
    expect(seen.map(({ headers }) => headers['webhook-repeat'])).toEqual([undefined, 'possible'])
  })

  it('reuses its connections', async () => {
    const channel = channelWith()
    for (let round = 0; round < 20; round += 1) await channel.send(requestTo(local()))
    expect(connections).toBeLessThanOrEqual(2)
  })

  it.each([
    [204, 'delivered'],
    [302, 'retry'],
    [400, 'retry'],
    [404, 'retry'],
    [410, 'disable'],
    [429, 'throttled'],
    [500, 'retry'],
    [503, 'throttled'],
  ])('takes status %i as %s', async (status, outcome) => {
    answer = (_request, response) => response.writeHead(status, { location: local() }).end()
    expect(await channelWith().send(requestTo(local()))).toMatchObject({ outcome, replyCode: status })
    expect(seen).toHaveLength(1)
  })

  it('hears how long to wait', async () => {
    answer = (_request, response) => response.writeHead(429, { 'retry-after': '7' }).end()
    expect(await channelWith().send(requestTo(local()))).toMatchObject({ retryAfterMs: 7_000 })
  })

  it('gives up on a destination that never answers', async () => {
    answer = () => {}
    const result = await channelWith({ timeoutMs: 150 }).send(requestTo(local()))
    expect(result).toMatchObject({ outcome: 'retry', detail: 'no complete answer within 0.15 s' })
    expect(result.startedUs).not.toBeNull()
  })

  it('stops reading a reply without end and keeps the status', async () => {
    answer = (_request, response) => {
      response.writeHead(200)
      const pump = () => {
        while (!response.destroyed && response.write(Buffer.alloc(16_384, 'x'))) {}
        if (!response.destroyed) response.once('drain', pump)
      }
      pump()
    }
    const result = await channelWith().send(requestTo(local()))
    expect(result).toMatchObject({ outcome: 'delivered', replyCode: 200 })
    expect(result.detail.length).toBeLessThanOrEqual(200)
  })

  it('reports a refused connection as worth a retry, with no start', async () => {
    const result = await channelWith().send(requestTo('http://127.0.0.1:9/'))
    expect(result).toMatchObject({ outcome: 'retry', startedUs: null, replyCode: null })
  })

  it('refuses user names in the URL', async () => {
    const result = await channelWith().send(requestTo(`http://user:pass@127.0.0.1:${port}/`))
    expect(result.outcome).toBe('failed')
    expect(seen).toHaveLength(0)
  })
})

describe('webhook guard', () => {
  const closed = { allowCidrs: [] }
  const answering = (...addresses: string[]): Partial<WebhookOptions> => ({
    ...closed,
    lookup: (_host, callback) =>
      callback(
        null,
        addresses.map((address) => ({ address, family: address.includes(':') ? 6 : 4 })),
      ),
  })

  it.each([
    ['a literal address', () => local(), closed],
    ['a decimal address', () => `http://2130706433:${port}/`, closed],
    ['a hexadecimal address', () => `http://0x7f000001:${port}/`, closed],
    ['a short address', () => `http://127.1:${port}/`, closed],
    ['an IPv6 address', () => `http://[::1]:${port}/`, closed],
    ['an IPv4 address in IPv6', () => `http://[::ffff:127.0.0.1]:${port}/`, closed],
    ['a translated address', () => `http://[64:ff9b::7f00:1]:${port}/`, closed],
    ['a blocked name', () => `http://localhost:${port}/`, closed],
    ['a name that leads home', () => `http://hooks.example:${port}/`, answering('127.0.0.1')],
    ['a name with one private answer', () => `https://hooks.example/`, answering('1.1.1.1', '10.0.0.1')],
    ['plain http to a public host', () => 'http://hooks.example/', answering('1.1.1.1')],
    ['an odd port of a public host', () => 'https://hooks.example:22/', answering('1.1.1.1')],
  ])('opens no connection to %s', async (_title, url, options) => {
    const result = await channelWith(options).send(requestTo(url()))
    expect(result).toMatchObject({ outcome: 'failed', startedUs: null })
    expect(result.detail).toContain('The webhook was not sent')
    expect(connections).toBe(0)
  })

  it('connects to the address it checked, whatever the name says the second time', async () => {
    let asked = 0
    const rebinding: WebhookOptions['lookup'] = (_host, callback) => {
      asked += 1
      callback(null, [{ address: asked === 1 ? '127.0.0.1' : '127.0.0.2', family: 4 }])
    }
    const channel = channelWith({ allowCidrs: ['127.0.0.1/32'], lookup: rebinding })
    expect(await channel.send(requestTo(`http://hooks.example:${port}/`))).toMatchObject({ outcome: 'delivered' })
    expect(asked).toBe(1)
  })

  it('does not follow a redirect into its own network', async () => {
    answer = (_request, response) => response.writeHead(307, { location: 'http://127.0.0.2/' }).end()
    await channelWith({ allowCidrs: ['127.0.0.1/32'] }).send(requestTo(local()))
    expect(connections).toBe(1)
  })
})
