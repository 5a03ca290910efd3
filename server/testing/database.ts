import { randomBytes } from 'node:crypto'
import pg from 'pg'
import { inject } from 'vitest'
import { type AppDb, type EngineDb, openAppDb, openEngineDb } from '../db/pool'
import { type DatabaseUrls, OWNER_ROLE, urlFor, urlsOf } from '../db/provision'

export type TestDatabase = {
  urls: DatabaseUrls
  /** Owner of the tables: for arranging and for looking, past all walls. */
  owner: AppDb
  app: AppDb
  engine: EngineDb
  /** Runs SQL as the owner. */
  sql: <Row extends pg.QueryResultRow = pg.QueryResultRow>(text: string, values?: unknown[]) => Promise<Row[]>
  close: () => Promise<void>
}

async function asAdmin(adminUrl: string, statement: string): Promise<void> {
  const client = new pg.Client({ connectionString: adminUrl })
  await client.connect()
  try {
    await client.query(statement)
  } finally {
    await client.end()
  }
}

/** A database of this test file's own, copied from the migrated template. */
export async function openTestDatabase(): Promise<TestDatabase> {
  const { adminUrl, templateUrl, secrets } = inject('testServer')
  const template = new URL(templateUrl).pathname.slice(1)
  const name = `test_${randomBytes(6).toString('hex')}`
  await asAdmin(adminUrl, `CREATE DATABASE ${name} TEMPLATE ${template} OWNER ${OWNER_ROLE}`)
  const urls = urlsOf(urlFor(templateUrl, { database: name }), secrets)
  const owner = openAppDb(urls.DATABASE_URL, { connectionsMax: 4 })
  const app = openAppDb(urls.DATABASE_APP_URL)
  const engine = openEngineDb(urls.DATABASE_ENGINE_URL)
  return {
    urls,
    owner,
    app,
    engine,
    sql: async (text, values) => (await owner.pool.query(text, values)).rows,
    close: async () => {
      await Promise.all([owner.close(), app.close(), engine.close()])
      await asAdmin(adminUrl, `DROP DATABASE ${name} WITH (FORCE)`)
    },
  }
}
