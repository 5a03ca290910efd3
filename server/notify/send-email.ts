import { Readable } from 'node:stream'
import type { SendRequest, SendResult } from './channel'
import { classifySmtp, type SmtpStage, stageOf } from './classify-smtp'
import { composeEmail } from './compose-email'
import { oneLine } from './one-line'
import type { EmailBody } from './render-email'
import type { EmailSettings } from './settings'
import { LINES_MAX, type SmtpLine, type SmtpPool } from './smtp-pool'
import type { Smtp } from './smtp-url'

export type EmailRequest = SendRequest<EmailSettings, EmailBody>
export type EmailSendOptions = { nowUs: () => number /** The whole attempt. */; timeoutMs: number }

type SmtpError = Error & {
  code?: string
  command?: string
  responseCode?: number
  response?: string
  recipient?: string
  rejectedErrors?: SmtpError[]
}

/** How one mail transaction ended. */
type Ended = {
  startedUs: number | null
  stage: SmtpStage
  code: number | null
  said: string
  /** All of the mail left us, its final dot included. */
  isSent: boolean
  accepted: string[]
  refused: { recipient: string; code: number | null; said: string }[]
}

/** One attempt. Never throws: what went wrong is in the result. */
export async function sendEmail(
  smtp: Smtp,
  pool: SmtpPool,
  options: EmailSendOptions,
  request: EmailRequest,
): Promise<SendResult> {
  const { nowUs, timeoutMs } = options
  const to = request.settings.recipients.filter((address) => !request.reached.includes(address))
  const mail = await composeEmail(smtp.from, request, nowUs())
  const signal = AbortSignal.timeout(timeoutMs)
  // Lines kept from before may be dead: nothing left us then, so the next tries at once.
  for (let turn = 0; turn <= LINES_MAX; turn += 1) {
    const ended = await transact(pool, signal, nowUs, { from: smtp.from.address, to }, mail)
    if (ended !== 'line was dead') return toResult(ended, nowUs())
  }
  return toResult(failed(null, new Error('the server closed every connection'), false), nowUs())
}

async function transact(
  pool: SmtpPool,
  signal: AbortSignal,
  nowUs: () => number,
  envelope: { from: string; to: string[] },
  mail: Buffer,
): Promise<Ended | 'line was dead'> {
  let line: SmtpLine
  try {
    line = await pool.take(signal)
  } catch (error) {
    return failed(null, error as SmtpError, false)
  }
  const startedUs = nowUs()
  const ended = await send(line, signal, envelope, mail)
  const isAnswered = ended.code !== null
  pool.giveBack(line, isAnswered && ended.code === 250 && ended.stage === 'content')
  if (!line.isFresh && !isAnswered && ended.stage === 'connection' && !ended.isSent && !signal.aborted) {
    return 'line was dead'
  }
  return { ...ended, startedUs }
}

function send(
  { connection }: SmtpLine,
  signal: AbortSignal,
  envelope: { from: string; to: string[] },
  mail: Buffer,
): Promise<Ended> {
  return new Promise((resolve) => {
    let isSent = false
    const onError = (error: Error): void => settle(failed(null, error, isSent))
    const onAbort = (): void => settle(failed(null, signal.reason as Error, isSent))
    const settle = (ended: Ended): void => {
      connection.off('error', onError)
      connection.off('end', onEnd)
      signal.removeEventListener('abort', onAbort)
      resolve(ended)
    }
    const onEnd = (): void => settle(failed(null, new Error('the connection was closed'), isSent))
    connection.on('error', onError)
    connection.on('end', onEnd)
    signal.addEventListener('abort', onAbort)
    // As a stream, to know when the last byte was handed over.
    const content = Readable.from([mail]).once('end', () => {
      isSent = true
    })
    connection.send({ ...envelope, size: mail.length }, content, (error, info) => {
      if (error) return settle(failed(null, error as SmtpError, isSent))
      const refused = (info.rejectedErrors ?? []) as SmtpError[]
      settle({
        startedUs: null,
        stage: 'content',
        code: codeOf(info.response),
        said: info.response,
        isSent,
        accepted: info.accepted.map(String),
        refused: refused.map(toRefused),
      })
    })
  })
}

const codeOf = (response: string): number | null => Number(/^\d{3}/.exec(response)?.[0]) || null

const toRefused = (error: SmtpError) => ({
  recipient: error.recipient ?? '',
  code: error.responseCode ?? null,
  said: error.response ?? error.message,
})

function failed(startedUs: number | null, error: SmtpError, isSent: boolean): Ended {
  const refused = (error.rejectedErrors ?? []).map(toRefused)
  // With every recipient refused the worst is permanent only when none is temporary.
  const code = refused.find((one) => one.code !== null && one.code < 500)?.code ?? error.responseCode ?? null
  return {
    startedUs,
    stage: refused.length > 0 ? 'recipients' : stageOf(error.command),
    code,
    said: error.response ?? explain(error),
    isSent,
    accepted: [],
    refused,
  }
}

const explain = ({ name, code, message }: SmtpError): string =>
  name === 'TimeoutError' ? 'no complete answer in time' : `${code ?? 'error'}: ${message}`

function toResult(ended: Ended, finishedUs: number): SendResult {
  const { startedUs, code, stage, isSent, accepted, refused } = ended
  const isRefusedForNow = refused.some((one) => one.code === null || one.code < 500)
  const outcome = classifySmtp(code, stage)
  return {
    outcome: outcome === 'delivered' && isRefusedForNow ? 'retry' : outcome,
    replyCode: code,
    mayHaveArrived: isSent && code === null,
    reached: outcome === 'delivered' ? accepted : [],
    detail: detailOf(ended),
    retryAfterMs: null,
    startedUs,
    finishedUs,
  }
}

const REFUSED_SHOWN = 3

function detailOf({ said, accepted, refused }: Ended): string {
  if (refused.length === 0) return oneLine(said)
  const shown = refused.slice(0, REFUSED_SHOWN).map((one) => `${one.recipient}: ${oneLine(one.said, 100)}`)
  const more = refused.length > REFUSED_SHOWN ? ` and ${refused.length - REFUSED_SHOWN} more` : ''
  const count = `${accepted.length} of ${accepted.length + refused.length} recipients accepted`
  return oneLine(`${count}; refused ${shown.join('; ')}${more}`, 400)
}
