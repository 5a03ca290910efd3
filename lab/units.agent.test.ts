import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { execa } from 'execa'
import { describe, expect, test } from 'vitest'
import { namesOf } from '../agent/config'

const ROOT = join(import.meta.dirname, '..')
const read = (name: string): string => readFileSync(join(ROOT, 'deploy/systemd', name), 'utf8')

describe.each(['tidegate-agent.service', 'tidegate-platform.service'])('%s', (name) => {
  test('is a unit that systemd accepts without a word', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'units-'))
    try {
      // Programs and users of a server are not there on the machine of the test.
      const unit = read(name)
        .replace(/^ExecStart=.*/m, 'ExecStart=/bin/true')
        .replace(/^User=.*/m, 'User=daemon')
      writeFileSync(join(folder, name), unit)
      const { all, exitCode } = await execa('systemd-analyze', ['verify', '--man=no', join(folder, name)], {
        all: true,
        reject: false,
      })
      expect(all).toBe('')
      expect(exitCode).toBe(0)
    } finally {
      rmSync(folder, { recursive: true, force: true })
    }
  })
})

test('the agent’s unit removes the tables by the names that the agent gives them, and keeps who was verified', () => {
  const { cut, sense, verified } = namesOf('tidegate').tables
  const unit = read('tidegate-agent.service')
  for (const table of [cut, sense]) expect(unit).toContain(`ExecStopPost=-/usr/sbin/nft delete table inet ${table}\n`)
  expect(unit).not.toContain(verified)
})
