import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'

const main = fileURLToPath(new URL('../main.ts', import.meta.url))
let stateDir: string
beforeAll(() => {
  stateDir = mkdtempSync(join(tmpdir(), 'doctor-'))
})
afterAll(() => rmSync(stateDir, { recursive: true }))

describe('doctor on a real kernel', () => {
  it('finds every feature the rulesets need, and leaves no table behind', () => {
    const doctor = `node --import tsx ${main} doctor --json --brand probe --state-dir ${stateDir}`
    const script = `${doctor} && nft list tables`
    const output = execFileSync('unshare', ['-n', 'sh', '-c', script], {
      encoding: 'utf8',
      stdio: 'pipe',
      timeout: 60_000,
    })
    const [json, ...tables] = output.trim().split('\n')
    const { ok, findings } = JSON.parse(json ?? '')
    expect(findings.filter(({ state }: { state: string }) => state === 'fail')).toEqual([])
    expect(ok).toBe(true)
    expect(findings.map(({ name }: { name: string }) => name)).toEqual(
      expect.arrayContaining(['rights', 'nft', 'kernel', 'capture addon', 'NFLOG', 'packet mark', 'disk']),
    )
    expect(tables).toEqual([])
  })
})
