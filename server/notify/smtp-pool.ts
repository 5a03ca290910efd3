import SMTPConnection from 'nodemailer/lib/smtp-connection/index.js'
import { isLocal, type Smtp } from './smtp-url'

/** A signed-in connection, one transaction at a time. `isFresh` until its first transaction, `isOver` once it ended. */
export type SmtpLine = { connection: SMTPConnection; isFresh: boolean; isOver: boolean }

export type SmtpPool = {
  /** A line of the caller's own until it is given back; waits when all are taken. Rejects once the signal aborts. */
  take: (signal: AbortSignal) => Promise<SmtpLine>
  /** Keeps the line for the next transaction, or ends it when its state is unknown. */
  giveBack: (line: SmtpLine, isUsable: boolean) => void
  close: () => void
}

export const LINES_MAX = 4
/** Servers end what is idle for longer; Postfix under stress after 10 s, most after 5 min. */
const IDLE_MS_MAX = 60_000

type Idle = { line: SmtpLine; timer: NodeJS.Timeout }

/** Up to four connections to one server, kept a minute for what follows: an incident is seldom one mail. */
export function createSmtpPool(smtp: Smtp, timeoutMs: number): SmtpPool {
  const idle: Idle[] = []
  const waiting: (() => void)[] = []
  let lines = 0

  const forget = (line: SmtpLine): void => {
    const at = idle.findIndex((one) => one.line === line)
    if (at >= 0) clearTimeout(idle.splice(at, 1)[0]?.timer)
  }
  const free = (): void => {
    lines -= 1
    waiting.shift()?.()
  }
  const end = (line: SmtpLine, how: 'quit' | 'close'): void => {
    forget(line)
    line.connection[how]()
  }

  const open = async (signal: AbortSignal): Promise<SmtpLine> => {
    lines += 1
    const connection = connectionTo(smtp, timeoutMs)
    const line = { connection, isFresh: true, isOver: false }
    connection.once('end', () => {
      line.isOver = true
      forget(line)
      free()
    })
    await handshake(connection, smtp, signal)
    return line
  }

  const take: SmtpPool['take'] = async (signal) => {
    const kept = idle.pop()
    if (kept !== undefined) {
      clearTimeout(kept.timer)
      return kept.line
    }
    if (lines < LINES_MAX) return open(signal)
    await turn(waiting, signal)
    return take(signal)
  }

  return {
    take,
    giveBack: (line, isUsable) => {
      if (!isUsable || line.isOver) return end(line, 'close')
      line.isFresh = false
      const timer = setTimeout(() => end(line, 'quit'), IDLE_MS_MAX).unref()
      idle.push({ line, timer })
      waiting.shift()?.()
    },
    close: () => {
      for (const { line } of [...idle]) end(line, 'quit')
    },
  }
}

function connectionTo(smtp: Smtp, timeoutMs: number): SMTPConnection {
  const connection = new SMTPConnection({
    host: smtp.host,
    port: smtp.port,
    secure: smtp.tls === 'always',
    requireTLS: smtp.tls === 'starttls',
    connectionTimeout: timeoutMs / 2,
    greetingTimeout: timeoutMs / 2,
    dnsTimeout: timeoutMs / 2,
    socketTimeout: IDLE_MS_MAX + timeoutMs,
    // Where TLS is not insisted on, a certificate proves nothing: whoever could forge it could leave TLS out.
    tls: { minVersion: 'TLSv1.2', rejectUnauthorized: smtp.tls !== 'offered' },
  })
  // An idle line that the server ends must not end the process.
  connection.on('error', () => {})
  return connection
}

/** Connects, secures and signs in. Whatever fails ends the connection. */
function handshake(connection: SMTPConnection, { auth, host }: Smtp, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const settle = (error?: Error | null): void => {
      connection.off('error', settle)
      signal.removeEventListener('abort', onAbort)
      if (error) {
        connection.close()
        reject(error)
      } else resolve()
    }
    const onAbort = (): void => settle(signal.reason as Error)
    signal.addEventListener('abort', onAbort)
    connection.on('error', settle)
    connection.connect(() => {
      // The final dot is a small packet of its own: held back, it costs 40 ms a mail.
      connection._socket.setNoDelay(true)
      if (auth === null) settle()
      else if (connection.secure || isLocal(host)) connection.login({ credentials: auth }, settle)
      else settle(new Error(`${host} offers no TLS, and a password is not sent in clear`))
    })
  })
}

function turn(waiting: (() => void)[], signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const leave = (): void => {
      const at = waiting.indexOf(resolve)
      if (at >= 0) waiting.splice(at, 1)
      reject(signal.reason as Error)
    }
    signal.addEventListener('abort', leave, { once: true })
    waiting.push(resolve)
  })
}
