import { closeSync, mkdirSync, openSync, writeSync } from 'node:fs'
import { dirname } from 'node:path'
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

/** Append-only file, one JSON object a line. No fsync: it stands on the way of a rule into the kernel. */
export function openLedger(path: string): Ledger {
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 })
  const file = openSync(path, 'a', 0o600)
  return {
    write: (line) => void writeSync(file, `${JSON.stringify(line)}\n`),
    close: () => closeSync(file),
  }
}
