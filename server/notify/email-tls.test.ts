import { afterEach, expect, it } from 'vitest'
import { type SmtpSink, startSmtpSink } from '../testing/smtp-sink'
import { createEmailChannel } from './email'
import { readSmtp, type Smtp } from './smtp-url'

let sink: SmtpSink
let channel: ReturnType<typeof createEmailChannel>
const nowUs = () => Date.now() * 1_000
afterEach(async () => {
  await channel.close()
  await sink.close()
})

/** The sink signs its own certificate: nobody should trust it. */
async function send(options: Parameters<typeof startSmtpSink>[0], part: Partial<Smtp>) {
  sink = await startSmtpSink(options)
  const smtp = { ...readSmtp(`smtp://127.0.0.1:${sink.port}`, 'alerts@harbour.example'), ...part }
  channel = createEmailChannel({ smtp, brand: { productName: 'Harbour' }, publicUrl: '', nowUs, timeoutMs: 3_000 })
  return channel.send({
    settings: { recipients: ['ann@cup.example'] },
    messageId: 'm1',
    thread: { id: 'i1.d1', isFirst: true },
    body: { subject: 's', html: '<p>h</p>', text: 't' },
    mayBeRepeat: false,
    reached: [],
  })
}

it('uses encryption that is offered although nobody asked for it', async () => {
  expect(await send({}, {})).toMatchObject({ outcome: 'delivered' })
  expect(sink.taken[0]?.isEncrypted).toBe(true)
})

it.each(['starttls', 'always'] as const)(
  'with %s sends nothing to a server that cannot prove its name',
  async (tls) => {
    const result = await send({ secure: tls === 'always' }, { tls })
    expect(result).toMatchObject({ outcome: 'retry', startedUs: null, mayHaveArrived: false })
    expect(result.detail).toMatch(/certificate/)
    expect(sink.arrived).toHaveLength(0)
  },
)

it('that insists on STARTTLS sends nothing when it is not offered', async () => {
  const result = await send({ hideSTARTTLS: true }, { tls: 'starttls' })
  expect(result).toMatchObject({ outcome: 'retry', startedUs: null })
  expect(sink.arrived).toHaveLength(0)
})

it('signs in, and keeps a mail for later when the password is wrong', async () => {
  const login = { user: 'me', pass: 'right' }
  expect(await send({ login }, { auth: login })).toMatchObject({ outcome: 'delivered' })
  expect(sink.taken[0]?.user).toBe('me')
  await channel.close()
  await sink.close()
  expect(await send({ login }, { auth: { user: 'me', pass: 'wrong' } })).toMatchObject({
    outcome: 'retry',
    replyCode: 535,
  })
})

it('sends no password in clear to another machine', async () => {
  const auth = { user: 'me', pass: 'secret' }
  // On Linux this is our own machine too, but not one of the names that the channel takes for it.
  const result = await send({ hideSTARTTLS: true, login: auth }, { auth, tls: 'offered', host: '0.0.0.0' })
  expect(result).toMatchObject({ outcome: 'retry', detail: expect.stringContaining('a password is not sent in clear') })
  expect(sink.connections()).toBe(1)
})
