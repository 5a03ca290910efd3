import { createReadStream } from 'node:fs'
import { Readable } from 'node:stream'
import { getHTTPStatusCodeFromError } from '@trpc/server/http'
import { UnauthenticatedError } from '../core/errors'
import { parseId } from '../core/ids'
import { getEvidenceDownload } from '../services/evidence/get-download'
import { getMembership } from '../services/members/get-for-user'
import { createContext } from './context'
import { toTRPCError } from './to-trpc-error'

/** Streams the bundle of an incident. Who took it is written down before the first byte leaves. */
export async function downloadEvidence(given: { workspace: string; id: string }): Promise<Response> {
  try {
    const { db, session } = await createContext()
    if (!session) throw new UnauthenticatedError()
    const membership = await getMembership({ db, input: { userId: session.userId, slug: given.workspace } })
    const actor = { kind: 'user', userId: session.userId, grants: membership.grants } as const
    const ctx = { db, workspaceId: membership.workspaceId, actor }
    const bundle = await getEvidenceDownload({ ctx, input: { incidentId: parseId('inc', given.id) } })
    return new Response(Readable.toWeb(createReadStream(bundle.path)) as ReadableStream, {
      headers: {
        'Content-Type': 'application/octet-stream',
        'Content-Length': String(bundle.bytes),
        'Content-Disposition': `attachment; filename="${bundle.fileName}"`,
        'Cache-Control': 'private, no-store',
        'Repr-Digest': `sha-256=:${Buffer.from(bundle.sha256, 'hex').toString('base64')}:`,
      },
    })
  } catch (error) {
    const { code, message } = toTRPCError(error)
    // A malformed id leads to nothing, like a foreign one.
    const status = code === 'BAD_REQUEST' ? 404 : getHTTPStatusCodeFromError(toTRPCError(error))
    return new Response(`${message}\n`, { status, headers: { 'Content-Type': 'text/plain; charset=utf-8' } })
  }
}
