import { type GlobalOptions, loadLocalConfig } from '../config'
import { systemCode } from '../errors'
import { readStatus, type StatusFile } from './status-file'

export type StatusOptions = GlobalOptions & { json?: boolean }

/** Older than this, the state says nothing of now: `run` writes it every five seconds at least. */
const FRESH_MS = 15_000

/** @returns exit code: 0 while the agent runs and its state is fresh. */
export async function status(options: StatusOptions): Promise<number> {
  const { names, paths } = loadLocalConfig(options)
  const state = readStatus(paths.status)
  const ageMs = state ? Date.now() - state.atMs : null
  const isAlive = state !== null && isRunning(state.pid)
  const running = isAlive && ageMs !== null && ageMs < FRESH_MS
  if (options.json) console.log(JSON.stringify({ running, ageMs, ...state }))
  else if (state === null) console.log(`The agent has never run here. Start ${names.unit}, or "${names.command} run".`)
  else if (!isAlive)
    console.log(`The agent is not running; it was last seen ${seconds(ageMs)} ago. Start ${names.unit}.`)
  else if (!running)
    console.log(`The agent (pid ${state.pid}) has not written its state for ${seconds(ageMs)}: look at its log.`)
  else console.log(describe(state))
  return running ? 0 : 1
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return systemCode(error) === 'EPERM'
  }
}

const seconds = (ms: number | null): string => `${Math.round((ms ?? 0) / 1_000)} s`
const number = (value: unknown): string => (typeof value === 'number' ? Math.round(value).toLocaleString('en') : '–')

type Known = { low?: unknown; high?: unknown; pps?: unknown; ppsHigh?: unknown } | null | undefined
type KnownIncident = { id?: unknown; state?: unknown; vectors?: unknown } | null | undefined

function describe(state: StatusFile): string {
  const band = state.baseline as Known
  const incident = state.incident as KnownIncident
  const { disk } = state
  const refused = disk?.refused.length ? `; not written: ${disk.refused.join(', ')}` : ''
  const diskLine = `${disk?.full ? 'full: the oldest samples are let go, incidents are kept' : 'refuses to be written'}${refused}. Make room.`
  const lines: [string, string][] = [
    ...(disk?.full || refused ? [['disk', diskLine] as [string, string]] : []),
    ['agent', `running, pid ${state.pid}, for ${seconds(Date.now() - state.startedAtMs)}`],
    ['level', state.level],
    ['platform', state.link.connected ? 'connected' : `away; ${number(state.link.spooled)} reports wait on disk`],
    [
      'usual traffic',
      band
        ? `${number(band.pps ?? band.low)} to ${number(band.ppsHigh ?? band.high)} packets/s`
        : 'still being learned',
    ],
    ['wakes at', `${number(state.tripwirePps)} packets/s`],
    ['verified clients', number(state.verifiedClients)],
    ['incident', incident ? `${incident.state} (${[incident.vectors].flat().join(', ')}), ${incident.id}` : 'none'],
  ]
  return lines.map(([name, value]) => `${name.padEnd(17)} ${value}`).join('\n')
}
