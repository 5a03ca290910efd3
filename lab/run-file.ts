import {
  mkdirSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import { z } from 'zod'
import { ROLES, type Role } from './topology'

/** Where every run of the lab on this machine writes down what it made. */
export const RUNS_DIR = '/run/flood-lab'

const RunFile = z.object({
  id: z.string().regex(/^[0-9a-f]{6}$/),
  ownerPid: z.int().positive(),
  /** Clock ticks since boot at which the owner started: tells it from a later process with the same pid. */
  ownerStart: z.string(),
  /** What the run holds for itself, e.g. the folder of its database. */
  holds: z.array(z.string()),
  /** The network in which the owner itself lives. */
  outside: z.string(),
  namespaces: z.partialRecord(z.enum(ROLES), z.object({ name: z.string(), identity: z.string() })),
})
export type RunFile = z.infer<typeof RunFile>

export const namespaceName = (runId: string, role: Role): string => `lab-${runId}-${role}`

const path = (runId: string) => join(RUNS_DIR, `${runId}.json`)

export function writeRunFile(run: RunFile): void {
  mkdirSync(RUNS_DIR, { recursive: true, mode: 0o700 })
  writeFileSync(`${path(run.id)}.new`, JSON.stringify(run), { mode: 0o600 })
  renameSync(`${path(run.id)}.new`, path(run.id))
}

export const removeRunFile = (runId: string): void => rmSync(path(runId), { force: true })

export function readRunFiles(): RunFile[] {
  try {
    return readdirSync(RUNS_DIR)
      .filter((name) => name.endsWith('.json'))
      .map((name) => RunFile.safeParse(JSON.parse(readFileSync(join(RUNS_DIR, name), 'utf8'))))
      .flatMap((parsed) => (parsed.success ? [parsed.data] : []))
  } catch {
    return []
  }
}

/** Start time of a process in clock ticks since boot, or null when it is gone. */
export function processStart(pid: number): string | null {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
    return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19] ?? null
  } catch {
    return null
  }
}

export const ownerLives = (run: RunFile): boolean => processStart(run.ownerPid) === run.ownerStart

/** Device and inode of a network namespace; two paths with the same identity are the same namespace. */
export function namespaceIdentity(pathOfNamespace: string): string {
  const { dev, ino } = statSync(pathOfNamespace)
  return `${dev}:${ino}`
}

/**
 * Throws unless this process runs in the namespace that a living run of the lab made for `role`.
 * Compares kernel identities, so no flag or name can talk a generator into another network.
 */
export function assertInsideLab(role: Role, runs: RunFile[] = readRunFiles()): void {
  const mine = namespaceIdentity('/proc/self/ns/net')
  const run = runs.filter(ownerLives).find(({ outside, namespaces }) => {
    const made = namespaces[role]
    return mine !== outside && made?.identity === mine && namespaceIdentity(`/run/netns/${made.name}`) === mine
  })
  if (!run)
    throw new Error(`refused: ${readlinkSync('/proc/self/ns/net')} is not the ${role} namespace of a running lab`)
}
