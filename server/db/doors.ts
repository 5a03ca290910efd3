import type { AppDb, EngineDb } from './pool'

/**
 * What must cross tenants before a workspace is known. Each calls one SECURITY DEFINER function; they are listed in README.md.
 * Ids as the database keeps them.
 */
export type SignInUser = { id: string; email: string; name: string; passwordHash: string | null }
export type LiveSession = {
  id: string
  userId: string
  email: string
  name: string
  host: string
  expiresAt: Date
  /** Workspace whose issuer opened it: the session is good there alone. Null: good wherever its user is a member. */
  boundTo: string | null
}
/** A session whose second step is awaited: it opens nothing. */
export type PendingSession = { userId: string; email: string; host: string }
export type Membership = {
  workspaceId: string
  slug: string
  name: string
  memberId: string
  grants: { role: string; groupId: string | null }[]
  /** The workspace asks for a second factor, and this person has none. */
  lacksSecondFactor: boolean
}
export type FoundCredential = {
  workspaceId: string
  nodeId: string
  credentialId: string
  publicKey: string
  isRevoked: boolean
}

async function first<Row extends object>({ pool }: AppDb | EngineDb, sql: string, values: unknown[]) {
  const { rows } = await pool.query<Row>(sql, values)
  return rows[0] ?? null
}

export const findUserForSignIn = (db: AppDb, email: string): Promise<SignInUser | null> =>
  first(db, 'SELECT id, email, name, password_hash AS "passwordHash" FROM user_for_sign_in($1)', [email.trim()])

export type NewSession = {
  id: string
  userId: string
  host: string
  userAgent: string | null
  boundTo: string | null
  nowMs: number
  expiresMs: number
}

/** Pending where its user has a second factor: the database decides, so that no way in forgets it. */
export async function insertSession(db: AppDb, session: NewSession): Promise<void> {
  const { id, userId, host, userAgent, boundTo, nowMs, expiresMs } = session
  const values = [id, userId, host, userAgent, boundTo, new Date(nowMs), new Date(expiresMs)]
  await db.pool.query('SELECT session_create($1, $2, $3, $4, $5, $6, $7)', values)
}

export const findPendingSession = (db: AppDb, id: string, nowMs: number): Promise<PendingSession | null> =>
  first(db, 'SELECT user_id AS "userId", email, host FROM session_pending_get($1, $2)', [id, new Date(nowMs)])

/** Trades a pending session for a whole one; false when it is good no more. */
export async function passSession(
  db: AppDb,
  { pendingId, id, nowMs, expiresMs }: { pendingId: string; id: string; nowMs: number; expiresMs: number },
): Promise<boolean> {
  const values = [pendingId, id, new Date(nowMs), new Date(expiresMs)]
  return (await first<{ done: boolean }>(db, 'SELECT session_pass($1, $2, $3, $4) AS done', values))?.done ?? false
}

export const findLiveSession = (db: AppDb, id: string, nowMs: number): Promise<LiveSession | null> =>
  first(
    db,
    `SELECT id, user_id AS "userId", email, name, host, expires_at AS "expiresAt", bound_to AS "boundTo"
     FROM session_get($1, $2)`,
    [id, new Date(nowMs)],
  )

export type ListedSession = {
  handle: string
  host: string
  userAgent: string | null
  createdAt: Date
  lastSeenAt: Date
}

/** Who asks about sessions: from a bound session only the bound ones are seen. */
export type SessionOwner = { userId: string; boundTo: string | null }

/** Sessions of a user that live, the one used last first. */
export async function findSessions(
  { pool }: AppDb,
  { userId, boundTo }: SessionOwner,
  nowMs: number,
): Promise<ListedSession[]> {
  const { rows } = await pool.query<ListedSession>(
    `SELECT handle, host, user_agent AS "userAgent", created_at AS "createdAt", last_seen_at AS "lastSeenAt"
     FROM sessions_of_user($1, $2, $3)`,
    [userId, boundTo, new Date(nowMs)],
  )
  return rows
}

/** Ends the session with this handle, or all but `keepId`; gives back how many ended. */
export async function endSessions(
  db: AppDb,
  { userId, boundTo, handle, keepId, nowMs }: SessionOwner & { handle: string | null; keepId: string; nowMs: number },
): Promise<number> {
  const sql = 'SELECT session_end($1, $2, $3, $4, $5) AS ended'
  return (await first<{ ended: number }>(db, sql, [userId, boundTo, handle, keepId, new Date(nowMs)]))?.ended ?? 0
}

export async function endSession(db: AppDb, id: string, nowMs: number): Promise<boolean> {
  const row = await first<{ done: boolean }>(db, 'SELECT session_revoke($1, $2) AS done', [id, new Date(nowMs)])
  return row?.done ?? false
}

/** Workspaces in which this person has a grant that holds at this moment. */
export async function findMemberships(db: AppDb, userId: string, nowMs: number): Promise<Membership[]> {
  const { rows } = await db.pool.query<Membership>(
    `SELECT workspace_id AS "workspaceId", slug, name, member_id AS "memberId", grants,
       lacks_second_factor AS "lacksSecondFactor" FROM memberships_of_user($1, $2)`,
    [userId, new Date(nowMs)],
  )
  return rows
}

export const findCredential = (db: AppDb, nodeId: string): Promise<FoundCredential | null> =>
  first(
    db,
    `SELECT workspace_id AS "workspaceId", node_id AS "nodeId", credential_id AS "credentialId",
       public_key AS "publicKey", is_revoked AS "isRevoked" FROM node_credential_by_node($1)`,
    [nodeId],
  )

/** False when the nonce was spent before. */
export async function spendNonce(
  db: AppDb,
  spent: { workspaceId: string; nodeId: string; nonce: string; expiresAtMs: number },
): Promise<boolean> {
  const { workspaceId, nodeId, nonce, expiresAtMs } = spent
  const row = await first<{ isFresh: boolean }>(db, 'SELECT node_nonce_spend($1, $2, $3, $4) AS "isFresh"', [
    workspaceId,
    nodeId,
    nonce,
    new Date(expiresAtMs),
  ])
  return row?.isFresh ?? false
}

export async function forgetNonces(db: EngineDb, nowMs: number): Promise<void> {
  await db.pool.query('SELECT node_nonce_forget($1)', [new Date(nowMs)])
}

/** Calls nodes offline that no gateway has seen since; says so on the channel `node`. */
export async function expireNodes(db: EngineDb, beforeMs: number): Promise<void> {
  await db.pool.query('SELECT node_expire($1)', [new Date(beforeMs)])
}

/** Notes that these are connected; returns the credentials among them that are good no more. */
export async function checkConnected(db: AppDb, credentialIds: string[], nowMs: number): Promise<Set<string>> {
  if (credentialIds.length === 0) return new Set()
  const { rows } = await db.pool.query<{ id: string }>('SELECT id FROM node_check_connected($1, $2) AS id', [
    credentialIds,
    new Date(nowMs),
  ])
  return new Set(rows.map(({ id }) => id))
}

export type Enrolment = {
  tokenHash: string
  publicKey: string
  hostname: string
  agentVersion: string
  nowMs: number
  nodeId: string
  credentialId: string
  auditId: string
}
export type EnrolledNode = { workspaceId: string; workspaceName: string; nodeId: string; nodeName: string }

/** Null when the token is unknown, used, revoked or past its hour. */
export const enrolByToken = (db: AppDb, e: Enrolment): Promise<EnrolledNode | null> =>
  first(
    db,
    `SELECT workspace_id AS "workspaceId", workspace_name AS "workspaceName", node_id AS "nodeId",
       node_name AS "nodeName" FROM node_enrol($1, $2, $3, $4, $5, $6, $7, $8)`,
    [e.tokenHash, e.publicKey, e.hostname, e.agentVersion, new Date(e.nowMs), e.nodeId, e.credentialId, e.auditId],
  )

export type FoundToken = {
  workspaceId: string
  id: string
  usedAt: Date | null
  revokedAt: Date | null
  expiresAt: Date
}

/** Why a token is good no more, for the audit log of its workspace; null when it never was. */
export const findEnrolmentToken = (db: AppDb, tokenHash: string): Promise<FoundToken | null> =>
  first(
    db,
    `SELECT workspace_id AS "workspaceId", id, used_at AS "usedAt", revoked_at AS "revokedAt", expires_at AS "expiresAt"
       FROM enrolment_token_by_hash($1)`,
    [tokenHash],
  )

/** The document of a published page, or null. */
export async function findStatusPage(db: AppDb, slug: string, nowMs: number): Promise<unknown> {
  const row = await first<{ page: unknown }>(db, 'SELECT public_status_page($1, $2) AS page', [slug, new Date(nowMs)])
  return row?.page ?? null
}

export type OpenedLink = { workspaceId: string; linkId: string; groupId: string; showsRates: boolean; expiresAt: Date }

/** What a link to a board shows; null when it is good no more. */
export const openBoardLink = (db: AppDb, tokenHash: string, nowMs: number): Promise<OpenedLink | null> =>
  first(
    db,
    `SELECT workspace_id AS "workspaceId", link_id AS "linkId", group_id AS "groupId", shows_rates AS "showsRates",
       expires_at AS "expiresAt" FROM board_link_open($1, $2)`,
    [tokenHash, new Date(nowMs)],
  )

/** Calendars whose time to be asked has come, held for `leaseMs` against other engines. */
export async function claimCalendars(
  db: EngineDb,
  { limit, nowMs, leaseMs }: { limit: number; nowMs: number; leaseMs: number },
): Promise<{ workspaceId: string; id: string }[]> {
  const { rows } = await db.pool.query<{ workspaceId: string; id: string }>(
    'SELECT workspace_id AS "workspaceId", id FROM calendar_claim($1, $2, $3)',
    [limit, new Date(nowMs), `${leaseMs} milliseconds`],
  )
  return rows
}
