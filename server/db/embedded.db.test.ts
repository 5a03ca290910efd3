import {
  appendFile,
  chmod,
  chown,
  cp,
  mkdir,
  mkdtemp,
  readdir,
  readFile,
  rename,
  rm,
  stat,
  writeFile,
} from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import pg from 'pg'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { type EmbeddedServer, findEmbedded, pruneEmbedded, startEmbedded, stopEmbedded } from './embedded'
import { canReach, serverUser } from './postgres-files'

const folders: string[] = []

async function folder(mode: number): Promise<string> {
  const path = await mkdtemp(join(tmpdir(), 'tidegate-embedded-'))
  await chmod(path, mode)
  folders.push(path)
  return path
}

const start = (data: string) => startEmbedded({ data, port: 0, isDurable: false })

async function ask(server: EmbeddedServer, sql: string): Promise<Record<string, unknown>[]> {
  const client = new pg.Client({ connectionString: server.adminUrl })
  await client.connect()
  try {
    return (await client.query(sql)).rows
  } finally {
    await client.end()
  }
}

const isGone = async (pid: number): Promise<boolean> =>
  stat(`/proc/${pid}`).then(
    () => false,
    () => true,
  )

afterEach(async () => {
  for (const path of folders.splice(0)) {
    const cluster = (await findEmbedded(path))?.cluster
    await stopEmbedded(path)
    if (cluster && !cluster.startsWith(path)) await rm(dirname(cluster), { recursive: true, force: true })
    await rm(path, { recursive: true, force: true })
  }
})

describe('embedded PostgreSQL', () => {
  it('is taken over while it runs, and is the same server for whoever asks', async () => {
    const data = await folder(0o755)
    const first = await start(data)
    const second = await start(data)
    expect(second).toMatchObject({ pid: first.pid, port: first.port, isAdopted: true })
    expect(await ask(second, 'SELECT 1 AS one')).toEqual([{ one: 1 }])
  })

  it('comes back with its data after kill -9, stale pid file and all', async () => {
    const data = await folder(0o755)
    const first = await start(data)
    await ask(first, 'CREATE TABLE kept AS SELECT 7 AS value')
    await ask(first, 'CHECKPOINT')
    process.kill(first.pid, 'SIGKILL')
    await vi.waitFor(async () => expect(await isGone(first.pid)).toBe(true), { timeout: 10_000 })
    const second = await start(data)
    expect(second.isAdopted).toBe(false)
    expect(second.pid).not.toBe(first.pid)
    expect(await ask(second, 'SELECT value FROM kept')).toEqual([{ value: 7 }])
  })

  it('listens on the loopback address only, asks for a password, and keeps passwords to itself', async () => {
    const data = await folder(0o755)
    const server = await start(data)
    expect(await ask(server, 'SHOW listen_addresses')).toEqual([{ listen_addresses: '127.0.0.1' }])
    expect(await ask(server, 'SHOW unix_socket_directories')).toEqual([{ unix_socket_directories: '' }])
    const guess = new pg.Client({ connectionString: server.adminUrl.replace(server.passwords.superuser, 'guess') })
    await expect(guess.connect()).rejects.toMatchObject({ code: '28P01' })
    expect((await stat(join(data, 'passwords.json'))).mode & 0o777).toBe(0o600)
    expect((await stat(server.cluster)).mode & 0o777).toBe(0o700)
  })

  it.runIf(process.getuid?.() === 0)('started as root, runs as another user', async () => {
    const server = await start(await folder(0o755))
    const user = await serverUser()
    const status = await readFile(`/proc/${server.pid}/status`, 'utf8')
    expect(status).toContain(`Uid:\t${user?.uid}\t`)
    expect(user?.uid).not.toBe(0)
  })

  it('half a cluster that a killed start left behind is made anew', async () => {
    const data = await folder(0o755)
    const user = await serverUser()
    for (const place of ['cluster', 'cluster.new-dead']) {
      await mkdir(join(data, place))
      if (user) await chown(join(data, place), user.uid, user.gid)
      await writeFile(join(data, place, 'postgresql.conf'), '')
    }
    expect(await ask(await start(data), 'SELECT 1 AS one')).toEqual([{ one: 1 }])
    expect((await readdir(data)).filter((name) => name.startsWith('cluster.new'))).toEqual([])
  })

  it('data of another major version are refused in words', async () => {
    const data = await folder(0o755)
    const server = await start(data)
    await stopEmbedded(data)
    await writeFile(join(server.cluster, 'PG_VERSION'), '9\n')
    await expect(start(data)).rejects.toThrow(/made by PostgreSQL 9, and this release brings \d+/)
  })

  it('its log stays small, and one older part is kept', async () => {
    const data = await folder(0o755)
    const { cluster } = await start(data)
    const log = join(cluster, 'server.log')
    await appendFile(log, Buffer.alloc(11 * 1024 ** 2, 'line '))
    await start(data)
    expect((await stat(log)).size).toBeLessThan(1024 ** 2)
    expect((await stat(`${log}.1`)).size).toBeGreaterThan(10 * 1024 ** 2)
  })

  it.runIf(process.getuid?.() === 0)(
    'a temporary data folder that is deleted takes its cluster elsewhere along, server and all; another’s stays',
    async () => {
      const data = await folder(0o700)
      const first = await start(data)
      await rm(data, { recursive: true })
      const lasting = await startEmbedded({ data: await folder(0o700), port: 0 })
      await rm(folders.at(-1) ?? '', { recursive: true })
      const second = await start(await folder(0o755))
      await vi.waitFor(async () => expect(await isGone(first.pid)).toBe(true), { timeout: 10_000 })
      await expect(stat(dirname(first.cluster))).rejects.toThrow('ENOENT')
      expect(await ask(second, 'SELECT 1 AS one')).toEqual([{ one: 1 }])
      expect(await ask(lasting, 'SELECT 1 AS one')).toEqual([{ one: 1 }])
      const origin = folders.at(-2)
      expect(await pruneEmbedded((folder) => folder === origin)).toEqual([origin])
      await vi.waitFor(async () => expect(await isGone(lasting.pid)).toBe(true), { timeout: 10_000 })
    },
  )

  it.runIf(process.getuid?.() === 0)(
    'a data folder that is moved keeps its cluster; a copy of it gets its own',
    async () => {
      const data = await folder(0o700)
      const first = await start(data)
      await ask(first, 'CREATE TABLE kept AS SELECT 7 AS value')
      await stopEmbedded(data)
      const moved = await folder(0o700)
      await rm(moved, { recursive: true })
      await rename(data, moved)
      expect(await ask(await start(moved), 'SELECT value FROM kept')).toEqual([{ value: 7 }])
      const copy = await folder(0o700)
      await cp(moved, copy, { recursive: true })
      expect((await start(copy)).cluster).not.toBe(first.cluster)
    },
  )

  it.runIf(process.getuid?.() === 0)('works for data below a home that others may not enter', async () => {
    const data = await folder(0o700)
    expect(await canReach(data, await serverUser())).toBe(false)
    const server = await start(data)
    expect(server.cluster.startsWith('/var/lib/tidegate-postgres/')).toBe(true)
    expect(await ask(server, 'SELECT 1 AS one')).toEqual([{ one: 1 }])
    expect((await start(data)).isAdopted).toBe(true)
  })
})
