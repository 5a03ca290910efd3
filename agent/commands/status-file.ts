import { readFileSync, renameSync, writeFileSync } from 'node:fs'
import { AgentError, errorText, systemCode } from '../errors'

/** What `run` says of itself at most once a second. `status` shows what it knows and passes the rest on in --json. */
export type StatusFile = {
  pid: number
  startedAtMs: number
  level: 'nftables' | 'iptables' | 'detect-only'
  link: { connected: boolean; spooled: number }
} & Record<string, unknown>

/** Replaces the file at once: a reader sees the old state or the new one, never half of one. */
export function writeStatus(path: string, status: StatusFile): void {
  const fresh = `${path}.new`
  try {
    writeFileSync(fresh, JSON.stringify({ atMs: Date.now(), ...status }), { mode: 0o600 })
    renameSync(fresh, path)
  } catch (error) {
    // A full disk must not stop the agent: the reader sees from `atMs` that the state is old.
    if (systemCode(error) === undefined) throw error
  }
}

/** State as last written, or null when no agent has run here. */
export function readStatus(path: string): (StatusFile & { atMs: number }) | null {
  try {
    return JSON.parse(readFileSync(path, 'utf8')) as StatusFile & { atMs: number }
  } catch (error) {
    if (systemCode(error) === 'ENOENT') return null
    throw new AgentError('bad_status', `${path} cannot be read: ${errorText(error)}.`)
  }
}
