import type { MailBrand } from '../../emails/theme'
import type { Channel, IncidentNotice, SendResult } from './channel'
import { composeEmail } from './compose-email'
import { oneLine } from './one-line'
import { type EmailBody, renderEmail } from './render-email'
import { type EmailRequest, sendEmail } from './send-email'
import { EmailSettings } from './settings'
import { createSmtpPool, type SmtpPool } from './smtp-pool'
import type { Smtp } from './smtp-url'

export type EmailOptions = {
  /** Null while the platform has no mail server: messages wait, and say so. */
  smtp: Smtp | null
  brand: MailBrand
  publicUrl: string
  nowUs: () => number
  timeoutMs: number
}

/**
 * Mail through one server of the platform's owner; the destination names the recipients. `warmUp` says why the server
 * cannot be used, or null.
 */
export function createEmailChannel(options: EmailOptions): Channel<EmailSettings, EmailBody> & {
  warmUp: () => Promise<string | null>
  /** Any other mail to one person, in no thread of an incident. */
  sendTo: (recipient: string, messageId: string, body: EmailBody) => Promise<SendResult>
} {
  const { smtp, nowUs, timeoutMs } = options
  const pool = smtp && createSmtpPool(smtp, timeoutMs)
  const send = async (request: EmailRequest): Promise<SendResult> =>
    smtp && pool ? sendEmail(smtp, pool, { nowUs, timeoutMs }, request) : noServer(nowUs())
  const render: Channel<EmailSettings, EmailBody>['render'] = (notice, marks) => renderEmail(options, notice, marks)
  return {
    id: 'email',
    name: 'E-mail',
    settings: EmailSettings,
    render,
    send,
    sendTo: (recipient, messageId, body) =>
      send({
        ...WARM_UP,
        settings: { recipients: [recipient] },
        messageId,
        thread: { id: messageId, isFirst: true },
        body,
      }),
    warmUp: async () => {
      // The first mail of a process costs tens of milliseconds to write.
      const body = render(SAMPLE, { mayBeRepeat: false })
      if (smtp === null || pool === null) return null
      await composeEmail(smtp.from, { ...WARM_UP, body }, nowUs())
      return reach(pool, timeoutMs)
    },
    close: async () => pool?.close(),
  }
}

/** Connects and signs in once, to say at start what else would be found at the first alert. */
const reach = (pool: SmtpPool, timeoutMs: number): Promise<string | null> =>
  pool.take(AbortSignal.timeout(timeoutMs)).then(
    (line) => {
      pool.giveBack(line, true)
      return null
    },
    (error: Error) => oneLine(error.message),
  )

const noServer = (finishedUs: number): SendResult => ({
  outcome: 'retry',
  replyCode: null,
  mayHaveArrived: false,
  reached: [],
  detail: 'The platform has no mail server. Set SMTP_URL and MAIL_FROM and restart it.',
  retryAfterMs: null,
  startedUs: null,
  finishedUs,
})

const WARM_UP: Omit<EmailRequest, 'body'> = {
  settings: { recipients: ['nobody@invalid.example'] },
  messageId: 'warm-up',
  thread: { id: 'warm-up', isFirst: true },
  mayBeRepeat: false,
  reached: [],
}

const SAMPLE: IncidentNotice = {
  type: 'incident.opened',
  incidentId: '',
  workspaceId: '',
  workspaceName: '',
  nodeId: '',
  nodeName: '',
  state: 'mitigating',
  revision: 1,
  score: 1,
  target: { addresses: [], ports: [] },
  vectors: [],
  wire: { pps: 0, bps: 0 },
  detectedUs: 0,
  resolvedUs: null,
}
