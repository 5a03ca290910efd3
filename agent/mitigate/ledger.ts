import { closeSync, mkdirSync, openSync, writeSync } from 'node:fs'
import { dirname } from 'node:path'
import type { Disk } from '../disk'
import type { Cut } from './ruleset'

/** One line for each step of each rule: what was meant, that the kernel took it, that it went. */
export type LedgerLine = {
  atUs: number
  incidentId: string
  step: 'intent' | 'applied' | 'failed' | 'removed' | 'expired'
  chain: string
  cuts: readonly Pick<Cut, 'id' | 'vectorId' | 'action'>[]
  /** When the kernel lets go by itself if the agent does not refresh, in ms. */
  expiresAfterMs: number
  cause: string
}

export type Ledger = { write(line: LedgerLine): void; close(): void }

/**
 * Append-only file, one JSON object a line. No fsync: it stands on the way of a rule into the kernel. A disk that
 * refuses a line keeps no rule out of the kernel.
 */
export function openLedger(path: string, disk: Disk): Ledger {
  let file: number | null = null
  let isTorn = false
  return {
    write(line) {
      disk.attempt('ledger', () => {
        if (file === null) {
          mkdirSync(dirname(path), { recursive: true, mode: 0o700 })
          file = openSync(path, 'a', 0o600)
        }
        const text = Buffer.from(`${isTorn ? '\n' : ''}${JSON.stringify(line)}\n`)
        // A full disk may take half a line: the next begins a new one.
        isTorn = true
        if (writeSync(file, text) === text.length) isTorn = false
      })
    },
    close() {
      if (file !== null) closeSync(file)
    },
  }
}
