import { spawn } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { readdirSync } from 'node:fs'
import { createRequire } from 'node:module'
import { fileURLToPath } from 'node:url'
import { execa } from 'execa'
import pg from 'pg'
import { afterAll, beforeAll, expect, inject, test, vi } from 'vitest'
import { childEnv } from '../env'
import { migrate, provisionServer } from './provision'

const PRISMA = createRequire(import.meta.url).resolve('prisma/build/index.js')
const ROOT = fileURLToPath(new URL('../..', import.meta.url))
const MIGRATIONS = readdirSync(`${ROOT}/prisma/migrations`).filter((name) => /^\d/.test(name)).length

const name = `killed_${randomBytes(4).toString('hex')}`
let url: string
let look: pg.Client
beforeAll(async () => {
  const { adminUrl, secrets } = inject('testServer')
  url = await provisionServer(adminUrl, secrets, name)
  look = new pg.Client({ connectionString: url })
  await look.connect()
})
afterAll(async () => {
  await look.end()
  const admin = new pg.Client({ connectionString: inject('testServer').adminUrl })
  await admin.connect()
  await admin.query(`DROP DATABASE ${name} WITH (FORCE)`)
  await admin.end()
})

const begun = async (): Promise<number> =>
  look.query('SELECT count(*)::int AS begun FROM _prisma_migrations').then(
    ({ rows }) => rows[0].begun,
    () => 0,
  )

test('migrations killed with -9 again and again, each time a little later, are brought to their end', async () => {
  for (let count = 1; count <= MIGRATIONS; count += 2) {
    const child = spawn(process.execPath, [PRISMA, 'migrate', 'deploy'], {
      cwd: ROOT,
      env: childEnv({ DATABASE_URL: url }),
      stdio: 'ignore',
      detached: true,
    })
    await vi.waitFor(async () => expect((await begun()) >= count || child.exitCode !== null).toBe(true), {
      timeout: 20_000,
      interval: 2,
    })
    if (child.exitCode === null) process.kill(-child.pid!, 'SIGKILL')
    await vi.waitFor(() => expect(child.exitCode ?? child.signalCode).not.toBeNull(), { timeout: 20_000 })
  }
  await migrate(url, Date.now())
  const { rows } = await look.query(
    'SELECT count(DISTINCT migration_name)::int AS done FROM _prisma_migrations WHERE finished_at IS NOT NULL',
  )
  expect(rows[0].done).toBe(MIGRATIONS)
  const args = ['migrate', 'diff', '--from-config-datasource', '--to-schema', 'prisma/schema', '--exit-code']
  await execa(process.execPath, [PRISMA, ...args], { cwd: ROOT, env: { DATABASE_URL: url } })
}, 90_000)

test('a migration begun by somebody who was killed counts as not begun, one that is noted as finished stays so', async () => {
  const row = (label: string, finished: string) =>
    look.query(
      `INSERT INTO _prisma_migrations (id, checksum, migration_name, started_at, finished_at) VALUES ($1, 'x', $1, now(), ${finished})`,
      [label],
    )
  await row('killed', 'NULL')
  await row('finished', 'now()')
  await migrate(url, Date.now())
  const { rows } = await look.query(
    "SELECT id, rolled_back_at IS NOT NULL AS undone FROM _prisma_migrations WHERE id IN ('killed', 'finished') ORDER BY id",
  )
  expect(rows).toEqual([
    { id: 'finished', undone: false },
    { id: 'killed', undone: true },
  ])
})
