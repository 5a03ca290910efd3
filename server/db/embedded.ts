import { randomInt } from 'node:crypto'
import { existsSync } from 'node:fs'
import { chown, readFile, rm, writeFile } from 'node:fs/promises'
import { createServer } from 'node:net'
import { join, resolve } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { execa } from 'execa'
import {
  clusterFolder,
  makePrivateFolder,
  postgresBinaries,
  type RolePasswords,
  rolePasswords,
  type ServerUser,
  serverUser,
} from './postgres-files'

export type EmbeddedOptions = {
  /** Folder for passwords and, when the server's user can reach it, the cluster. */
  data: string
  /** Port on 127.0.0.1, 0 for any free one; a running server keeps its own. */
  port?: number
  /** Off only in tests: a crash of the machine may then lose data. */
  isDurable?: boolean
  /** Where the npm package lies. */
  packageFolder?: string
}

export type EmbeddedServer = {
  port: number
  pid: number
  cluster: string
  passwords: RolePasswords
  isAdopted: boolean
  /** Superuser on the maintenance database. */
  adminUrl: string
}

const FIRST_PORT = 5460
const START_MS_MAX = 30_000

type Place = { user: ServerUser; binaries: string; cluster: string; passwords: RolePasswords }

/** Starts the server, or takes over one that still runs on this data. It outlives this process. */
export async function startEmbedded(options: EmbeddedOptions): Promise<EmbeddedServer> {
  const data = resolve(options.data)
  const user = await serverUser()
  const place: Place = {
    user,
    binaries: await postgresBinaries(user, options.packageFolder),
    cluster: await clusterFolder(data, user),
    passwords: await rolePasswords(data),
  }
  const running = await findRunning(place.cluster)
  if (running) return serverOf(place, running, true)
  if (!existsSync(join(place.cluster, 'PG_VERSION'))) await initialise(place)
  return serverOf(place, await start(place, options), false)
}

/** Stops the server of this data; false when none runs. */
export async function stopEmbedded(data: string): Promise<boolean> {
  const user = await serverUser()
  const cluster = await clusterFolder(resolve(data), user)
  if ((await findRunning(cluster)) === null) return false
  await pgCtl(await postgresBinaries(user), user, ['-D', cluster, '-m', 'fast', '-w', 'stop'])
  return true
}

/** Server that runs on this data, or null. */
export async function findEmbedded(data: string): Promise<{ pid: number; port: number; cluster: string } | null> {
  const cluster = await clusterFolder(resolve(data), await serverUser())
  const running = await findRunning(cluster)
  return running && { ...running, cluster }
}

function serverOf({ cluster, passwords }: Place, running: Running, isAdopted: boolean): EmbeddedServer {
  const adminUrl = `postgresql://postgres:${passwords.superuser}@127.0.0.1:${running.port}/postgres`
  return { ...running, cluster, passwords, isAdopted, adminUrl }
}

type Running = { pid: number; port: number }

/** Reads postmaster.pid. A file whose process is gone, or is no PostgreSQL any more, is stale and removed. */
async function findRunning(cluster: string): Promise<Running | null> {
  const path = join(cluster, 'postmaster.pid')
  const until = Date.now() + START_MS_MAX
  while (existsSync(path)) {
    const lines = (await readFile(path, 'utf8').catch(() => '')).split('\n')
    const pid = Number(lines[0])
    if (!Number.isInteger(pid) || !(await isPostgres(pid))) {
      await rm(path, { force: true })
      return null
    }
    if (lines[7]?.trim() === 'ready') return { pid, port: Number(lines[3]) }
    if (Date.now() > until)
      throw new Error(`The database server (process ${pid}) does not get ready. See ${cluster}/server.log.`)
    await wait(50)
  }
  return null
}

async function isPostgres(pid: number): Promise<boolean> {
  const name = await readFile(`/proc/${pid}/comm`, 'utf8').catch(() => '')
  return name.trim() === 'postgres'
}

async function initialise({ user, binaries, cluster, passwords }: Place): Promise<void> {
  await makePrivateFolder(cluster, user)
  const passwordFile = `${cluster}.password`
  await writeFile(passwordFile, passwords.superuser, { mode: 0o600 })
  if (user) await chown(passwordFile, user.uid, user.gid)
  try {
    const args = ['-D', cluster, '-U', 'postgres', '-A', 'scram-sha-256', `--pwfile=${passwordFile}`]
    await execa(join(binaries, 'bin/initdb'), [...args, '-E', 'UTF8', '--locale=C', '--no-instructions'], runAs(user))
  } catch (cause) {
    // Half a cluster would be taken for a whole one.
    await rm(cluster, { recursive: true, force: true })
    throw new Error(`The database could not be created in ${cluster}.`, { cause })
  } finally {
    await rm(passwordFile, { force: true })
  }
}

async function start(place: Place, { port, isDurable = true }: EmbeddedOptions): Promise<Running> {
  const { user, binaries, cluster } = place
  const until = Date.now() + START_MS_MAX
  for (;;) {
    const settings = [
      `-p ${port === 0 ? await anyPort() : (port ?? (await freePort()))}`,
      '-c listen_addresses=127.0.0.1',
      "-c unix_socket_directories=''",
      '-c timezone=UTC',
      ...(isDurable ? [] : ['-c fsync=off', '-c full_page_writes=off', '-c max_connections=300']),
    ].join(' ')
    const log = join(cluster, 'server.log')
    try {
      await pgCtl(binaries, user, ['-D', cluster, '-w', '-t', '30', '-l', log, '-o', settings, 'start'])
    } catch (cause) {
      const adopted = await findRunning(cluster)
      if (adopted) return adopted
      // After a kill -9 the children of the old server hold its memory for a moment.
      const tail = (await readFile(log, 'utf8').catch(() => '')).split('\n').slice(-4).join(' ')
      if (Date.now() < until && tail.includes('shared memory')) {
        await wait(100)
        continue
      }
      throw new Error(`The database server did not start. ${tail}`, { cause })
    }
    const running = await findRunning(cluster)
    if (running) return running
    throw new Error(`The database server ended right after its start. See ${log}.`)
  }
}

/** The working directory may be one that the server's user must not enter. */
const runAs = (user: ServerUser) => ({ cwd: '/', ...(user ?? {}), extendEnv: false, env: { PATH: '/usr/bin:/bin' } })

/** Output is dropped: the server inherits it, and waiting for its end would wait for the server. */
async function pgCtl(binaries: string, user: ServerUser, args: string[]): Promise<void> {
  await execa(join(binaries, 'bin/pg_ctl'), args, { ...runAs(user), stdio: 'ignore', timeout: 60_000 })
}

async function freePort(): Promise<number> {
  for (let port = FIRST_PORT; port < FIRST_PORT + 100; port += 1) if (await isFree(port)) return port
  throw new Error(`No port between ${FIRST_PORT} and ${FIRST_PORT + 99} is free. Name one with --port.`)
}

/** Below the range of outgoing connections, which may hold a port without warning. */
async function anyPort(): Promise<number> {
  for (;;) {
    const port = randomInt(20_000, 32_000)
    if (await isFree(port)) return port
  }
}

function isFree(port: number): Promise<boolean> {
  return new Promise((done) => {
    const probe = createServer()
    probe.once('error', () => done(false))
    probe.listen(port, '127.0.0.1', () => probe.close(() => done(true)))
  })
}
