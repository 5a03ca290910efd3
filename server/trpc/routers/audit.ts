import { z } from 'zod'
import { type AuditEntry, type AuditPage, listAudit } from '../../services/audit/list'
import { verifyAudit } from '../../services/audit/verify'
import { router, workspaceProcedure } from '../init'

/** What somebody looks for, flat, as it stands in an address as well. `actor`: a kind, or `kind:id`. */
export const AuditQuery = z.object({
  text: z.string().max(100).default(''),
  actor: z.string().max(200).default(''),
  action: z.string().max(64).default(''),
  fromMs: z.int().nonnegative().nullable().default(null),
  untilMs: z.int().nonnegative().nullable().default(null),
})

export function toFilter({ actor, action, ...rest }: z.output<typeof AuditQuery>) {
  const [kind = '', id = null] = actor.split(':')
  return { ...rest, actor: kind === '' ? null : { kind, id }, action: action || null }
}

export type AuditEntryView = {
  seq: number
  atMs: number
  actor: { kind: string; id: string; name: string | null }
  action: string
  subject: { kind: string; id: string; name: string | null }
  before?: unknown
  after?: unknown
  hash: string
}

const toView = (entry: AuditEntry, names: AuditPage['names']): AuditEntryView => ({
  seq: entry.seq,
  atMs: entry.at.getTime(),
  actor: { kind: entry.actorKind, id: entry.actorId, name: names.get(entry.actorId) ?? null },
  action: entry.action,
  subject: { kind: entry.subjectKind, id: entry.subjectId, name: names.get(entry.subjectId) ?? null },
  before: entry.before,
  after: entry.after,
  hash: entry.hash,
})

export const audit = router({
  list: workspaceProcedure
    .input(AuditQuery.extend({ cursor: z.int().positive().nullish(), limit: z.int().min(1).max(100).default(50) }))
    .query(async ({ ctx, input: { workspace: _, cursor, limit, ...query } }) => {
      const filter = toFilter(query)
      const page = await listAudit({ ctx: ctx.verb, input: { ...filter, beforeSeq: cursor ?? null, limit } })
      return {
        entries: page.entries.map((entry) => toView(entry, page.names)),
        names: Object.fromEntries(page.names),
        nextCursor: page.nextSeq,
      }
    }),
  /** Reckons the chain again; slow on purpose, so it is asked for and never run beside a page. */
  verify: workspaceProcedure.query(({ ctx }) => verifyAudit({ ctx: ctx.verb })),
})
