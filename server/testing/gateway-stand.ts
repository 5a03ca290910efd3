import { type ChildProcess, spawn } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { encode } from 'next-auth/jwt'
import { sessionCookieName } from '../auth/session-cookie'
import type { Role } from '../core/permissions'
import { childEnv } from '../env'
import { createEnrolmentToken } from '../services/nodes/create-enrolment-token'
import { createSession } from '../services/sessions/create'
import type { TestDatabase } from './connect-database'
import { createWorkspace, type TestWorkspace } from './factories'

/** A platform process of its own on a database of its own: what is killed here is really killed. */
export type RunningPlatform = {
  url: string
  port: number
  pid: number
  /** SIGTERM, and waits for the end; the exit code must be 0. */
  stop: () => Promise<void>
  /** SIGKILL: nothing is drained. */
  kill: () => Promise<void>
}

export type StandWorkspace = TestWorkspace & {
  mintToken: (nodeName: string) => Promise<string>
  /** A new member of this role, signed in on the platform's host. */
  signIn: (platform: RunningPlatform, role: Role) => Promise<{ cookie: string; sessionId: string; userId: string }>
}

export type Stand = {
  evidenceDir: string
  database: TestDatabase
  /** Runs SQL as the owner of the tables, past the tenant walls. */
  rows: (sql: string, values?: unknown[]) => Promise<Record<string, unknown>[]>
  addWorkspace: () => Promise<StandWorkspace>
  start: (roles: string, port?: number) => Promise<RunningPlatform>
  close: () => Promise<void>
}

export const STAND_SECRET = 'a secret of the test stand, long enough for any cookie'

export type StandOptions = {
  /** Instead of a copy of the test run's database. */
  database?: TestDatabase
  /** What its processes run, instead of the sources. */
  entry?: string
}

/** `more`: settings of its processes beside the usual. */
export async function openStand(more: Record<string, string> = {}, options: StandOptions = {}): Promise<Stand> {
  // Asked for late: outside a test run there is no server to copy from.
  const database = options.database ?? (await (await import('./database')).openTestDatabase())
  const command = options.entry === undefined ? ['--import', 'tsx', MAIN] : [options.entry]
  const evidenceDir = await mkdtemp(join(tmpdir(), 'stand-evidence-'))
  const rows: Stand['rows'] = (sql, values) => database.sql(sql, values)
  return {
    evidenceDir,
    database,
    rows,
    addWorkspace: () => addWorkspace(database),
    start: (roles, port = 0) =>
      startProcess([...command, '--roles', roles], port, { ...database.urls, EVIDENCE_DIR: evidenceDir, ...more }),
    close: async () => {
      await database.close()
      await rm(evidenceDir, { recursive: true, force: true })
    },
  }
}

async function addWorkspace(database: TestDatabase): Promise<StandWorkspace> {
  const workspace = await createWorkspace(database)
  return {
    ...workspace,
    mintToken: async (nodeName) => {
      const { token } = await createEnrolmentToken({ ctx: workspace.asJob, input: { nodeName } })
      return token
    },
    signIn: async (platform, role) => {
      const { actor } = await workspace.as(role)
      if (actor.kind !== 'user') throw new Error('members are users')
      const host = new URL(platform.url).host
      const sessionId = await createSession({ db: database.app, userId: actor.userId, host, lifeMs: 3_600_000 })
      const token = await encode({ token: { sid: sessionId }, secret: STAND_SECRET })
      return { cookie: `${sessionCookieName(false)}=${token}`, sessionId, userId: actor.userId }
    },
  }
}

const MAIN = fileURLToPath(new URL('../main.ts', import.meta.url))

function startProcess(command: string[], port: number, env: Record<string, string>): Promise<RunningPlatform> {
  const child = spawn(process.execPath, command, {
    env: childEnv({
      GATEWAY_PORT: String(port),
      NEXTAUTH_SECRET: STAND_SECRET,
      SETTINGS_KEY: 'a key of the test stand with no comma in it',
      WEBHOOK_ALLOW_CIDRS: '127.0.0.1/32',
      LOG_LEVEL: 'info',
      ...env,
    }),
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
  const orphan = (): unknown => child.kill('SIGKILL')
  process.once('exit', orphan)
  child.once('exit', () => process.off('exit', orphan))
  const end = async (signal: NodeJS.Signals): Promise<number | null> => {
    if (child.exitCode === null && child.signalCode === null) child.kill(signal)
    return ended
  }
  return {
    url: `http://127.0.0.1:${port}`,
    port,
    pid: child.pid ?? 0,
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
