import { createRequire } from 'node:module'
import { fileURLToPath } from 'node:url'
import { execa } from 'execa'
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest'
import { openTestDatabase, type TestDatabase } from '../testing/database'

const PRISMA = createRequire(import.meta.url).resolve('prisma/build/index.js')
const ROOT = fileURLToPath(new URL('../..', import.meta.url))

let db: TestDatabase
beforeAll(async () => {
  db = await openTestDatabase()
})
afterAll(() => db.close())

const compare = () =>
  execa(
    process.execPath,
    [PRISMA, 'migrate', 'diff', '--from-config-datasource', '--to-schema', 'prisma/schema', '--exit-code'],
    { cwd: ROOT, env: { DATABASE_URL: db.urls.DATABASE_URL }, all: true, reject: false },
  )

describe('migrations', () => {
  it('deployed into an empty database make exactly what the schema says, partitions of samples included', async () => {
    const partitions = await db.sql(
      "SELECT relname FROM pg_class WHERE relname ~ '^sample_1s_[0-9]{8}$' AND relispartition",
    )
    expect(partitions.length).toBeGreaterThan(4)
    const { exitCode, all } = await compare()
    expect(all).toContain('No difference detected')
    expect(exitCode).toBe(0)
  })

  it('are compared for real: a column too many is reported', async () => {
    await db.sql('ALTER TABLE node ADD COLUMN stray int')
    const { exitCode, all } = await compare()
    expect(all).toContain('stray')
    expect(exitCode).toBe(2)
    await db.sql('ALTER TABLE node DROP COLUMN stray')
  })

  it('fail aloud when the database is not there', async () => {
    const url = new URL(inject('testServer').templateUrl)
    url.port = '1'
    const { exitCode } = await execa(process.execPath, [PRISMA, 'migrate', 'deploy'], {
      cwd: ROOT,
      env: { DATABASE_URL: url.toString() },
      reject: false,
    })
    expect(exitCode).not.toBe(0)
  })
})
