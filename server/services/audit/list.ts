import { z } from 'zod'
import { Prisma, type Tx } from '../../db/pool'
import { type Ctx, inTenant, parseInput, requirePermission } from '../context'
import { idsNamed, namesOfIds } from './names'

/** What somebody looks for in the log; all of it must fit. */
export const AuditFilter = z.object({
  /** In names, ids, actions and in what was before and after. */
  text: z.string().trim().max(100).default(''),
  actor: z
    .object({ kind: z.string().max(32), id: z.string().max(128).nullable().default(null) })
    .nullable()
    .default(null),
  /** `member.remove`, or `member` for all that is done to members. */
  action: z
    .string()
    .regex(/^[a-z_]+(\.[a-z_]+)?$/)
    .nullable()
    .default(null),
  subject: z
    .object({ kind: z.string().max(64), id: z.string().max(128).nullable().default(null) })
    .nullable()
    .default(null),
  fromMs: z.int().nonnegative().nullable().default(null),
  untilMs: z.int().nonnegative().nullable().default(null),
})
export type AuditFilter = z.output<typeof AuditFilter>

const Input = AuditFilter.extend({
  /** Rows older than this one. */
  beforeSeq: z.int().positive().nullable().default(null),
  limit: z.int().min(1).max(1_000).default(100),
})

export type AuditEntry = {
  id: string
  /** Place in the workspace's chain, from 1. */
  seq: number
  at: Date
  actorKind: string
  actorId: string
  action: string
  subjectKind: string
  subjectId: string
  before: unknown
  after: unknown
  prevHash: string
  hash: string
}

export type AuditPage = {
  entries: AuditEntry[]
  /** What ids in these entries stand for. */
  names: Map<string, string>
  /** Give it as `beforeSeq` for the rows that follow; null when there are none. */
  nextSeq: number | null
}

/** Newest first. */
export async function listAudit({ ctx, input = {} }: { ctx: Ctx; input?: z.input<typeof Input> }): Promise<AuditPage> {
  requirePermission(ctx, 'audit.read')
  const { limit, beforeSeq, ...filter } = parseInput(Input, input)
  return inTenant(ctx, async (tx) => {
    const rows = await readEntries(tx, ctx.workspaceId, { filter, beforeSeq, limit: limit + 1 })
    const entries = rows.slice(0, limit)
    const names = await namesOfIds(tx, ctx.workspaceId, idsIn(entries))
    return { entries, names, nextSeq: rows.length > limit ? (entries.at(-1)?.seq ?? null) : null }
  })
}

type Row = Omit<AuditEntry, 'seq'> & { seq: bigint }

async function readEntries(
  tx: Tx,
  workspaceId: string,
  { filter, beforeSeq, limit }: { filter: AuditFilter; beforeSeq: number | null; limit: number },
): Promise<AuditEntry[]> {
  const wanted = [Prisma.sql`e.workspace_id = ${workspaceId}::uuid`, ...conditionsOf(workspaceId, filter)]
  if (beforeSeq !== null) wanted.push(Prisma.sql`e.seq < ${beforeSeq}::bigint`)
  const rows = await tx.$queryRaw<Row[]>`
    SELECT e.id, e.seq, e.at, e.actor_kind AS "actorKind", e.actor_id AS "actorId", e.action,
      e.subject_kind AS "subjectKind", e.subject_id AS "subjectId", e.before, e.after, e.prev_hash AS "prevHash", e.hash
    FROM audit_entry e WHERE ${Prisma.join(wanted, ' AND ')} ORDER BY e.seq DESC NULLS LAST LIMIT ${limit}::int`
  return rows.map((row) => ({ ...row, seq: Number(row.seq) }))
}

function conditionsOf(workspaceId: string, filter: AuditFilter): Prisma.Sql[] {
  const { text, actor, action, subject, fromMs, untilMs } = filter
  const all: Prisma.Sql[] = []
  if (actor) all.push(Prisma.sql`e.actor_kind = ${actor.kind}`)
  if (actor?.id) all.push(Prisma.sql`e.actor_id = ${actor.id}`)
  if (action) all.push(Prisma.sql`(e.action = ${action} OR starts_with(e.action, ${`${action}.`}))`)
  if (subject) all.push(Prisma.sql`e.subject_kind = ${subject.kind}`)
  if (subject?.id) all.push(Prisma.sql`e.subject_id = ${subject.id}`)
  if (fromMs !== null) all.push(Prisma.sql`e.at >= ${new Date(fromMs)}`)
  if (untilMs !== null) all.push(Prisma.sql`e.at < ${new Date(untilMs)}`)
  if (text !== '') all.push(holds(workspaceId, text))
  return all
}

/** Per cent and underscore are what they say, not wildcards. */
function holds(workspaceId: string, text: string): Prisma.Sql {
  const pattern = `%${text.replace(/[\\%_]/g, (sign) => `\\${sign}`)}%`
  return Prisma.sql`(concat_ws(' ', e.action, e.actor_id, e.subject_kind, e.subject_id, e.before, e.after) ILIKE ${pattern}
    OR e.actor_id IN (${idsNamed(workspaceId, pattern)}) OR e.subject_id IN (${idsNamed(workspaceId, pattern)}))`
}

const UUID = /[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/g

/** Every id that these rows mention, in what was before and after as well. */
function idsIn(entries: readonly AuditEntry[]): string[] {
  const said = entries.map(({ actorId, subjectId, before, after }) => [actorId, subjectId, before, after])
  return [...new Set(JSON.stringify(said).match(UUID))]
}
