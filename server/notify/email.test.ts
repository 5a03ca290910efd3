import { createServer } from 'node:net'
import fc from 'fast-check'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { type SmtpSink, startSmtpSink } from '../testing/smtp-sink'
import type { IncidentNotice } from './channel'
import { createEmailChannel, type EmailOptions } from './email'
import type { EmailBody } from './render-email'
import type { EmailRequest } from './send-email'
import { EmailSettings } from './settings'
import { readSmtp } from './smtp-url'

const nowUs = () => Math.round((performance.timeOrigin + performance.now()) * 1_000)
const brand = { productName: 'Harbour' }

const notice: IncidentNotice = {
  type: 'incident.opened',
  incidentId: 'inc_0192f0c0a1b27c3d8e4f5a6b7c8d9e0f',
  workspaceId: 'ws_1',
  workspaceName: 'Cup',
  workspaceSlug: 'cup',
  nodeId: 'nd_1',
  nodeName: 'match-03',
  state: 'mitigating',
  revision: 2,
  score: 0.97,
  target: { addresses: ['203.0.113.10'], ports: [27015] },
  vectors: [{ id: 'dns_amp', name: 'DNS reflection', confidence: 0.93, share: 1 }],
  wire: { pps: 150_000, bps: 1.37e9 },
  detectedUs: 1_795_210_938_006_000,
  resolvedUs: null,
  event: 'opened',
  startedUs: 1_795_210_938_000_000,
  ruleInKernelUs: 1_795_210_938_014_000,
  delivered: { pps: 1_000, bps: 1e7 },
  droppedPackets: 4_100_000,
  verifiedClients: { count: 38, packetsIn: 900, packetsPastCut: 900, socketBufferDrops: 0 },
}

let sink: SmtpSink
let channel: ReturnType<typeof createEmailChannel>
const opened: ReturnType<typeof createEmailChannel>[] = []
const channelTo = (url: string, part: Partial<EmailOptions> = {}) => {
  const smtp = readSmtp(url, 'Harbour alerts <alerts@harbour.example>')
  const made = createEmailChannel({
    smtp,
    brand,
    publicUrl: 'https://harbour.example',
    nowUs,
    timeoutMs: 5_000,
    ...part,
  })
  opened.push(made)
  return made
}

beforeEach(async () => {
  sink = await startSmtpSink()
  channel = channelTo(`smtp://127.0.0.1:${sink.port}`)
})
afterEach(async () => {
  await Promise.all(opened.splice(0).map((each) => each.close()))
  await sink.close()
})

type Part = Partial<Omit<EmailRequest, 'body'>> & { body?: EmailBody }
const request = (part: Part = {}): EmailRequest => ({
  settings: { recipients: ['ann@cup.example'] },
  messageId: 'm1',
  thread: { id: 'i1.d1', isFirst: true },
  body: channel.render(notice, { mayBeRepeat: part.mayBeRepeat ?? false }),
  mayBeRepeat: false,
  reached: [],
  ...part,
})
const headersOf = (at: number) =>
  Object.fromEntries((sink.arrived[at]?.mail.headers ?? []).map(({ key, value }) => [key, value]))

describe('a mail', () => {
  it('arrives once, with both parts, from the platform to the recipients', async () => {
    const before = nowUs()
    const result = await channel.send(request())
    expect(result).toMatchObject({
      outcome: 'delivered',
      replyCode: 250,
      mayHaveArrived: false,
      reached: ['ann@cup.example'],
    })
    expect(sink.taken).toHaveLength(1)
    const { mail, to, receivedUs } = sink.taken[0]!
    expect(to).toEqual(['ann@cup.example'])
    expect(mail.from).toEqual({ name: 'Harbour alerts', address: 'alerts@harbour.example' })
    expect(mail.subject).toBe('Attack on match-03, 20 Nov 21:42 UTC')
    expect(mail.text).toContain('DNS reflection against match-03')
    expect(mail.html).toContain('Dropped since 14 ms. 38 of 38 players unaffected.')
    expect(mail.html).toContain('https://harbour.example/cup/incidents/inc_0192f0c0a1b27c3d8e4f5a6b7c8d9e0f')
    expect(result.startedUs).toBeGreaterThan(before)
    expect(result.startedUs).toBeLessThanOrEqual(receivedUs)
    expect(result.finishedUs).toBeGreaterThanOrEqual(receivedUs)
  })

  it('asks machines not to answer, and names no software and no product that is not the brand', async () => {
    await channel.send(request())
    expect(headersOf(0)).toMatchObject({ 'auto-submitted': 'auto-generated', 'x-auto-response-suppress': 'All' })
    expect(sink.arrived[0]?.raw).not.toMatch(/nodemailer|tidegate|x-mailer/i)
  })

  it('answers the first of its thread and keeps its subject, so that readers show one thread', async () => {
    const resolved: IncidentNotice = {
      ...notice,
      type: 'incident.resolved',
      state: 'resolved',
      resolvedUs: notice.detectedUs + 60e6,
    }
    await channel.send(request())
    await channel.send(
      request({
        messageId: 'm2',
        thread: { id: 'i1.d1', isFirst: false },
        body: channel.render(resolved, { mayBeRepeat: false }),
      }),
    )
    const [first, second] = [headersOf(0), headersOf(1)]
    expect(first['message-id']).toBe('<i1.d1@harbour.example>')
    expect(second['message-id']).toBe('<m2@harbour.example>')
    expect([second['in-reply-to'], second.references]).toEqual([first['message-id'], first['message-id']])
    expect(second.subject).toBe(`Re: ${first.subject}`)
  })

  it('keeps its id when it is repeated, and says in words that it may be a repeat', async () => {
    await channel.send(request())
    await channel.send(request({ mayBeRepeat: true }))
    expect(headersOf(1)['message-id']).toBe(headersOf(0)['message-id'])
    expect([headersOf(0)['x-alert-repeat'], headersOf(1)['x-alert-repeat']]).toEqual([undefined, 'possible'])
    for (const part of ['text', 'html'] as const) {
      expect(sink.arrived[0]?.mail[part]).not.toContain('may be a repeat')
      expect(sink.arrived[1]?.mail[part]).toContain('may be a repeat')
    }
  })

  it('goes over a connection that is kept', async () => {
    for (let turn = 0; turn < 5; turn += 1) await channel.send(request({ messageId: `m${turn}` }))
    expect([sink.taken.length, sink.connections()]).toEqual([5, 1])
  })

  it('opens at most four connections, and all mails get their turn', async () => {
    await Promise.all(Array.from({ length: 20 }, (_, at) => channel.send(request({ messageId: `m${at}` }))))
    expect(sink.taken).toHaveLength(20)
    expect(sink.connections()).toBeLessThanOrEqual(4)
  })

  it('is tried at once on a fresh connection when the kept one is dead', async () => {
    await channel.send(request())
    const { port } = sink
    await sink.close()
    sink = await startSmtpSink({ port })
    expect(await channel.send(request())).toMatchObject({ outcome: 'delivered' })
  })

  it('carries no header that a name brought along', async () => {
    const text = fc
      .string({ unit: 'binary', maxLength: 80 })
      .map((some) => `${some}\r\nBcc: eve@evil.example\r\n\r\n<b>`)
    await fc.assert(
      fc.asyncProperty(text, text, async (nodeName, workspaceName) => {
        const body = channel.render({ ...notice, nodeName, workspaceName }, { mayBeRepeat: false })
        sink.arrived.length = 0
        expect((await channel.send(request({ body }))).outcome).toBe('delivered')
        expect(sink.arrived[0]?.to).toEqual(['ann@cup.example'])
        expect(Object.keys(headersOf(0)).sort()).toEqual([
          'auto-submitted',
          'content-type',
          'date',
          'from',
          'message-id',
          'mime-version',
          'subject',
          'to',
          'x-auto-response-suppress',
        ])
        expect(sink.arrived[0]?.mail.html).not.toContain('<b>')
      }),
      { numRuns: 40 },
    )
  })

  it.each(['ann@cup.example\r\nBcc: eve@evil.example', 'ann@cup.example>', '"a b"@cup.example', 'ann', ''])(
    'goes to no address like %j',
    (address) => {
      expect(EmailSettings.safeParse({ recipients: [address] }).success).toBe(false)
    },
  )
})

describe('an answer of the mail server', () => {
  it.each([
    ['connection', 421, 'throttled'],
    ['connection', 554, 'retry'],
    ['mail', 451, 'retry'],
    ['mail', 530, 'retry'],
    ['content', 421, 'throttled'],
    ['content', 452, 'retry'],
    ['content', 554, 'failed'],
  ] as const)('at %s with %i means %s', async (at, code, outcome) => {
    sink.fault({ at, code, text: 'no thanks' })
    const result = await channel.send(request())
    expect(result).toMatchObject({ outcome, replyCode: code, mayHaveArrived: false, reached: [] })
    expect(result.detail).toContain('no thanks')
  })

  it.each([
    [550, 'failed'],
    [450, 'retry'],
  ])('of %i to the only recipient means %s', async (code, outcome) => {
    sink.fault({ at: 'recipient', address: 'ann@cup.example', code, text: 'no such user' })
    expect(await channel.send(request())).toMatchObject({ outcome, replyCode: code, reached: [] })
  })

  it('that refuses one of several for good is told, and the others have their mail', async () => {
    sink.fault({ at: 'recipient', address: 'bob@cup.example', code: 550, text: 'no such user' })
    const settings = { recipients: ['ann@cup.example', 'bob@cup.example'] }
    const result = await channel.send(request({ settings }))
    expect(result).toMatchObject({ outcome: 'delivered', replyCode: 250, reached: ['ann@cup.example'] })
    expect(result.detail).toContain('1 of 2 recipients accepted; refused bob@cup.example: 550 no such user')
    expect(sink.taken[0]?.to).toEqual(['ann@cup.example'])
  })

  it('that refuses one of several for now is tried again for that one alone', async () => {
    sink.fault({ at: 'recipient', address: 'bob@cup.example', code: 450, text: 'greylisted' })
    const settings = { recipients: ['ann@cup.example', 'bob@cup.example'] }
    const first = await channel.send(request({ settings }))
    expect(first).toMatchObject({ outcome: 'retry', mayHaveArrived: false, reached: ['ann@cup.example'] })
    sink.fault(null)
    expect(await channel.send(request({ settings, reached: first.reached }))).toMatchObject({ outcome: 'delivered' })
    expect(sink.taken.map(({ to }) => to)).toEqual([['ann@cup.example'], ['bob@cup.example']])
  })
})

describe('a mail server that fails', () => {
  it('while the content arrives has not got the mail for sure', async () => {
    sink.fault({ drop: 'mail' })
    expect(await channel.send(request())).toMatchObject({ outcome: 'retry', replyCode: null, mayHaveArrived: false })
  })

  it('after the content arrived may have it: the next attempt is marked', async () => {
    sink.fault({ drop: 'after-content' })
    expect(await channel.send(request())).toMatchObject({ outcome: 'retry', replyCode: null, mayHaveArrived: true })
    expect([sink.arrived.length, sink.taken.length]).toEqual([1, 0])
  })

  it('and never answers is given up in time, as one that may have the mail', async () => {
    sink.fault({ hold: new Promise(() => {}) })
    channel = channelTo(`smtp://127.0.0.1:${sink.port}`, { timeoutMs: 300 })
    const result = await channel.send(request())
    expect(result).toMatchObject({ outcome: 'retry', mayHaveArrived: true, detail: 'no complete answer in time' })
    expect(result.startedUs).not.toBeNull()
  })

  it('and never greets is given up in time, as one that has nothing', async () => {
    const mute = createServer(() => {})
    await new Promise<void>((done) => mute.listen(0, '127.0.0.1', done))
    const { port } = mute.address() as { port: number }
    const result = await channelTo(`smtp://127.0.0.1:${port}`, { timeoutMs: 300 }).send(request())
    expect(result).toMatchObject({ outcome: 'retry', mayHaveArrived: false, startedUs: null })
    mute.close()
  })

  it('or is not there is worth a retry, with no start', async () => {
    const result = await channelTo('smtp://127.0.0.1:9').send(request())
    expect(result).toMatchObject({ outcome: 'retry', replyCode: null, mayHaveArrived: false, startedUs: null })
  })

  it('is not missed silently: a platform without one says so and lets the message wait', async () => {
    const result = await createEmailChannel({ smtp: null, brand, publicUrl: '', nowUs, timeoutMs: 1_000 }).send(
      request(),
    )
    expect(result).toMatchObject({ outcome: 'retry', startedUs: null })
    expect(result.detail).toContain('Set SMTP_URL and MAIL_FROM')
  })
})
