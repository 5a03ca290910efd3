import { createReadStream } from 'node:fs'
import { rm, stat } from 'node:fs/promises'
import { request as httpRequest, type IncomingMessage } from 'node:http'
import { request as httpsRequest } from 'node:https'
import { pipeline } from 'node:stream/promises'
import { errorText, systemCode } from '../errors'
import { authorizationHeader, type NodeKey, signAuth } from '../identity'
import type { Log } from '../log'

export type BundleFile = { path: string; sha256: string }

export type UploaderOptions = {
  gatewayUrl: string
  nodeId: string
  key: NodeKey
  log: Log
  /** False while an attack needs the line, or the platform is away: then uploads wait. */
  mayUpload(): boolean
  onUploaded(bundle: BundleFile): void
}

export type Uploader = {
  add(bundle: BundleFile): void
  /** Goes on, or breaks off the running upload, as `mayUpload` now says. */
  reconsider(): void
  stop(): void
}

const RETRY_MS = { first: 2_000, factor: 2, max: 300_000 }
const IDLE_TIMEOUT_MS = 60_000
/** What stands in front of a gateway takes requests of limited size: web 10 MiB, other proxies as they are set. */
const PART_BYTES_MAX = 4 * 1024 ** 2

type Answer = { status: number; offset: number | null; isComplete: boolean; body: string }

/** Uploads bundles one by one, resuming where the gateway's copy ends; a local copy goes only when its hash came back. */
export function createUploader(options: UploaderOptions): Uploader {
  const { log } = options
  const queue: BundleFile[] = []
  let running: AbortController | null = null
  let timer: NodeJS.Timeout | null = null
  let tries = 0

  const next = (): void => {
    const bundle = queue[0]
    if (!bundle || running || timer || !options.mayUpload()) return
    const abort = new AbortController()
    running = abort
    upload(options, bundle, abort.signal).then(
      (isDone) => settle(isDone ? bundle : null),
      (error: unknown) => {
        if (!abort.signal.aborted) log.warn({ sha256: bundle.sha256 }, `Evidence waits for upload: ${errorText(error)}`)
        settle(null)
      },
    )
  }

  const settle = (done: BundleFile | null): void => {
    const wasStopped = running?.signal.aborted
    running = null
    if (done) {
      queue.shift()
      tries = 0
      options.onUploaded(done)
      next()
    } else if (!wasStopped) {
      const delayMs = Math.min(RETRY_MS.max, RETRY_MS.first * RETRY_MS.factor ** tries)
      tries += 1
      timer = setTimeout(() => {
        timer = null
        next()
      }, delayMs).unref()
    } else next()
  }

  return {
    add(bundle) {
      if (queue.some(({ sha256 }) => sha256 === bundle.sha256)) return
      queue.push(bundle)
      next()
    },
    reconsider() {
      if (running && !options.mayUpload()) running.abort()
      else next()
    },
    stop() {
      if (timer) clearTimeout(timer)
      queue.length = 0
      running?.abort()
    },
  }
}

/** True when the gateway has the bundle and the local copy is gone. */
async function upload(options: UploaderOptions, bundle: BundleFile, signal: AbortSignal): Promise<boolean> {
  const { path, sha256 } = bundle
  const size = await stat(path).then(
    (file) => file.size,
    (error: unknown) => {
      if (systemCode(error) === 'ENOENT') return null
      throw error
    },
  )
  if (size === null) return true
  const head = await exchange(options, 'HEAD', bundle, signal)
  if (head.status !== 200) throw new Error(`the gateway answered ${head.status} to the question how far it is`)
  const from = head.isComplete || (head.offset ?? 0) >= size ? 0 : (head.offset ?? 0)
  // A finished upload is asked for again without bytes: only the hash it computed lets the local copy go.
  const put = head.isComplete
    ? await exchange(options, 'PUT', bundle, signal)
    : await sendParts(options, bundle, signal, { from, size })
  if (put.status !== 200 && put.status !== 201) throw new Error(`the gateway answered ${put.status}: ${put.body}`)
  if (readHash(put.body) !== sha256) throw new Error('the gateway returned another hash')
  await rm(path, { force: true })
  await rm(path.replace(/\.tar$/, '.json'), { force: true })
  options.log.info({ sha256, bytes: size }, 'evidence uploaded')
  return true
}

/** Sends part after part, and answers what the last one got. */
async function sendParts(
  options: UploaderOptions,
  bundle: BundleFile,
  signal: AbortSignal,
  { from, size }: { from: number; size: number },
): Promise<Answer> {
  for (let at = from; ; ) {
    const end = Math.min(size, at + PART_BYTES_MAX)
    const put = await exchange(options, 'PUT', bundle, signal, { from: at, end })
    if (put.status !== 202 || put.offset !== end || end === size) return put
    at = end
  }
}

function readHash(body: string): unknown {
  try {
    return (JSON.parse(body) as { sha256?: unknown }).sha256
  } catch {
    return null
  }
}

async function exchange(
  { gatewayUrl, nodeId, key }: UploaderOptions,
  method: 'HEAD' | 'PUT',
  { path, sha256 }: BundleFile,
  signal: AbortSignal,
  part: { from: number; end: number } | null = null,
): Promise<Answer> {
  const route = `/gateway/evidence/${sha256}`
  const url = new URL(route, gatewayUrl)
  const auth = authorizationHeader(signAuth(key, nodeId, `${method} ${route}`, Date.now()))
  const headers: Record<string, string | number> = {
    authorization: auth,
    'content-length': part ? part.end - part.from : 0,
  }
  if (part) headers['upload-offset'] = part.from
  const send = url.protocol === 'https:' ? httpsRequest : httpRequest
  const request = send(url, { method, headers, signal, timeout: IDLE_TIMEOUT_MS })
  request.on('timeout', () => request.destroy(new Error('the gateway does not answer')))
  const answered = new Promise<IncomingMessage>((resolve, reject) => {
    request.on('response', resolve)
    request.on('error', reject)
  })
  // A refusal may come before all bytes are sent: the answer counts, not the broken pipe.
  const sent = part
    ? pipeline(createReadStream(path, { start: part.from, end: part.end - 1 }), request)
    : Promise.resolve(request.end())
  sent.catch(() => undefined)
  return readAnswer(await answered)
}

async function readAnswer(response: IncomingMessage): Promise<Answer> {
  let body = ''
  response.setEncoding('utf8')
  for await (const text of response) body = (body + text).slice(0, 4_096)
  const offset = response.headers['upload-offset']
  return {
    status: response.statusCode ?? 0,
    offset: typeof offset === 'string' && /^\d+$/.test(offset) ? Number(offset) : null,
    isComplete: response.headers['upload-complete'] === '?1',
    body,
  }
}
