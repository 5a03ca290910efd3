import { randomBytes } from 'node:crypto'
import pg from 'pg'
import { inject } from 'vitest'
import { OWNER_ROLE, urlFor, urlsOf } from '../db/provision'
import { connectDatabase, type TestDatabase } from './connect-database'

export type { TestDatabase }

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
  const database = connectDatabase(urls)
  return {
    ...database,
    close: async () => {
      await database.close()
      await asAdmin(adminUrl, `DROP DATABASE ${name} WITH (FORCE)`)
    },
  }
}
