import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { status } from './status'
import { writeStatus } from './status-file'

let stateDir: string
const said: string[] = []
beforeEach(() => {
  stateDir = mkdtempSync(join(tmpdir(), 'status-'))
  said.length = 0
  vi.spyOn(console, 'log').mockImplementation((text: string) => void said.push(text))
})
afterEach(() => {
  vi.restoreAllMocks()
  rmSync(stateDir, { recursive: true })
})

const write = (pid: number) =>
  writeStatus(join(stateDir, 'status.json'), {
    pid,
    startedAtMs: Date.now(),
    level: 'nftables',
    link: { connected: false, spooled: 3 },
    incident: null,
    verifiedClients: 24,
  })

describe('status', () => {
  it('says that the agent never ran, is not running, or does not write', async () => {
    expect(await status({ stateDir })).toBe(1)
    expect(said.at(-1)).toMatch(/never run here/)
    write(2 ** 22 - 1)
    expect(await status({ stateDir })).toBe(1)
    expect(said.at(-1)).toMatch(/not running/)
    write(process.pid)
    vi.spyOn(Date, 'now').mockReturnValue(Date.now() + 60_000)
    expect(await status({ stateDir })).toBe(1)
    expect(said.at(-1)).toMatch(/has not written its state for 60 s/)
  })

  it('shows what the running agent does, to people and to programs', async () => {
    write(process.pid)
    expect(await status({ stateDir })).toBe(0)
    expect(said.at(-1)).toMatch(/away; 3 reports wait on disk/)
    expect(said.at(-1)).toMatch(/verified clients +24/)
    expect(await status({ stateDir, json: true })).toBe(0)
    expect(JSON.parse(said.at(-1) ?? '')).toMatchObject({ running: true, pid: process.pid, link: { spooled: 3 } })
  })
})
