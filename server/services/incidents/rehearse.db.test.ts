import { afterAll, beforeAll, expect, it } from 'vitest'
import { CONNECTIONS_MAX } from '../../db/pool'
import { openTestDatabase, type TestDatabase } from '../../testing/database'
import { createWorkspace } from '../../testing/factories'
import { createFakeClock } from '../../testing/fake-clock'
import { rehearseIncidents } from './rehearse'

let db: TestDatabase

beforeAll(async () => {
  db = await openTestDatabase()
})
afterAll(() => db.close())

it('every connection has planned the statement of a first report, and nothing of it is stored or told', async () => {
  const workspace = await createWorkspace(db, createFakeClock())
  const node = await workspace.addNode('match-01')
  await rehearseIncidents(node.ctx, node.id)

  const { pool } = db.app
  const clients = await Promise.all(Array.from({ length: CONNECTIONS_MAX }, () => pool.connect()))
  try {
    for (const client of clients) {
      const planned = await client.query(
        `SELECT 1 FROM pg_prepared_statements WHERE statement LIKE '%INSERT INTO incident (%'`,
      )
      expect(planned.rowCount).toBe(1)
    }
  } finally {
    for (const client of clients) client.release()
  }
  for (const table of ['incident', 'incident_timeline', 'outgoing_message', 'node_cursor']) {
    expect(await db.sql(`SELECT 1 FROM ${table} WHERE workspace_id = $1`, [workspace.id])).toEqual([])
  }
  expect(await db.sql(`SELECT 1 FROM audit_entry WHERE action = 'incident.open'`)).toEqual([])
})
