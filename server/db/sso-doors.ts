import type { AppDb } from './pool'

/** Doors of workspaces' own issuers: each calls one SECURITY DEFINER function, listed in README.md. */
export type FoundConnection = {
  workspaceId: string
  workspaceName: string
  issuer: string
  clientId: string
  /** Sealed; null for a public client. */
  clientSecret: unknown
  domains: string[]
}

/** Null when the workspace has none, or does not exist. */
export async function findConnection({ pool }: AppDb, slug: string): Promise<FoundConnection | null> {
  const { rows } = await pool.query<FoundConnection>(
    `SELECT workspace_id AS "workspaceId", workspace_name AS "workspaceName", issuer, client_id AS "clientId",
       client_secret AS "clientSecret", domains FROM sso_of_workspace($1)`,
    [slug],
  )
  return rows[0] ?? null
}

export type ProvedPerson = { workspaceId: string; issuer: string; subject: string; email: string; name: string }
export type Entry = {
  outcome: 'in' | 'not_member' | 'other_person' | 'changed'
  userId: string | null
}

type NewIds = { userId: string; memberId: string; grantId: string }

/** Whom a proved subject lets in. */
export async function enterBySso(
  { pool }: AppDb,
  { person, ids, nowMs }: { person: ProvedPerson; ids: NewIds; nowMs: number },
): Promise<Entry> {
  const { workspaceId, issuer, subject, email, name } = person
  const { rows } = await pool.query<Entry>(
    'SELECT outcome, user_id AS "userId" FROM sso_enter($1, $2, $3, $4, $5, $6, $7, $8, $9)',
    [workspaceId, issuer, subject, email, name, new Date(nowMs), ids.userId, ids.memberId, ids.grantId],
  )
  return rows[0] as Entry
}
