import { type ChildProcess, spawn } from 'node:child_process'
import { chmodSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { stopEmbedded } from '../server/db/embedded'
import { until } from './clock'
import { type Lab, openLab } from './lab'
import { inNamespace, runInside } from './network'
import { ended } from './platform'
import type { NodeName } from './topology'

/** `bin/up` inside the platform's namespace, with data of its own, and servers that its enrolment line is pasted on. */

const ROOT = join(import.meta.dirname, '..')
const PORT = '5800'

/** Tables that change while an agent is connected and a person looks. */
const LIVELY = ['node', 'node_cursor', 'node_nonce', 'session']

export type Ready = {
  isRunning: boolean
  pid: number
  url: string
  signIn: { email: string; password: string } | null
  enrol: { nodeName: string; line: string } | null
}
export type Fleet = { cookie: string; slug: string; tiles: { name: string; state: string; word: string | null }[] }

export type UpStand = {
  lab: Lab
  data: string
  /** Calls `bin/up` to its end. */
  call: (...options: string[]) => Promise<string>
  /** Starts `bin/up` and waits until it says that everything runs. */
  start: () => Promise<{ ready: Ready; child: ChildProcess }>
  /** Processes that a `bin/up` of these data started, by script: `main.mjs`, `next-server`, `up.mjs`. */
  programs: () => Record<string, number>
  /** A hash of the rows of each table that no living agent changes. */
  rows: () => Promise<Record<string, string>>
  readFleet: (ready: Ready, ...credentials: string[]) => Promise<Fleet>
  /** Runs a command on a match server whose own folders the installer may fill. */
  onServer: (node: NodeName, command: string) => ChildProcess
  close: () => Promise<void>
}

export async function openUpStand(): Promise<UpStand> {
  const folder = mkdtempSync(join(tmpdir(), 'up-'))
  chmodSync(folder, 0o755)
  const data = join(folder, 'data')
  mkdirSync(data)
  const lab = await openLab({ holds: [data] })
  const options = ['--data', data, '--port', PORT, '--json']
  return {
    lab,
    data,
    call: (...more) =>
      runInside(lab.id, 'platform', 'bin/up', [...options, ...more], { cwd: ROOT, timeout: 240_000, stderr: 'ignore' }),
    start: () => start(lab, options),
    programs: () => programsOf(data),
    rows: async () => {
      const args = ['--import', 'tsx', 'lab/all-rows.ts', join(data, 'postgres')]
      const all = JSON.parse(await runInside(lab.id, 'platform', process.execPath, args, { cwd: ROOT }))
      for (const name of LIVELY) delete all[name]
      return all
    },
    readFleet: async ({ url }, ...credentials) => {
      const args = ['--import', 'tsx', 'lab/read-fleet.ts', url, ...credentials]
      return JSON.parse(await runInside(lab.id, 'platform', process.execPath, args, { cwd: ROOT })) as Fleet
    },
    onServer: (node, command) => onServer(lab, join(folder, node), node, command),
    close: async () => {
      lab.close()
      await stopEmbedded(join(data, 'postgres'))
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

async function start(lab: Lab, options: string[]): Promise<{ ready: Ready; child: ChildProcess }> {
  const [command, args] = inNamespace(lab.id, 'platform', 'bin/up', options)
  const child = spawn(command, args, { cwd: ROOT, stdio: ['ignore', 'pipe', 'pipe'] })
  let said = ''
  child.stderr.on('data', (chunk) => {
    said += chunk
  })
  let line: string | null = null
  createInterface({ input: child.stdout }).once('line', (first) => {
    line = first
  })
  const ready = await until(
    'bin/up to be ready',
    () => {
      if (child.exitCode !== null) throw new Error(`bin/up ended with ${child.exitCode}: ${said.slice(-2_000)}`)
      return line
    },
    { timeoutMs: 120_000 },
  )
  return { ready: JSON.parse(ready) as Ready, child }
}

function programsOf(data: string): Record<string, number> {
  const { dev, ino } = statSync(data)
  const found: Record<string, number> = {}
  for (const pid of readdirSync('/proc').filter((name) => /^\d+$/.test(name))) {
    try {
      if (!readFileSync(`/proc/${pid}/environ`, 'utf8').split('\0').includes(`UP_MARK=${dev}:${ino}`)) continue
      const words = readFileSync(`/proc/${pid}/cmdline`, 'utf8').split(/[\0 ]/)
      found[
        words
          .find((word) => /\.m?js$/.test(word))
          ?.split('/')
          .at(-1) ??
          words[0] ??
          ''
      ] = Number(pid)
    } catch {
      // It ended while we looked.
    }
  }
  return found
}

/** The server's own /usr/local and /var/lib, and no systemd, in a mount namespace that ends with the command. */
const SERVER_ROOT = `
mkdir -p "$1/lib" "$1/bin" "$1/var"
mount --bind "$1/lib" /usr/local/lib && mount --bind "$1/bin" /usr/local/bin && mount --bind "$1/var" /var/lib &&
mount -t tmpfs none /run && exec sh -c "$2"`

function onServer(lab: Lab, folder: string, node: NodeName, command: string): ChildProcess {
  const [first, args] = inNamespace(lab.id, node, 'sh', ['-c', SERVER_ROOT, 'sh', folder, command])
  return spawn(first, args, { stdio: ['ignore', 'pipe', 'pipe'] })
}

/** Output of a process, and its exit code, at its end. */
export function outcome(child: ChildProcess): Promise<{ code: number | null; text: string }> {
  let text = ''
  child.stdout?.on('data', (chunk) => {
    text += chunk
  })
  child.stderr?.on('data', (chunk) => {
    text += chunk
  })
  return new Promise((resolve) => child.once('close', (code) => resolve({ code, text })))
}

export { ended }
