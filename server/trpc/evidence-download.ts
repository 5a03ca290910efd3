import { createReadStream } from 'node:fs'
import { Readable } from 'node:stream'
import { parseId } from '../core/ids'
import { getEvidenceDownload } from '../services/evidence/get-download'
import { type FileRequest, fileHeaders, replyWithFile } from './file-reply'

/** Streams the bundle of an incident. Who took it is written down before the first byte leaves. */
export function downloadEvidence({ id, ...request }: FileRequest & { id: string }): Promise<Response> {
  return replyWithFile(request, async (ctx) => {
    const bundle = await getEvidenceDownload({ ctx, input: { incidentId: parseId('inc', id) } })
    return new Response(Readable.toWeb(createReadStream(bundle.path)) as ReadableStream, {
      headers: {
        ...fileHeaders('application/octet-stream', bundle.fileName),
        'Content-Length': String(bundle.bytes),
        'Repr-Digest': `sha-256=:${Buffer.from(bundle.sha256, 'hex').toString('base64')}:`,
      },
    })
  })
}
