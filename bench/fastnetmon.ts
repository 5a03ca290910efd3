import { type ChildProcess, spawn } from 'node:child_process'
import { createWriteStream, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { execa } from 'execa'
import { pass, until } from '../lab/clock'
import { inNamespace } from '../lab/network'
import { ended } from '../lab/platform'
import { ATTACKED, type Stand } from '../lab/stand'
import { GAME_INTERFACE, TRANSIT } from '../lab/topology'
import { type Ban, banScript, filesOf, parseBans, renderConfiguration } from './fastnetmon-config'

/** The peer, as Debian packages it, inside the attacked match server's namespace. */

const SHIPPED = '/etc/fastnetmon.conf'
/** Its average over 5 s is filled, so that a flood meets it as one does in life. */
const SETTLED_MS = 8_000
const STARTED_MS = 20_000

export type Peer = {
  pid: number
  /** Moment of the ban script's start at or after `sinceUs`, or null when it does not come in time. */
  banned: (sinceUs: number, timeoutMs: number) => Promise<number | null>
  stop: () => Promise<void>
}

export async function peerVersion(): Promise<string> {
  const { stdout } = await execa('dpkg-query', ['-W', 'fastnetmon'])
  return stdout.split('\t')[1] ?? stdout
}

/** Starts it afresh: no ban of an earlier flood is left in it. */
export async function startPeer({ lab, folders }: Stand): Promise<Peer> {
  const directory = join(folders.root, '.data/bench/fastnetmon')
  const files = filesOf(directory)
  const networks = [`${TRANSIT.servers4.replace(/\d+$/, '0')}/24`]
  rmSync(directory, { recursive: true, force: true })
  mkdirSync(directory, { recursive: true })
  const folder = { directory, interfaceName: GAME_INTERFACE, networks }
  writeFileSync(files.configuration, renderConfiguration(readFileSync(SHIPPED, 'utf8'), folder))
  writeFileSync(files.networks, `${networks.join('\n')}\n`)
  writeFileSync(files.whitelist, '')
  writeFileSync(files.script, banScript(files.bans), { mode: 0o755 })
  const options = ['--configuration_file', files.configuration, '--log_file', files.log, '--disable_pid_logic']
  const child = spawn(...inNamespace(lab.id, ATTACKED, 'fastnetmon', options), { stdio: ['ignore', 'pipe', 'pipe'] })
  const output = createWriteStream(join(directory, 'output.log'))
  child.stdout.pipe(output, { end: false })
  child.stderr.pipe(output, { end: false })
  await untilListening(child, files.log)
  await pass(SETTLED_MS)
  return {
    pid: child.pid ?? 0,
    banned: (sinceUs, timeoutMs) => firstBan(files.bans, sinceUs, timeoutMs),
    stop: () => ended(child, 'SIGTERM'),
  }
}

async function untilListening(child: ChildProcess, log: string): Promise<void> {
  await until(
    'fastnetmon to capture',
    () => {
      if (child.exitCode !== null) throw new Error(`fastnetmon ended with ${child.exitCode}; its log is ${log}`)
      return readOrEmpty(log).includes('AF_PACKET') ? true : null
    },
    { timeoutMs: STARTED_MS },
  )
}

function readOrEmpty(path: string): string {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    return ''
  }
}

async function firstBan(bans: string, sinceUs: number, timeoutMs: number): Promise<number | null> {
  const isFirst = ({ action, atUs }: Ban): boolean => action === 'ban' && atUs >= sinceUs
  const found = await until('fastnetmon to ban', () => parseBans(readOrEmpty(bans)).find(isFirst) ?? null, {
    timeoutMs,
    everyMs: 50,
  }).catch((error: Error) => {
    if (error.name !== 'DeadlineError') throw error
    return null
  })
  return found?.atUs ?? null
}
