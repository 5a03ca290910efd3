import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Logger } from 'pino'
import type { AgentIdentity, AuthenticateAgent } from './authenticate-agent'
import { type EvidenceStore, UploadConflict } from './evidence-store'
import { addressOf, type Route, sendFailure, sendJson } from './http'
import type { Metrics } from './metrics'
import type { Refusals } from './refusals'
import { WireFailure } from './wire-failure'

export type EvidenceUploadOptions = {
  authenticate: AuthenticateAgent
  /** Size this node announced for the bundle, in bytes; null when it announced none with this hash. */
  findAnnounced: (identity: AgentIdentity, sha256: string) => Promise<{ bytes: number; isUploaded: boolean } | null>
  completeUpload: (identity: AgentIdentity, stored: { sha256: string; bytes: number; path: string }) => Promise<void>
  store: EvidenceStore
  refusals: Refusals
  metrics: Metrics
  log: Logger
}

const PATH = /^\/gateway\/evidence\/([0-9a-f]{64})$/

/**
 * Resumable upload of a bundle by its hash. HEAD answers `Upload-Offset`, `Upload-Length` and `Upload-Complete`; PUT
 * carries the bytes from `Upload-Offset` (or `Content-Range`) on. A finished PUT answers the hash that was computed here.
 */
export function evidenceRoute(options: EvidenceUploadOptions): Route {
  const { findAnnounced, store } = options
  return {
    method: ['HEAD', 'PUT'],
    path: PATH,
    handle: async (request, response, path) => {
      const sha256 = PATH.exec(path)?.[1] as string
      const identity = await prove(options, request, `${request.method} ${path}`)
      const announced = await findAnnounced(identity, sha256)
      if (announced === null) {
        const failure = new WireFailure('bad_message', 'No bundle with this hash was announced. Announce it first.')
        return sendFailure(request, response, failure, 404)
      }
      const upload = { workspaceId: identity.workspaceId, sha256, bytes: announced.bytes }
      if (request.method === 'HEAD') {
        const offset = announced.isUploaded ? announced.bytes : await store.offsetOf(upload)
        response.writeHead(200, uploadHeaders(offset, announced.bytes, announced.isUploaded)).end()
        return
      }
      if (announced.isUploaded) return sendJson(response, 200, { sha256, bytes: announced.bytes })
      await receive(options, identity, upload, request, response)
    },
  }
}

async function prove(
  { authenticate, refusals }: EvidenceUploadOptions,
  request: IncomingMessage,
  purpose: string,
): Promise<AgentIdentity> {
  try {
    return await authenticate(purpose, readClaim(request))
  } catch (error) {
    if (error instanceof WireFailure) refusals.note('upload', error, addressOf(request))
    throw error
  }
}

async function receive(
  { store, completeUpload, metrics, log }: EvidenceUploadOptions,
  identity: AgentIdentity,
  upload: { workspaceId: string; sha256: string; bytes: number },
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const offset = offsetOf(request)
  try {
    const result = await store.write(upload, offset, request, (bytes) => metrics.evidenceBytes.inc(bytes))
    if (!result.isComplete) {
      response.writeHead(202, uploadHeaders(result.offset, upload.bytes, false)).end()
      return
    }
    await completeUpload(identity, { sha256: upload.sha256, bytes: upload.bytes, path: result.path })
    log.info({ nodeId: identity.nodeId, sha256: upload.sha256, bytes: upload.bytes }, 'evidence uploaded')
    sendJson(response, 200, { sha256: result.sha256, bytes: upload.bytes })
  } catch (error) {
    if (!(error instanceof UploadConflict)) throw error
    response.setHeader('upload-offset', error.offset)
    sendFailure(request, response, new WireFailure('bad_message', error.message), 409)
  }
}

const uploadHeaders = (offset: number, length: number, isComplete: boolean) => ({
  'upload-offset': offset,
  'upload-length': length,
  'upload-complete': isComplete ? '?1' : '?0',
  'cache-control': 'no-store',
})

function readClaim(request: IncomingMessage): unknown {
  const text = /^Agent ([A-Za-z0-9_-]{1,4096})$/.exec(request.headers.authorization ?? '')?.[1]
  if (text === undefined) throw new WireFailure('bad_signature', 'The request carries no proof of identity.')
  try {
    return JSON.parse(Buffer.from(text, 'base64url').toString('utf8'))
  } catch (cause) {
    throw new WireFailure('bad_message', 'The proof of identity is malformed. Update the agent.', { cause })
  }
}

function offsetOf(request: IncomingMessage): number {
  const range = /^bytes (\d{1,15})-/.exec(request.headers['content-range'] ?? '')?.[1]
  const text = request.headers['upload-offset'] ?? range ?? '0'
  const offset = Number(text)
  if (!Number.isSafeInteger(offset) || offset < 0)
    throw new WireFailure('bad_message', 'The upload offset is no number.')
  return offset
}
