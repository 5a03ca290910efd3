import { randomBytes } from 'node:crypto'
import { existsSync } from 'node:fs'
import { chown, mkdir, readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises'
import { dirname, join, resolve } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { execa } from 'execa'
import { claimClusterFolder, clusterFolder, findOrphans, type Orphan, removeOrphan, rotateLog } from './cluster-place'
import { anyPort, freePort } from './free-port'
import {
  assertSameMajor,
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
  /** Data that nobody misses once their folder is deleted. */
  isTemporary?: boolean
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
    cluster: await claimClusterFolder(data, user, isTemporary(options)),
    passwords: await rolePasswords(data),
  }
  await rotateLog(place.cluster)
  const running = await findRunning(place.cluster)
  if (running) return serverOf(place, running, true)
  await removeTemporary(place)
  await assertSameMajor(place.cluster, place.binaries)
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

const isTemporary = (options: EmbeddedOptions): boolean => options.isTemporary ?? options.isDurable === false

/** What a test or a demonstration left below /var/lib goes, server and all. Anybody else's data are never removed unasked. */
async function removeTemporary({ user, binaries }: Pick<Place, 'user' | 'binaries'>): Promise<void> {
  for (const orphan of await findOrphans()) if (orphan.isTemporary) await dropOrphan(orphan, binaries, user)
}

async function dropOrphan(orphan: Orphan, binaries: string, user: ServerUser): Promise<void> {
  if (await findRunning(orphan.cluster)) {
    await pgCtl(binaries, user, ['-D', orphan.cluster, '-m', 'immediate', '-w', 'stop'])
  }
  await removeOrphan(orphan)
}

/** Removes clusters below /var/lib whose data folder is no more. Answers those folders. */
export async function pruneEmbedded(isMeant: (origin: string) => boolean = () => true): Promise<string[]> {
  const user = await serverUser()
  const binaries = await postgresBinaries(user)
  const orphans = (await findOrphans()).filter(({ origin }) => isMeant(origin))
  for (const orphan of orphans) await dropOrphan(orphan, binaries, user)
  return orphans.map(({ origin }) => origin)
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
    if (!Number.isInteger(pid) || !(await isServerOf(cluster, pid))) {
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

/** A PostgreSQL works in its data folder: after a reboot the number may belong to another one. */
async function isServerOf(cluster: string, pid: number): Promise<boolean> {
  const [, name, state] = /\((.*)\) (\S)/.exec(await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => '')) ?? []
  // Where nobody waits for orphans, as in many containers, the dead keep their entry.
  if (name !== 'postgres' || state === 'Z') return false
  // By device and inode: paths differ from one mount namespace to another.
  const [theirs, ours] = await Promise.all([stat(`/proc/${pid}/cwd`).catch(() => null), stat(cluster)])
  return theirs === null || (theirs.dev === ours.dev && theirs.ino === ours.ino)
}

/** Made beside its place and moved there whole: killed half way, half a cluster would be taken for one. */
async function initialise({ user, binaries, cluster, passwords }: Place): Promise<void> {
  const place = dirname(cluster)
  await mkdir(place, { recursive: true, mode: 0o755 })
  for (const name of await readdir(place)) {
    if (name.startsWith(PART_PREFIX)) await rm(join(place, name), { recursive: true, force: true })
  }
  const part = join(place, `${PART_PREFIX}${randomBytes(4).toString('hex')}`)
  await makePrivateFolder(part, user)
  const passwordFile = `${part}.password`
  await writeFile(passwordFile, passwords.superuser, { mode: 0o600 })
  if (user) await chown(passwordFile, user.uid, user.gid)
  try {
    const args = ['-D', part, '-U', 'postgres', '-A', 'scram-sha-256', `--pwfile=${passwordFile}`]
    await execa(join(binaries, 'bin/initdb'), [...args, '-E', 'UTF8', '--locale=C', '--no-instructions'], runAs(user))
    await rm(cluster, { recursive: true, force: true })
    await rename(part, cluster)
  } catch (cause) {
    await rm(part, { recursive: true, force: true })
    throw new Error(`The database could not be created in ${cluster}.`, { cause })
  } finally {
    await rm(passwordFile, { force: true })
  }
}

const PART_PREFIX = 'cluster.new-'

async function start(place: Place, { port, isDurable = true }: EmbeddedOptions): Promise<Running> {
  const { user, binaries, cluster } = place
  const until = Date.now() + START_MS_MAX
  for (;;) {
    const settings = [
      `-p ${port === 0 ? await anyPort() : (port ?? (await freePort(FIRST_PORT)))}`,
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
