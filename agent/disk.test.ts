import { mkdtempSync, readFileSync, rmSync, symlinkSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pino } from 'pino'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { createIncidentStore } from './commands/incident-store'
import type { OpenIncident } from './commands/response'
import { createDisk } from './disk'
import { openLedger } from './mitigate/ledger'

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'disk-'))
})
afterEach(() => rmSync(folder, { recursive: true }))

function diskWithLog() {
  const error = vi.fn()
  const disk = createDisk(Object.assign(Object.create(pino({ level: 'silent' })), { error }))
  return { disk, error }
}
const line = {
  atUs: 1,
  incidentId: 'i',
  step: 'intent' as const,
  chain: 'c',
  cuts: [],
  expiresAfterMs: 1,
  cause: 'test',
}

describe('a full disk', () => {
  it('keeps no rule out of the kernel: the ledger swallows the refusal and says it once', () => {
    const { disk, error } = diskWithLog()
    const path = join(folder, 'ledger.jsonl')
    symlinkSync('/dev/full', path)
    const ledger = openLedger(path, disk)
    ledger.write(line)
    ledger.write(line)
    ledger.close()
    expect(error).toHaveBeenCalledTimes(1)
    expect(error.mock.calls[0]?.[0]).toMatch(/ledger cannot be written: ENOSPC.*Everything else goes on. Make room/)
    expect(disk.refused).toEqual(['ledger'])
  })

  it('lets a restarted agent take up the incident that began on it: its room was kept', () => {
    const { disk } = diskWithLog()
    const path = join(folder, 'incident.json')
    const store = createIncidentStore(path, disk)
    expect(store.read()).toBeNull()
    symlinkSync('/dev/full', `${path}.new`)
    const open = { report: { id: 'i', text: 'x'.repeat(20_000) } } as unknown as OpenIncident
    store.keep(open)
    expect(disk.refused).toEqual([])
    expect(createIncidentStore(path, disk).read()).toEqual(open)
  })

  it('ends what was torn in the ledger before the next line', () => {
    const path = join(folder, 'ledger.jsonl')
    const ledger = openLedger(path, diskWithLog().disk)
    ledger.write(line)
    ledger.write({ ...line, step: 'applied' })
    ledger.close()
    const steps = readFileSync(path, 'utf8')
      .trim()
      .split('\n')
      .map((text) => JSON.parse(text).step)
    expect(steps).toEqual(['intent', 'applied'])
  })
})
