import pg from 'pg'
import { afterAll, beforeAll, describe, expect, inject, it, vi } from 'vitest'
import { openTestDatabase, type TestDatabase } from '../testing/database'
import { openEngineDb } from './pool'

let db: TestDatabase
beforeAll(async () => {
  db = await openTestDatabase()
})
afterAll(() => db.close())

describe('a connection that the server ends', () => {
  it.each(['idle', 'in use, between two statements'])('ends nothing else when it is %s', async (use) => {
    const onError = vi.fn()
    const engine = openEngineDb(db.urls.DATABASE_ENGINE_URL, { onError })
    const client = await engine.pool.connect()
    const { rows } = await client.query<{ pid: number }>('SELECT pg_backend_pid() AS pid')
    if (use === 'idle') client.release()
    const admin = new pg.Client({ connectionString: inject('testServer').adminUrl })
    await admin.connect()
    await admin.query('SELECT pg_terminate_backend($1)', [rows[0]?.pid])
    await admin.end()
    await vi.waitFor(() => expect(onError).toHaveBeenCalled())
    if (use !== 'idle') client.release(true)
    expect((await engine.pool.query('SELECT 1 AS one')).rows).toEqual([{ one: 1 }])
    await engine.close()
  })
})
