import { readFileSync } from 'node:fs'
import { AgentError, errorText, systemCode } from '../errors'
import { replaceFile } from '../replace-file'

/** What `run` says of itself at most once a second. `status` shows what it knows and passes the rest on in --json. */
export type StatusFile = {
  pid: number
  startedAtMs: number
  level: 'nftables' | 'iptables' | 'detect-only'
  link: { connected: boolean; spooled: number }
  disk?: { full: boolean; refused: string[] }
} & Record<string, unknown>

/** On a full disk too: that is when somebody asks. */
export function writeStatus(path: string, status: StatusFile): void {
  replaceFile(path, JSON.stringify({ atMs: Date.now(), ...status }))
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
