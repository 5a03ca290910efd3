import { type ChildProcess, spawn } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import pg from 'pg'
import { newId } from '../core/ids'
import { hashToken } from '../services/nodes/create-enrolment-token'
import { openTestDatabase, type TestDatabase } from './stand-database'

/** A platform process of its own on a database of its own: what is killed here is really killed. */
export type RunningPlatform = {
  url: string
  port: number
  /** SIGTERM, and waits for the end; the exit code must be 0. */
  stop: () => Promise<void>
  /** SIGKILL: nothing is drained. */
  kill: () => Promise<void>
}

export type StandWorkspace = {
  id: string
  slug: string
  mintToken: (nodeName: string) => Promise<string>
  addWebhook: (url: string, secret: string) => Promise<string>
}

export type Stand = {
  evidenceDir: string
  database: TestDatabase
  /** Runs SQL as the owner of the tables, past the tenant walls. */
  rows: (sql: string, values?: unknown[]) => Promise<Record<string, unknown>[]>
  addWorkspace: (slug: string) => Promise<StandWorkspace>
  start: (roles: string, port?: number) => Promise<RunningPlatform>
  close: () => Promise<void>
}

export const STAND_SECRET = 'a secret of the test stand, long enough for any cookie'

export async function openStand(): Promise<Stand> {
  const database = await openTestDatabase()
  const owner = new pg.Pool({ connectionString: database.DATABASE_URL, max: 2 })
  const evidenceDir = await mkdtemp(join(tmpdir(), 'stand-evidence-'))
  const rows: Stand['rows'] = async (sql, values) => (await owner.query(sql, values)).rows
  return {
    evidenceDir,
    database,
    rows,
    addWorkspace: (slug) => addWorkspace(rows, slug),
    start: (roles, port = 0) => startProcess(roles, port, { ...database, EVIDENCE_DIR: evidenceDir }),
    close: async () => {
      await owner.end()
      await database.close()
      await rm(evidenceDir, { recursive: true, force: true })
    },
  }
}

async function addWorkspace(rows: Stand['rows'], slug: string): Promise<StandWorkspace> {
  const id = newId()
  await rows('INSERT INTO workspace (id, slug, name) VALUES ($1, $2, $2)', [id, slug])
  return {
    id,
    slug,
    mintToken: async (nodeName) => {
      const token = `enrol_${newId()}`
      await rows(
        `INSERT INTO enrolment_token (workspace_id, id, token_hash, node_name, expires_at)
         VALUES ($1, $2, $3, $4, now() + interval '1 hour')`,
        [id, newId(), hashToken(token), nodeName],
      )
      return token
    },
    addWebhook: async (url, secret) => {
      const destinationId = newId()
      await rows(
        "INSERT INTO destination (workspace_id, id, channel, name, settings) VALUES ($1, $2, 'webhook', $3, $4)",
        [id, destinationId, `sink ${destinationId}`, JSON.stringify({ url, secret })],
      )
      return destinationId
    },
  }
}

const MAIN = fileURLToPath(new URL('../main.ts', import.meta.url))

function startProcess(roles: string, port: number, env: Record<string, unknown>): Promise<RunningPlatform> {
  const { DATABASE_URL, DATABASE_APP_URL, DATABASE_ENGINE_URL, EVIDENCE_DIR } = env as Record<string, string>
  const child = spawn(process.execPath, ['--import', 'tsx', MAIN, '--roles', roles], {
    env: {
      ...process.env,
      DATABASE_URL,
      DATABASE_APP_URL,
      DATABASE_ENGINE_URL,
      EVIDENCE_DIR,
      GATEWAY_PORT: String(port),
      NEXTAUTH_SECRET: STAND_SECRET,
      WEBHOOK_ALLOW_CIDRS: '127.0.0.1/32',
      LOG_LEVEL: 'info',
    },
    stdio: ['ignore', 'ignore', 'pipe'],
  })
  return new Promise((resolve, reject) => {
    let said = ''
    const read = (part: Buffer): void => {
      said += part
      const ready = /\{[^\n]*"port":(\d+)[^\n]*"msg":"ready"/.exec(said) ?? /"msg":"ready"/.exec(said)
      if (ready === null) return
      child.stderr?.off('data', read).resume()
      resolve(handleOf(child, Number(ready[1] ?? 0)))
    }
    child.stderr?.on('data', read)
    child.once('exit', (code) => reject(new Error(`The platform ended with ${code} before it was ready.\n${said}`)))
  })
}

function handleOf(child: ChildProcess, port: number): RunningPlatform {
  const ended = new Promise<number | null>((done) => child.once('exit', done))
  const end = async (signal: NodeJS.Signals): Promise<number | null> => {
    if (child.exitCode === null && child.signalCode === null) child.kill(signal)
    return ended
  }
  return {
    url: `http://127.0.0.1:${port}`,
    port,
    stop: async () => {
      if (child.signalCode === 'SIGKILL') return
      const code = await end('SIGTERM')
      if (code !== 0) throw new Error(`The platform ended with ${code}.`)
    },
    kill: async () => {
      await end('SIGKILL')
    },
  }
}
