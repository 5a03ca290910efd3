import { execFileSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { enrolLine } from './enrol-line'

const INSTALLER = 'echo "installer ran with: $*"\n'
const installerSha256 = createHash('sha256').update(INSTALLER).digest('hex')

let folder: string
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'enrol-line-'))
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

/** Runs the line where only these commands fetch, and each gives `served`. */
function paste(line: string, served: string, fetchers: string[]): string {
  for (const name of ['curl', 'wget']) rmSync(join(folder, name), { force: true })
  writeFileSync(join(folder, 'served'), served)
  for (const name of ['curl', 'wget']) {
    const body = fetchers.includes(name) ? `cat ${join(folder, 'served')}` : 'exit 127'
    writeFileSync(join(folder, name), `#!/bin/sh\n${body}\n`)
    chmodSync(join(folder, name), 0o755)
  }
  const env = { PATH: `${folder}:/usr/bin:/bin`, TMPDIR: folder }
  return execFileSync('sh', ['-c', line], {
    env: env as unknown as NodeJS.ProcessEnv,
    stdio: ['ignore', 'pipe', 'ignore'],
    encoding: 'utf8',
  })
}

const plain = enrolLine({ url: 'http://203.0.113.5:3000/', token: 'enrol_x', installerSha256 })
const secure = enrolLine({ url: 'https://security.example.org', token: 'enrol_x', installerSha256 })

test('the line hands gateway and token to the installer, with curl or with wget', () => {
  const said = 'installer ran with: --gateway http://203.0.113.5:3000 --token enrol_x\n'
  expect(paste(plain, INSTALLER, ['curl'])).toBe(said)
  expect(paste(plain, INSTALLER, ['wget'])).toBe(said)
  expect(paste(secure, INSTALLER, ['wget'])).toContain('--gateway https://security.example.org --token enrol_x')
})

test('over plain HTTP an installer that was replaced on its way does not run', () => {
  expect(() => paste(plain, `${INSTALLER}touch ${join(folder, 'owned')}\n`, ['curl'])).toThrow()
})

test('over plain HTTP half an installer does not run', () => {
  expect(() => paste(plain, INSTALLER.slice(0, 10), ['curl'])).toThrow()
})

test('an address that means something to a shell makes no line', () => {
  for (const url of ['http://a$(id).example', "http://a'b.example", 'http://a.example;id', 'ftp://a.example'])
    expect(() => enrolLine({ url, token: 'enrol_x', installerSha256 })).toThrow('shell line')
})
