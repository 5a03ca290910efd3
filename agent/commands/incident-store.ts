import { readFileSync } from 'node:fs'
import type { Disk } from '../disk'
import { replaceFile } from '../replace-file'
import type { OpenIncident } from './response'

/** The file never gets smaller: on a full disk an incident is written where this room was. */
const ROOM_BYTES = 64 * 1024

export type IncidentStore = {
  read(): OpenIncident | null
  /** Before it returns: a process killed later takes the incident up where it was. */
  keep(open: OpenIncident | null): void
}

/** What a restarted agent must know of the incident that was open, in one file; `null` in it while there is none. */
export function createIncidentStore(path: string, disk: Disk): IncidentStore {
  const keep = (open: OpenIncident | null): void =>
    disk.attempt('open incident', () => replaceFile(path, JSON.stringify(open).padEnd(ROOM_BYTES)))
  const read = (): OpenIncident | null => {
    try {
      return JSON.parse(readFileSync(path, 'utf8')) as OpenIncident | null
    } catch {
      return null
    }
  }
  if (read() === null) keep(null)
  return { read, keep }
}
