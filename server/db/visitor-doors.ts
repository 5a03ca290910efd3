import type pg from 'pg'
import type { AppDb } from './pool'

/** Doors of people without an account: each calls one SECURITY DEFINER function, listed in README.md. */
type Client = Pick<pg.PoolClient, 'query'>

export type BookingRow = {
  id: string
  email: string
  name: string
  organisation: string
  runs: string
  servers: string
  preferredTime: string
  message: string
  nowMs: number
}

/** False when this request is kept already. */
export async function createBookingRow(client: Client, row: BookingRow): Promise<boolean> {
  const { id, email, name, organisation, runs, servers, preferredTime, message, nowMs } = row
  const { rows } = await client.query<{ isNew: boolean }>(
    'SELECT booking_request_create($1, $2, $3, $4, $5, $6, $7, $8, $9) AS "isNew"',
    [id, email, name, organisation, runs, servers, preferredTime, message, new Date(nowMs)],
  )
  return rows[0]?.isNew ?? false
}

export type GuideRow = { id: string; email: string; tokenHash: string; nowMs: number; expiresMs: number }

/** Links for the address that wait for their press are good no more. */
export async function createGuideRow(client: Client, { id, email, tokenHash, nowMs, expiresMs }: GuideRow) {
  const values = [id, email, tokenHash, new Date(nowMs), new Date(expiresMs)]
  await client.query('SELECT guide_request_create($1, $2, $3, $4, $5)', values)
}

export type GuideLinkState = 'waiting' | 'open' | 'expired' | 'replaced'

/** What a link to the guide leads to; null when there is no such link. */
export async function findGuideLink(
  { pool }: AppDb,
  { tokenHash, nowMs, readMs }: { tokenHash: string; nowMs: number; readMs: number },
): Promise<GuideLinkState | null> {
  const sql = "SELECT guide_request_state($1, $2, $3 * interval '1 millisecond') AS state"
  const { rows } = await pool.query<{ state: GuideLinkState | null }>(sql, [tokenHash, new Date(nowMs), readMs])
  return rows[0]?.state ?? null
}

/** False when the link was pressed before, replaced, or its time is over. */
export async function confirmGuideRow({ pool }: AppDb, tokenHash: string, nowMs: number): Promise<boolean> {
  const sql = 'SELECT guide_request_confirm($1, $2) AS done'
  const { rows } = await pool.query<{ done: boolean }>(sql, [tokenHash, new Date(nowMs)])
  return rows[0]?.done ?? false
}
