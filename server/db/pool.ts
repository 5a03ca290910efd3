import { PrismaPg } from '@prisma/adapter-pg'
import pg from 'pg'
import { Prisma, PrismaClient } from '../../prisma/generated/client'

/** Tenant transaction: every statement sees the rows of one workspace only. */
export type Tx = Prisma.TransactionClient

/** The app role's way to the database. Row-level security applies: without a workspace it sees no tenant's row. */
export type AppDb = { pool: pg.Pool; prisma: PrismaClient; close: () => Promise<void> }

/** The engine role's way: doors for the sender, cursors and samples. */
export type EngineDb = { pool: pg.Pool; close: () => Promise<void> }

export type PoolOptions = { connectionsMax?: number; onError?: (error: Error) => void }

/** Connections of the app role that a process opens, unless it asks for fewer. */
export const CONNECTIONS_MAX = 10

function openPool(url: string, { connectionsMax = CONNECTIONS_MAX, onError = () => {} }: PoolOptions): pg.Pool {
  const pool = new pg.Pool({
    connectionString: url,
    max: connectionsMax,
    connectionTimeoutMillis: 10_000,
    // Signing in and reading the catalog anew cost more than storing an incident may take.
    idleTimeoutMillis: 0,
    keepAlive: true,
  })
  // Without a listener a connection that the server closes would end the process: idle ones tell the pool, and one that
  // is in use, between two statements of a transaction, tells itself alone.
  pool.on('error', onError)
  pool.on('connect', (client) => client.on('error', onError))
  return pool
}

/** Statements of this process that each connection plans once. More would only fill the server's memory. */
const STATEMENTS_MAX = 300

function createStatementNames(): (query: { sql: string }) => string {
  const names = new Map<string, string>()
  return ({ sql }) => {
    const known = names.get(sql)
    if (known !== undefined) return known
    if (names.size >= STATEMENTS_MAX) return ''
    const name = `s${names.size}`
    names.set(sql, name)
    return name
  }
}

export function openAppDb(url: string, options: PoolOptions = {}): AppDb {
  const pool = openPool(url, options)
  const prisma = new PrismaClient({ adapter: new PrismaPg(pool, { statementNameGenerator: createStatementNames() }) })
  return {
    pool,
    prisma,
    close: async () => {
      await prisma.$disconnect()
      await pool.end()
    },
  }
}

export function openEngineDb(url: string, options: PoolOptions = {}): EngineDb {
  const pool = openPool(url, { connectionsMax: 6, ...options })
  return { pool, close: () => pool.end() }
}

/** Refuses to run on a role that row-level security would not hold back. */
export async function assertWalls(pool: pg.Pool): Promise<void> {
  const { rows } = await pool.query<{ role: string; is_unbound: boolean; owns: boolean }>(`
    SELECT r.rolname AS role, r.rolsuper OR r.rolbypassrls AS is_unbound,
      EXISTS (SELECT FROM pg_class c WHERE c.relname = 'workspace' AND c.relnamespace = 'public'::regnamespace
              AND pg_has_role(current_user, c.relowner, 'USAGE')) AS owns
    FROM pg_roles r WHERE r.rolname = current_user`)
  const found = rows[0]
  if (found && !found.is_unbound && !found.owns) return
  throw new Error(
    `The database role '${found?.role ?? 'unknown'}' is not held back by row-level security (superuser, BYPASSRLS or owner of the tables). ` +
      'Point DATABASE_APP_URL at a role without these; `npm run db -- up` makes one.',
  )
}

export { Prisma }
