import type pg from 'pg'
import type { AppDb, EngineDb } from './pool'

/** Doors of accounts: each calls one SECURITY DEFINER function, listed in README.md. `client` may be inside a transaction. */
type Client = Pick<pg.PoolClient, 'query'>

async function first<Row extends object>(client: Client, sql: string, values: unknown[]): Promise<Row | null> {
  const { rows } = await client.query<Row>(sql, values)
  return rows[0] ?? null
}

/** One transaction without a workspace: doors alone are open in it. */
export async function throughDoors<Result>(
  { pool }: AppDb,
  work: (client: Client) => Promise<Result>,
): Promise<Result> {
  const client = await pool.connect()
  try {
    await client.query('BEGIN')
    const result = await work(client)
    await client.query('COMMIT')
    return result
  } catch (error) {
    await client.query('ROLLBACK').catch(() => undefined)
    throw error
  } finally {
    client.release()
  }
}

export type QueuedMail = { id: string; recipient: string; content: object; nowMs: number }

export async function queueAccountMail(client: Client, { id, recipient, content, nowMs }: QueuedMail): Promise<void> {
  await client.query('SELECT account_mail_queue($1, $2, $3, $4)', [id, recipient, content, new Date(nowMs)])
}

export type SignUpRow = {
  id: string
  email: string
  name: string
  passwordHash: string
  workspaceName: string
  slug: string
  tokenHash: string
  nowMs: number
  expiresMs: number
}

/** True when the address has an account already: then nothing is kept. */
export async function beginSignUpRow(client: Client, row: SignUpRow): Promise<boolean> {
  const found = await first<{ known: boolean }>(
    client,
    'SELECT sign_up_begin($1, $2, $3, $4, $5, $6, $7, $8, $9) AS known',
    [
      row.id,
      row.email,
      row.name,
      row.passwordHash,
      row.workspaceName,
      row.slug,
      row.tokenHash,
      new Date(row.nowMs),
      new Date(row.expiresMs),
    ],
  )
  return found?.known ?? false
}

export type Entrance = { userId: string; slug: string }

type NewIds = { userId: string; workspaceId: string; memberId: string; grantId: string; auditId: string }

/** Null when the token is good no more. */
export const confirmSignUpRow = (
  client: Client,
  { tokenHash, nowMs, ids, trialEndsMs }: { tokenHash: string; nowMs: number; ids: NewIds; trialEndsMs: number },
): Promise<Entrance | null> =>
  first(client, 'SELECT user_id AS "userId", slug FROM sign_up_confirm($1, $2, $3, $4, $5, $6, $7, $8)', [
    tokenHash,
    new Date(nowMs),
    ids.userId,
    ids.workspaceId,
    ids.memberId,
    ids.grantId,
    ids.auditId,
    new Date(trialEndsMs),
  ])

/** False when nobody has this address. */
export async function createSignInLinkRow(
  client: Client,
  {
    id,
    email,
    tokenHash,
    nowMs,
    expiresMs,
  }: { id: string; email: string; tokenHash: string; nowMs: number; expiresMs: number },
): Promise<boolean> {
  const sql = 'SELECT sign_in_link_create($1, $2, $3, $4, $5) AS made'
  const row = await first<{ made: boolean }>(client, sql, [id, email, tokenHash, new Date(nowMs), new Date(expiresMs)])
  return row?.made ?? false
}

/** User whom the link signs in; null when it is good no more. */
export async function spendSignInLink(client: Client, tokenHash: string, nowMs: number): Promise<string | null> {
  const sql = 'SELECT sign_in_link_use($1, $2) AS "userId"'
  return (await first<{ userId: string | null }>(client, sql, [tokenHash, new Date(nowMs)]))?.userId ?? null
}

export type FoundInvite = {
  workspaceId: string
  workspaceName: string
  slug: string
  email: string
  role: string
  groupName: string | null
  hasAccount: boolean
  isGood: boolean
}

export const findInvite = ({ pool }: AppDb, tokenHash: string, nowMs: number): Promise<FoundInvite | null> =>
  first(
    pool,
    `SELECT workspace_id AS "workspaceId", workspace_name AS "workspaceName", slug, email, role,
       group_name AS "groupName", has_account AS "hasAccount", is_good AS "isGood" FROM invite_by_token($1, $2)`,
    [tokenHash, new Date(nowMs)],
  )

type Accepted = {
  tokenHash: string
  nowMs: number
  ids: Omit<NewIds, 'workspaceId'>
  name: string
  passwordHash: string | null
}

/** Null when the invite is good no more. */
export const acceptInviteRow = (
  client: Client,
  { tokenHash, nowMs, ids, name, passwordHash }: Accepted,
): Promise<Entrance | null> =>
  first(client, 'SELECT user_id AS "userId", slug FROM invite_accept($1, $2, $3, $4, $5, $6, $7, $8)', [
    tokenHash,
    new Date(nowMs),
    ids.userId,
    name,
    passwordHash,
    ids.memberId,
    ids.grantId,
    ids.auditId,
  ])

export type ClaimedMail = { id: string; recipient: string; content: unknown; attempts: number }

export async function claimAccountMail(
  { pool }: EngineDb,
  { limit, nowMs, leaseMs }: { limit: number; nowMs: number; leaseMs: number },
): Promise<ClaimedMail[]> {
  const sql = 'SELECT id, recipient, content, attempts FROM account_mail_claim($1, $2, $3)'
  const { rows } = await pool.query<ClaimedMail>(sql, [limit, new Date(nowMs), `${leaseMs} milliseconds`])
  return rows
}

export async function recordAccountMail(
  { pool }: EngineDb,
  mail: {
    id: string
    state: 'pending' | 'sent' | 'failed'
    nextMs: number | null
    nowMs: number
    error: string | null
  },
): Promise<void> {
  const { id, state, nextMs, nowMs, error } = mail
  await pool.query('SELECT account_mail_record($1, $2, $3, $4, $5)', [
    id,
    state,
    nextMs === null ? null : new Date(nextMs),
    new Date(nowMs),
    error,
  ])
}
