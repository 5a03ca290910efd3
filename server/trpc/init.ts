import { initTRPC, type TRPCError } from '@trpc/server'
import { z } from 'zod'
import type { Session } from '../auth/session-reader'
import { TidegateError, UnauthenticatedError, ValidationError } from '../core/errors'
import { type IdPrefix, parseId } from '../core/ids'
import { type Ctx, openReading, type SharedReading } from '../services/context'
import { getMembership } from '../services/members/get-for-user'
import type { Context } from './context'
import { toTRPCError } from './to-trpc-error'

const t = initTRPC.context<Context>().create({
  // A stack never leaves the server, in development neither.
  errorFormatter: ({ shape, error }) => ({
    ...shape,
    data: {
      ...shape.data,
      stack: undefined,
      field: error.cause instanceof TidegateError ? error.cause.field : null,
    },
  }),
})

export const { router, createCallerFactory } = t

/** The one place that turns our errors into tRPC's. What is not ours is logged and said in a fixed sentence. */
const procedure = t.procedure.use(async ({ ctx, path, next }) => {
  const result = await next()
  if (result.ok || result.error.cause === undefined) return result
  const error = toTRPCError(causeOf(result.error))
  if (error.code === 'INTERNAL_SERVER_ERROR') ctx.log.error({ err: result.error.cause, path }, 'procedure failed')
  throw error
})

/** Input that its shape refuses is said by its first fault; what else a shape threw over it (see `readAs`) is malformed too. */
function causeOf({ code, cause }: TRPCError): unknown {
  if (cause instanceof TidegateError || code !== 'BAD_REQUEST') return cause
  const issue = cause instanceof z.ZodError ? cause.issues[0] : undefined
  const where = issue?.path.join('.') ?? ''
  return new ValidationError(
    `What was sent is malformed${where === '' ? '' : ` at ${where}`}: ${issue?.message ?? 'unreadable'}. Load the page again and repeat it.`,
    where || null,
  )
}

/** Open to everybody. */
export const publicProcedure = procedure

/** Needs a live session. */
export const sessionProcedure = procedure.use(({ ctx, next }) => {
  if (!ctx.session) throw toTRPCError(new UnauthenticatedError())
  return next({ ctx: { ...ctx, session: ctx.session } })
})

function membershipOf(
  { db, memberships }: Context,
  { userId, boundTo }: Session,
  slug: string,
): ReturnType<typeof getMembership> {
  const reading = memberships?.get(slug) ?? getMembership({ db, input: { userId, boundTo, slug } })
  memberships?.set(slug, reading)
  return reading
}

function readingOf({ db, readings }: Context, workspaceId: string): SharedReading | undefined {
  const reading = readings?.get(workspaceId) ?? openReading(db, workspaceId)
  readings?.set(workspaceId, reading)
  return reading
}

/** Needs membership of the workspace named by its slug, and gives verbs their context for it. */
export const workspaceProcedure = sessionProcedure
  .input(z.object({ workspace: z.string().min(1).max(64) }))
  .use(async ({ ctx, input, next, type }) => {
    const { userId } = ctx.session
    const membership = await membershipOf(ctx, ctx.session, input.workspace)
    const verb: Ctx = {
      workspaceId: membership.workspaceId,
      actor: { kind: 'user', userId, grants: membership.grants },
      db: ctx.db,
      reading: type === 'query' ? readingOf(ctx, membership.workspaceId) : undefined,
    }
    return next({ ctx: { ...ctx, membership, verb } })
  })

/** An id as it stands in addresses, read into the form verbs take. */
export const idOf = (prefix: IdPrefix) =>
  z
    .string()
    .max(64)
    .transform((text) => parseId(prefix, text))
