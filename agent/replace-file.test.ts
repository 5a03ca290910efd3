import { mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { replaceFile } from './replace-file'

let folder: string
let path: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'replace-'))
  path = join(folder, 'state.json')
})
afterEach(() => rmSync(folder, { recursive: true }))

/** Whatever is written to the new file meets a full disk. */
const fillDisk = () => symlinkSync('/dev/full', `${path}.new`)
const read = () => JSON.parse(readFileSync(path, 'utf8'))

describe('a file that is replaced', () => {
  it('holds the new state, also on a full disk, within the blocks it has', () => {
    replaceFile(path, JSON.stringify({ n: 1, pad: 'x'.repeat(100) }))
    expect(read().n).toBe(1)
    fillDisk()
    replaceFile(path, JSON.stringify({ n: 2 }))
    expect(read()).toEqual({ n: 2 })
    fillDisk()
    replaceFile(path, JSON.stringify({ n: 3, pad: 'y'.repeat(3_000) }))
    expect(read().n).toBe(3)
  })

  it('keeps the old state and says so when the new one needs more room than it has', () => {
    writeFileSync(path, JSON.stringify({ n: 1 }))
    fillDisk()
    expect(() => replaceFile(path, JSON.stringify({ n: 2, pad: 'x'.repeat(100_000) }))).toThrow('ENOSPC')
    expect(read()).toEqual({ n: 1 })
  })
})
