import { getHTTPStatusCodeFromError } from '@trpc/server/http'
import { UnauthenticatedError } from '../core/errors'
import type { Ctx } from '../services/context'
import { getMembership } from '../services/members/get-for-user'
import { type Context, createContext } from './context'
import { toTRPCError } from './to-trpc-error'

export type FileRequest = {
  /** Slug of the workspace. */
  workspace: string
  /** Who asks; the session of this request unless a test says otherwise. */
  context?: () => Promise<Context>
}

type Work = (ctx: Ctx, context: Context & { userName: string; workspaceName: string }) => Promise<Response>

/** Answers a route that gives a file: whoever is signed in and a member goes on to `work`; a refusal is said in plain text. */
export async function replyWithFile(
  { workspace, context = createContext }: FileRequest,
  work: Work,
): Promise<Response> {
  let log: Context['log'] | null = null
  try {
    const given = await context()
    log = given.log
    const { db, session } = given
    if (!session) throw new UnauthenticatedError()
    const { userId, boundTo } = session
    const membership = await getMembership({ db, input: { userId, boundTo, slug: workspace } })
    const actor = { kind: 'user', userId, grants: membership.grants } as const
    const ctx = { db, workspaceId: membership.workspaceId, actor }
    return await work(ctx, { ...given, userName: session.name, workspaceName: membership.name })
  } catch (error) {
    const said = toTRPCError(error)
    if (said.code === 'INTERNAL_SERVER_ERROR') log?.error({ err: error }, 'giving a file failed')
    return refusal(said)
  }
}

function refusal(error: ReturnType<typeof toTRPCError>): Response {
  // A malformed id leads to nothing, like a foreign one.
  const isUnknownId = error.code === 'BAD_REQUEST' && /is not an id/.test(error.message)
  const status = isUnknownId ? 404 : getHTTPStatusCodeFromError(error)
  return new Response(`${error.message}\n`, { status, headers: { 'Content-Type': 'text/plain; charset=utf-8' } })
}

/** Headers of a file that is one reader's alone. */
export const fileHeaders = (contentType: string, fileName: string): Record<string, string> => ({
  'Content-Type': contentType,
  'Content-Disposition': `attachment; filename="${fileName.replace(/[^\w.-]+/g, '-')}"`,
  'Cache-Control': 'private, no-store',
})

/** Sends text as it comes to be: the next part is made when the one before it has left. */
export function streamOf(text: AsyncGenerator<string>): ReadableStream<Uint8Array> {
  const encoder = new TextEncoder()
  return new ReadableStream({
    async pull(controller) {
      const { done, value } = await text.next()
      if (done) controller.close()
      else controller.enqueue(encoder.encode(value))
    },
    async cancel() {
      await text.return(undefined)
    },
  })
}
