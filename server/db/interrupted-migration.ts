import { setTimeout as wait } from 'node:timers/promises'
import type pg from 'pg'

const WAIT_MS_MAX = 60_000

/**
 * A migration that was begun and is not noted as finished, because whoever ran it was killed, has done nothing
 * (prisma/schema-engine.mjs notes the end in the migration's own transaction): it may be begun again. The database goes
 * on with a script although its client is gone, so that is waited for first.
 */
export async function settleInterrupted(client: pg.Client): Promise<void> {
  const untilMs = performance.now() + WAIT_MS_MAX
  while (await isUnfinished(client)) {
    if (!(await isBusy(client))) {
      await client.query(
        'UPDATE _prisma_migrations SET rolled_back_at = now() WHERE finished_at IS NULL AND rolled_back_at IS NULL',
      )
      return
    }
    if (performance.now() > untilMs)
      throw new Error(`Somebody else has been changing these tables for ${WAIT_MS_MAX / 1_000} s. Try again later.`)
    await wait(100)
  }
}

async function isUnfinished(client: pg.Client): Promise<boolean> {
  const { rows } = await client.query("SELECT to_regclass('_prisma_migrations') IS NOT NULL AS known")
  if (!rows[0].known) return false
  const { rowCount } = await client.query(
    'SELECT FROM _prisma_migrations WHERE finished_at IS NULL AND rolled_back_at IS NULL',
  )
  return rowCount !== 0
}

/** Whether another session of this role is at work in this database. */
async function isBusy(client: pg.Client): Promise<boolean> {
  const { rowCount } = await client.query(`
    SELECT FROM pg_stat_activity
    WHERE datname = current_database() AND usename = current_user AND pid <> pg_backend_pid()
      AND state <> 'idle' AND backend_type = 'client backend'`)
  return rowCount !== 0
}
