import { Prisma, type Tx } from '../../db/pool'
import { type Ctx, inTenant, requirePermission } from '../context'

/**
 * What is wrong with the first row that does not fit. `changed`: it says something else than when it was written; `missing`: rows
 * before it are gone; `unlinked`: the row before it is another one than then; `unchained`: it was put in past the chain; `cut`: rows
 * at the end are gone.
 */
export type ChainFault = 'changed' | 'missing' | 'unlinked' | 'unchained' | 'cut'

export type ChainCheck = {
  /** Rows that fit, from the first. */
  checked: number
  /** Where the chain ends: kept elsewhere, it proves later that nothing up to here was rewritten. */
  head: { seq: number; hash: string }
  broken: { fault: ChainFault; seq: number; id: string | null } | null
}

type Link = { seq: number; hash: string }
const GENESIS: Link = { seq: 0, hash: '0'.repeat(64) }
const BATCH_ROWS = 10_000

/** Reckons every hash of the workspace's chain again, from the first row to the last, and names the first that does not fit. */
export async function verifyAudit({ ctx }: { ctx: Ctx }): Promise<ChainCheck> {
  requirePermission(ctx, 'audit.read')
  let last = GENESIS
  for (;;) {
    const part = await inTenant(ctx, (tx) => checkPart(tx, ctx.workspaceId, last))
    const head = part.head ?? GENESIS
    if (part.broken) return { checked: part.broken.seq - 1, head, broken: part.broken }
    last = part.last ?? last
    if (part.rows === BATCH_ROWS) continue
    return { checked: last.seq, head, broken: part.stray ?? endFault(head, last) }
  }
}

/** Rows missing at the end, or more of them than the head knows. */
function endFault(head: Link, last: Link): ChainCheck['broken'] {
  if (head.seq === last.seq && head.hash === last.hash) return null
  return { fault: 'cut', seq: Math.min(head.seq, last.seq) + 1, id: null }
}

type Part = {
  rows: number
  last: Link | null
  head: Link | null
  broken: ChainCheck['broken']
  /** A row that was never linked. */
  stray: ChainCheck['broken']
}

/** One statement, so that rows and head are of one moment. */
async function checkPart(tx: Tx, workspaceId: string, after: Link): Promise<Part> {
  const ws = Prisma.sql`${workspaceId}::uuid`
  const [row] = await tx.$queryRaw<{ part: Part }[]>`
    WITH part AS (
      SELECT e.id, e.seq, e.hash, e.prev_hash, audit_hash(e, e.seq, e.prev_hash) AS reckoned,
        coalesce(lag(e.hash) OVER by_seq, ${after.hash}) AS hash_before,
        coalesce(lag(e.seq) OVER by_seq, ${after.seq}::bigint) + 1 AS seq_due
      FROM audit_entry e WHERE e.workspace_id = ${ws} AND e.seq > ${after.seq}::bigint
      WINDOW by_seq AS (ORDER BY e.seq) ORDER BY e.seq LIMIT ${BATCH_ROWS}::int),
    judged AS (
      SELECT p.id, p.seq, CASE WHEN p.seq <> p.seq_due THEN 'missing' WHEN p.hash IS DISTINCT FROM p.reckoned THEN 'changed'
        WHEN p.prev_hash IS DISTINCT FROM p.hash_before THEN 'unlinked' END AS fault FROM part p)
    SELECT jsonb_build_object(
      'rows', (SELECT count(*) FROM part),
      'last', (SELECT jsonb_build_object('seq', p.seq, 'hash', p.hash) FROM part p ORDER BY p.seq DESC LIMIT 1),
      'head', (SELECT jsonb_build_object('seq', h.seq, 'hash', h.hash) FROM audit_head h WHERE h.workspace_id = ${ws}),
      'broken', (SELECT jsonb_build_object('fault', j.fault, 'seq', j.seq, 'id', j.id) FROM judged j
        WHERE j.fault IS NOT NULL ORDER BY j.seq LIMIT 1),
      'stray', (SELECT jsonb_build_object('fault', 'unchained', 'seq', 0, 'id', e.id) FROM audit_entry e
        WHERE e.workspace_id = ${ws} AND e.seq IS NULL ORDER BY e.at LIMIT 1)) AS part`
  return (row as { part: Part }).part
}
