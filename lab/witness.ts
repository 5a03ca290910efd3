import http from 'node:http'
import { Webhook } from 'standardwebhooks'
import { nowUs, pass } from './clock'
import { type Records, readRecords } from './records'
import { SINK_PORT } from './witness-port'

/** Child process inside the platform's namespace: receives the alerts and asks the public status page until it tells. */

export type WitnessAsk =
  | { type: 'secret'; secret: string }
  | { type: 'alerts' }
  | { type: 'records'; databaseUrl: string; workspaceUuid: string; sinceUs: number }
  | { type: 'watch'; tag: string; url: string; shows: string; hides: string | null; timeoutMs: number; everyMs: number }

export type Alert = { atUs: number; verified: boolean; messageId: string; kind: string; incidentId: string }

export type WitnessEvent =
  | { type: 'ready' }
  | { type: 'alerts'; alerts: Alert[] }
  | { type: 'records'; records: Records }
  | { type: 'watched'; tag: string; atUs: number | null; requests: number }
  | { type: 'failed'; message: string }

let secret = ''
const alerts: Alert[] = []

function isSigned(body: string, headers: http.IncomingHttpHeaders): boolean {
  try {
    new Webhook(secret).verify(body, headers as Record<string, string>)
    return true
  } catch {
    return false
  }
}

const sink = http.createServer((request, response) => {
  const atUs = nowUs()
  let body = ''
  request.setEncoding('utf8')
  request.on('data', (chunk: string) => {
    body += chunk
  })
  request.on('end', () => {
    response.writeHead(204).end()
    const { type = '', data } = parse(body)
    const messageId = String(request.headers['webhook-id'] ?? '')
    alerts.push({
      atUs,
      verified: isSigned(body, request.headers),
      messageId,
      kind: type,
      incidentId: data?.incidentId ?? '',
    })
  })
})

function parse(body: string): { type?: string; data?: { incidentId?: string } } {
  try {
    return JSON.parse(body)
  } catch {
    return {}
  }
}

const keepAlive = new http.Agent({ keepAlive: true })

function get(url: string): Promise<{ status: number; body: string }> {
  return new Promise((resolve, reject) => {
    const request = http.get(url, { agent: keepAlive, timeout: 5_000 }, (response) => {
      let body = ''
      response.setEncoding('utf8')
      response.on('data', (chunk: string) => {
        body += chunk
      })
      response.on('end', () => resolve({ status: response.statusCode ?? 0, body }))
      response.on('error', reject)
    })
    request.on('error', reject)
    request.on('timeout', () => request.destroy(new Error('no answer within 5 s')))
  })
}

/** Asks every `everyMs`, one request at a time, until a 200 matches. */
async function watch({
  tag,
  url,
  shows,
  hides,
  timeoutMs,
  everyMs,
}: Extract<WitnessAsk, { type: 'watch' }>): Promise<WitnessEvent> {
  const deadline = performance.now() + timeoutMs
  const wanted = new RegExp(shows)
  const unwanted = hides === null ? null : new RegExp(hides)
  let requests = 0
  while (performance.now() < deadline) {
    const startedMs = performance.now()
    requests += 1
    const { status, body } = await get(url).catch(() => ({ status: 0, body: '' }))
    if (status === 200 && wanted.test(body) && !unwanted?.test(body))
      return { type: 'watched', tag, atUs: nowUs(), requests }
    await pass(everyMs - (performance.now() - startedMs))
  }
  return { type: 'watched', tag, atUs: null, requests }
}

process.on('disconnect', () => process.exit(0))
process.on('message', (ask: WitnessAsk) => {
  if (ask.type === 'secret') secret = ask.secret
  if (ask.type === 'alerts') process.send?.({ type: 'alerts', alerts } satisfies WitnessEvent)
  if (ask.type === 'watch') answer(watch(ask))
  if (ask.type === 'records') {
    const read = readRecords(ask.databaseUrl, ask.workspaceUuid, ask.sinceUs)
    answer(read.then((records): WitnessEvent => ({ type: 'records', records })))
  }
})

function answer(event: Promise<WitnessEvent>): void {
  event
    .catch((error: Error): WitnessEvent => ({ type: 'failed', message: error.message }))
    .then((settled) => process.send?.(settled))
    .catch(() => process.exit(1))
}

sink.listen(SINK_PORT, '127.0.0.1', () => process.send?.({ type: 'ready' } satisfies WitnessEvent))
