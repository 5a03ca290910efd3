import { randomBytes } from 'node:crypto'
import { existsSync } from 'node:fs'
import { copyFile, mkdir, readdir, readFile, rm, stat, truncate, writeFile } from 'node:fs/promises'
import { dirname, join, resolve } from 'node:path'
import { canReach, FALLBACK_ROOT, type ServerUser } from './postgres-files'

/**
 * Where a cluster lives: below its data folder, or, when the server's user cannot get there (a home of mode 0700), below
 * /var/lib in a folder named by an id that the data folder keeps. That folder names its data folder in return (`origin`).
 */

const ID_FILE = 'cluster-id'

/** Where the cluster of this data is, or would be made as things stand. */
export async function clusterFolder(data: string, user: ServerUser): Promise<string> {
  const near = join(resolve(data), 'cluster')
  const id = await readText(join(data, ID_FILE))
  if (id !== null && (await belongsTo(id, data))) return join(FALLBACK_ROOT, id, 'cluster')
  if (existsSync(join(near, 'PG_VERSION')) || (await canReach(data, user))) return near
  return join(FALLBACK_ROOT, id ?? 'none', 'cluster')
}

/** As `clusterFolder`, for a server that is about to start: what it needs below /var/lib is made. */
export async function claimClusterFolder(data: string, user: ServerUser, isTemporary: boolean): Promise<string> {
  const found = await clusterFolder(data, user)
  if (!found.startsWith(`${FALLBACK_ROOT}/`)) return found
  const known = await readText(join(data, ID_FILE))
  if (known !== null && (await belongsTo(known, data))) {
    await writeFile(join(FALLBACK_ROOT, known, 'origin'), resolve(data), { mode: 0o600 })
    return found
  }
  // A copied data folder brings the id of its original along: it gets one of its own.
  const id = `data-${randomBytes(8).toString('hex')}`
  // In this order, so that nobody takes it for the cluster of a deleted folder meanwhile.
  await mkdir(data, { recursive: true })
  await writeFile(join(data, ID_FILE), id)
  await mkdir(join(FALLBACK_ROOT, id), { recursive: true, mode: 0o755 })
  if (isTemporary) await writeFile(join(FALLBACK_ROOT, id, 'temporary'), '')
  await writeFile(join(FALLBACK_ROOT, id, 'origin'), resolve(data), { mode: 0o600 })
  return join(FALLBACK_ROOT, id, 'cluster')
}

/** A moved data folder keeps its cluster: the id counts, unless the folder it came from still has it too. */
async function belongsTo(id: string, data: string): Promise<boolean> {
  const origin = await readText(join(FALLBACK_ROOT, id, 'origin'))
  if (origin === null) return false
  if (origin === resolve(data)) return true
  return (await readText(join(origin, ID_FILE))) !== id
}

export type Orphan = { cluster: string; origin: string; isTemporary: boolean }

/** Clusters below /var/lib whose data folder is not where it was: deleted, moved since, or on a disk that is not there now. */
export async function findOrphans(): Promise<Orphan[]> {
  const orphans: Orphan[] = []
  for (const id of await readdir(FALLBACK_ROOT).catch(() => [])) {
    const place = join(FALLBACK_ROOT, id)
    const origin = await readText(join(place, 'origin'))
    if (origin === null || (await readText(join(origin, ID_FILE))) === id) continue
    orphans.push({ cluster: join(place, 'cluster'), origin, isTemporary: existsSync(join(place, 'temporary')) })
  }
  return orphans
}

/** Nothing happens where somebody else has just removed it. */
export const removeOrphan = ({ cluster }: Orphan): Promise<void> =>
  rm(dirname(cluster), { recursive: true, force: true })

async function readText(path: string): Promise<string | null> {
  return (await readFile(path, 'utf8').catch(() => null))?.trim() || null
}

const LOG_BYTES_MAX = 10 * 1024 ** 2

/** Keeps the server's log below 10 MiB, and one older part. The server appends, so it goes on at the new end. */
export async function rotateLog(cluster: string): Promise<void> {
  const log = join(cluster, 'server.log')
  const size = await stat(log).then(
    (found) => found.size,
    () => 0,
  )
  if (size < LOG_BYTES_MAX) return
  await copyFile(log, `${log}.1`)
  await truncate(log)
}
