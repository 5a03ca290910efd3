import type pg from 'pg'
import type { AppDb } from './pool'

/** Doors of second factors: each calls one SECURITY DEFINER function, listed in README.md. */
type Client = Pick<pg.ClientBase, 'query'>

async function first<Row extends pg.QueryResultRow>(client: Client, sql: string, values: unknown[]) {
  const { rows } = await client.query<Row>(sql, values)
  return rows[0] ?? null
}

const isDone = async (client: Client, call: string, values: unknown[]): Promise<boolean> =>
  (await first<{ done: boolean }>(client, `SELECT ${call} AS done`, values))?.done ?? false

export type SecondFactorState = { confirmedAt: Date | null; codesLeft: number; hasPassword: boolean }

export const findSecondFactor = (db: AppDb, userId: string): Promise<SecondFactorState | null> =>
  first(
    db.pool,
    `SELECT confirmed_at AS "confirmedAt", codes_left AS "codesLeft", has_password AS "hasPassword"
     FROM second_factor_get($1)`,
    [userId],
  )

/** False when a confirmed one stands. */
export const beginSecondFactor = (
  db: AppDb,
  { userId, secret, nowMs }: { userId: string; secret: object; nowMs: number },
): Promise<boolean> => isDone(db.pool, 'second_factor_begin($1, $2, $3)', [userId, secret, new Date(nowMs)])

/** Counts one try. The sealed secret to try against; `isSpent` when there were too many; null when there is none. */
export const trySecondFactor = (
  db: AppDb,
  { userId, isConfirmed, nowMs }: { userId: string; isConfirmed: boolean; nowMs: number },
): Promise<{ secret: unknown; isSpent: boolean } | null> =>
  first(db.pool, 'SELECT secret, is_spent AS "isSpent" FROM second_factor_try($1, $2, $3)', [
    userId,
    isConfirmed,
    new Date(nowMs),
  ])

/** Spends the step of a right code; false when it, or a later one, was spent before. */
export const passSecondFactor = (db: AppDb, userId: string, step: number): Promise<boolean> =>
  isDone(db.pool, 'second_factor_pass($1, $2)', [userId, step])

// What changes takes part in the caller's transaction: whoever it belongs to is told of it by mail.
export const confirmSecondFactorRow = (
  client: Client,
  { userId, step, hashes, nowMs }: { userId: string; step: number; hashes: string[]; nowMs: number },
): Promise<boolean> => isDone(client, 'second_factor_confirm($1, $2, $3, $4)', [userId, step, hashes, new Date(nowMs)])

export const replaceRecoveryCodes = (
  client: Client,
  { userId, hashes, nowMs }: { userId: string; hashes: string[]; nowMs: number },
): Promise<boolean> => isDone(client, 'recovery_codes_replace($1, $2, $3)', [userId, hashes, new Date(nowMs)])

/** False when it is none of theirs, or was used. */
export const spendRecoveryCode = (
  db: AppDb,
  { userId, hash, nowMs }: { userId: string; hash: string; nowMs: number },
): Promise<boolean> => isDone(db.pool, 'recovery_code_use($1, $2, $3)', [userId, hash, new Date(nowMs)])

export const removeSecondFactor = (client: Client, userId: string, nowMs: number): Promise<boolean> =>
  isDone(client, 'second_factor_remove($1, $2)', [userId, new Date(nowMs)])
