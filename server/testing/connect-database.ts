import type pg from 'pg'
import { type AppDb, type EngineDb, openAppDb, openEngineDb } from '../db/pool'
import type { DatabaseUrls } from '../db/provision'

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

/** All three ways into a database that stands. */
export function connectDatabase(urls: DatabaseUrls): TestDatabase {
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
    },
  }
}
