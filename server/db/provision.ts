import { createRequire } from 'node:module'
import { fileURLToPath } from 'node:url'
import { execa } from 'execa'
import pg from 'pg'
import { DAY_MS } from '../core/units'
import { settleInterrupted } from './interrupted-migration'

export type DatabaseUrls = { DATABASE_URL: string; DATABASE_APP_URL: string; DATABASE_ENGINE_URL: string }

export type RoleSecrets = { owner: string; app: string; engine: string }

const NAME = 'tidegate'

export const OWNER_ROLE = 'tidegate_owner'

async function withClient<Result>(url: string, work: (client: pg.Client) => Promise<Result>): Promise<Result> {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  try {
    return await work(client)
  } finally {
    await client.end()
  }
}

export function urlFor(base: string, part: { user?: string; password?: string; database?: string }): string {
  const url = new URL(base)
  if (part.user !== undefined) url.username = part.user
  if (part.password !== undefined) url.password = encodeURIComponent(part.password)
  if (part.database !== undefined) url.pathname = `/${part.database}`
  return url.toString()
}

/** The three ways into one database. `ownerUrl` names the database and its owner. */
export const urlsOf = (ownerUrl: string, secrets: Omit<RoleSecrets, 'owner'>): DatabaseUrls => ({
  DATABASE_URL: ownerUrl,
  DATABASE_APP_URL: urlFor(ownerUrl, { user: 'tidegate_app', password: secrets.app }),
  DATABASE_ENGINE_URL: urlFor(ownerUrl, { user: 'tidegate_engine', password: secrets.engine }),
})

async function makeRole(client: pg.Client, role: string, rights: string, password: string): Promise<void> {
  const { rowCount } = await client.query('SELECT FROM pg_roles WHERE rolname = $1', [role])
  if (rowCount === 0) await client.query(`CREATE ROLE ${role}`)
  await client.query(`ALTER ROLE ${role} LOGIN ${rights} PASSWORD ${pg.escapeLiteral(password)}`)
}

/** Roles that are held back by row-level security. Needs a role that may make roles. */
async function makeRuntimeRoles(client: pg.Client, secrets: Omit<RoleSecrets, 'owner'>): Promise<void> {
  await makeRole(client, 'tidegate_app', 'NOCREATEDB NOCREATEROLE', secrets.app)
  await makeRole(client, 'tidegate_engine', 'NOCREATEDB NOCREATEROLE', secrets.engine)
}

/** On a server of our own: the roles and an empty database of the owner. Returns the owner's URL. */
export async function provisionServer(adminUrl: string, secrets: RoleSecrets, database = NAME): Promise<string> {
  await withClient(adminUrl, async (client) => {
    await makeRuntimeRoles(client, secrets)
    await makeRole(client, OWNER_ROLE, 'CREATEDB CREATEROLE', secrets.owner)
    await client.query(`GRANT tidegate_app, tidegate_engine TO ${OWNER_ROLE} WITH ADMIN OPTION, INHERIT FALSE`)
    const { rowCount } = await client.query('SELECT FROM pg_database WHERE datname = $1', [database])
    if (rowCount === 0) await client.query(`CREATE DATABASE ${pg.escapeIdentifier(database)} OWNER ${OWNER_ROLE}`)
  })
  return ownerUrlOf(adminUrl, secrets, database)
}

/** The owner's way to the database on a server of our own. */
export const ownerUrlOf = (adminUrl: string, { owner }: Pick<RoleSecrets, 'owner'>, database = NAME): string =>
  urlFor(adminUrl, { user: OWNER_ROLE, password: owner, database })

/** On somebody else's server: the two runtime roles, by the owner of the database. */
export const provisionRoles = (ownerUrl: string, secrets: Omit<RoleSecrets, 'owner'>): Promise<void> =>
  withClient(ownerUrl, (client) => makeRuntimeRoles(client, secrets))

/** Brings the tables up to date, and makes room for samples around now. Prisma's words go to stderr. */
export async function migrate(ownerUrl: string, nowMs: number): Promise<void> {
  await withClient(ownerUrl, settleInterrupted)
  const cli = createRequire(import.meta.url).resolve('prisma/build/index.js')
  const { all } = await execa(process.execPath, [cli, 'migrate', 'deploy'], {
    cwd: fileURLToPath(new URL('../..', import.meta.url)),
    env: { DATABASE_URL: ownerUrl, PRISMA_HIDE_UPDATE_MESSAGE: '1', CHECKPOINT_DISABLE: '1' },
    all: true,
  })
  if (!/No pending migrations|successfully applied/.test(all)) {
    throw new Error(`The migrations did not run. ${all}`)
  }
  await withClient(ownerUrl, (client) =>
    client.query("SELECT sample_make_partitions('sample_1s', $1::date, $2::date)", [
      new Date(nowMs - 3 * DAY_MS),
      new Date(nowMs + 2 * DAY_MS),
    ]),
  )
}
