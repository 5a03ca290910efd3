import type { AddressInfo, Socket } from 'node:net'
import PostalMime, { type Email } from 'postal-mime'
import { SMTPServer, type SMTPServerOptions, type SMTPServerSession } from 'smtp-server'

/** What the sink does to the next transactions. */
export type SmtpFault =
  | { at: 'connection' | 'auth' | 'mail' | 'content'; code: number; text?: string }
  | { at: 'recipient'; address: string; code: number; text?: string }
  /** Ends the connection: before its answer to MAIL, while the content arrives, or after it arrived whole. */
  | { drop: 'mail' | 'mid-content' | 'after-content' }
  /** Answers the content only when released. */
  | { hold: Promise<void> }

export type ReceivedMail = {
  to: string[]
  mail: Email
  raw: string
  isEncrypted: boolean
  user: string | null
  /** Epoch microseconds at which the MAIL command was read. */
  receivedUs: number
}

export type SmtpSink = {
  port: number
  /** Mails the sink took over, i.e. answered with 250. */
  taken: ReceivedMail[]
  /** Mails that arrived whole, whatever the sink answered. */
  arrived: ReceivedMail[]
  connections: () => number
  fault: (fault: SmtpFault | null) => void
  close: () => Promise<void>
}

type Options = Pick<SMTPServerOptions, 'secure' | 'key' | 'cert' | 'hideSTARTTLS'> & {
  port?: number
  login?: { user: string; pass: string }
}

const nowUs = (): number => Math.round((performance.timeOrigin + performance.now()) * 1_000)
const refusal = (code: number, text = 'as the test asked'): Error =>
  Object.assign(new Error(text), { responseCode: code })

/** A real mail server on loopback that keeps what it gets and fails as told. */
export async function startSmtpSink({ login, port = 0, ...tls }: Options = {}): Promise<SmtpSink> {
  const taken: ReceivedMail[] = []
  const arrived: ReceivedMail[] = []
  const begunUs = new Map<string, number>()
  const sockets = new Map<number, Socket>()
  let connections = 0
  let fault: SmtpFault | null = null
  const refusedAt = (at: string): Error | null =>
    fault && 'at' in fault && fault.at === at ? refusal(fault.code, fault.text) : null
  const isDropped = (session: SMTPServerSession, at: string): boolean => {
    if (!fault || !('drop' in fault) || fault.drop !== at) return false
    sockets.get(session.remotePort)?.destroy()
    return true
  }

  const server = new SMTPServer({
    ...tls,
    authOptional: login === undefined,
    allowInsecureAuth: true,
    disableReverseLookup: true,
    closeTimeout: 100,
    onConnect: (_session, done) => {
      connections += 1
      done(refusedAt('connection'))
    },
    onAuth: ({ username, password }, _session, done) => {
      const isRight = username === login?.user && password === login?.pass
      done(refusedAt('auth') ?? (isRight ? null : refusal(535, 'authentication failed')), { user: username })
    },
    onMailFrom: (_address, session, done) => {
      begunUs.set(session.id, nowUs())
      if (!isDropped(session, 'mail')) done(refusedAt('mail'))
    },
    onRcptTo: ({ address }, _session, done) => {
      const isRefused = fault && 'at' in fault && fault.at === 'recipient' && fault.address === address
      done(isRefused ? refusedAt('recipient') : null)
    },
    onData: (stream, session, done) => {
      if (isDropped(session, 'mid-content')) return
      const parts: Buffer[] = []
      stream.on('data', (part: Buffer) => parts.push(part))
      stream.on('end', async () => {
        const mail = await read(Buffer.concat(parts), session, begunUs.get(session.id) ?? 0)
        arrived.push(mail)
        if (isDropped(session, 'after-content')) return
        if (fault && 'hold' in fault) await fault.hold
        const refused = refusedAt('content')
        if (refused === null) taken.push(mail)
        done(refused)
      })
    },
  })
  server.on('error', () => {})
  server.server.on('connection', (socket: Socket) => {
    const { remotePort = 0 } = socket
    sockets.set(remotePort, socket)
    socket.once('close', () => sockets.delete(remotePort))
  })
  await new Promise<void>((done) => server.listen(port, '127.0.0.1', done))
  return {
    port: (server.server.address() as AddressInfo).port,
    taken,
    arrived,
    connections: () => connections,
    fault: (next) => {
      fault = next
    },
    close: () => new Promise<void>((done) => server.close(done)),
  }
}

async function read(raw: Buffer, session: SMTPServerSession, receivedUs: number): Promise<ReceivedMail> {
  return {
    to: session.envelope.rcptTo.map(({ address }) => address),
    mail: await PostalMime.parse(raw),
    raw: raw.toString('utf8'),
    isEncrypted: session.secure,
    user: (session.user as unknown as string | undefined) ?? null,
    receivedUs,
  }
}
