import { Webhook } from 'standardwebhooks'
import { type Dispatcher, errors } from 'undici'
import type { SendRequest, SendResult } from './channel'
import { classifyStatus, parseRetryAfter } from './classify-reply'
import { DestinationRefused } from './guarded-agent'
import { oneLine } from './one-line'
import { recordStart } from './record-start'
import { urlProblems, type WebhookSettings } from './settings'

const REPLY_BYTES_MAX = 65_536

export type SendOptions = {
  nowUs: () => number
  /** The whole attempt, connection included. */
  timeoutMs?: number
}

function headersOf({ settings, messageId, body, mayBeRepeat }: SendRequest<WebhookSettings, string>, nowUs: number) {
  const sentAt = new Date(nowUs / 1_000)
  const secrets = [settings.secret, settings.previousSecret].filter((secret) => secret != null)
  return {
    'content-type': 'application/json',
    'user-agent': 'alert-webhook/1',
    'webhook-id': messageId,
    'webhook-timestamp': String(Math.floor(sentAt.getTime() / 1_000)),
    'webhook-signature': secrets.map((secret) => new Webhook(secret).sign(messageId, sentAt, body)).join(' '),
    ...(mayBeRepeat ? { 'webhook-repeat': 'possible' } : {}),
  }
}

/** One attempt. Never throws: what went wrong is in the result. */
export async function sendWebhook(
  agent: Dispatcher,
  { nowUs, timeoutMs = 20_000 }: SendOptions,
  request: SendRequest<WebhookSettings, string>,
): Promise<SendResult> {
  let startedUs: number | null = null
  const dispatcher = agent.compose(
    recordStart(() => {
      startedUs = nowUs()
    }),
  )
  const result = (outcome: SendResult['outcome'], part: Partial<SendResult>): SendResult => ({
    outcome,
    replyCode: null,
    mayHaveArrived: false,
    reached: [],
    detail: '',
    retryAfterMs: null,
    ...part,
    startedUs,
    finishedUs: nowUs(),
  })
  const url = new URL(request.settings.url)
  const problem = urlProblems(url)[0]
  if (problem !== undefined) return result('failed', { detail: problem })
  try {
    const reply = await dispatcher.request({
      origin: url.origin,
      path: `${url.pathname}${url.search}`,
      method: 'POST',
      headers: headersOf(request, nowUs()),
      body: request.body,
      signal: AbortSignal.timeout(timeoutMs),
      headersTimeout: timeoutMs,
      bodyTimeout: timeoutMs,
    })
    return result(classifyStatus(reply.statusCode), {
      replyCode: reply.statusCode,
      detail: await readShort(reply.body),
      retryAfterMs: parseRetryAfter(singleHeader(reply.headers['retry-after']), nowUs() / 1_000),
    })
  } catch (error) {
    const outcome = error instanceof DestinationRefused ? 'failed' : 'retry'
    return result(outcome, { detail: explain(error, timeoutMs), mayHaveArrived: startedUs !== null })
  }
}

const singleHeader = (value: string | string[] | undefined): string | undefined =>
  Array.isArray(value) ? value[0] : value

/** First characters of the reply; a reply over the cap is cut off with its connection. Never fails: the status counts. */
async function readShort(body: Dispatcher.ResponseData['body']): Promise<string> {
  const parts: Buffer[] = []
  let bytes = 0
  try {
    for await (const chunk of body) {
      bytes += (chunk as Buffer).length
      if (bytes > REPLY_BYTES_MAX) break
      if (parts.length < 8) parts.push(chunk as Buffer)
    }
  } catch {
    return 'reply broke off'
  }
  const text = Buffer.concat(parts).toString('utf8')
  return oneLine(text)
}

function explain(error: unknown, timeoutMs: number): string {
  if (error instanceof DestinationRefused) return error.message
  const isTimeout =
    error instanceof errors.HeadersTimeoutError ||
    error instanceof errors.BodyTimeoutError ||
    (error instanceof Error && error.name === 'TimeoutError')
  if (isTimeout) return `no complete answer within ${timeoutMs / 1_000} s`
  const { code, message } = error as NodeJS.ErrnoException
  return oneLine(`${code ?? 'error'}: ${message}`)
}
