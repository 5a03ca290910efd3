import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { openProc, parsed } from './proc-file'

const directory = mkdtempSync(join(tmpdir(), 'proc-file-'))
const path = join(directory, 'counters')
afterAll(() => rmSync(directory, { recursive: true }))

test('a file is read whole however long it grows, and parsed anew only when it changed', () => {
  writeFileSync(path, 'a 1\n')
  let times = 0
  const file = openProc(path)
  const length = parsed(file, (text) => {
    times += 1
    return text.length
  })
  expect([length(), length(), times]).toEqual([4, 4, 1])
  writeFileSync(path, 'b'.repeat(200_000))
  expect([length(), length(), times]).toEqual([200_000, 200_000, 2])
  writeFileSync(path, '')
  expect([length(), times]).toEqual([0, 3])
})

test('a file that this kernel lacks reads as empty where it may be missing, and is an error where not', () => {
  expect(openProc(join(directory, 'none'), true).read()).toBe('')
  expect(() => openProc(join(directory, 'none'))).toThrow('ENOENT')
})
