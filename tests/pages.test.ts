import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { pathsOfPages } from './pages'

let root: string
beforeAll(() => {
  root = mkdtempSync(join(tmpdir(), 'pages-'))
  for (const file of ['[workspace]/(fleet)/page.tsx', '[workspace]/nodes/[id]/page.tsx', '[workspace]/error.tsx']) {
    const path = join(root, 'app', file)
    mkdirSync(dirname(path), { recursive: true })
    writeFileSync(path, '')
  }
})
afterAll(() => rmSync(root, { recursive: true }))

test('every page has its path, and one without a named object is refused', () => {
  expect(pathsOfPages(root, 'app', { workspace: 'cup', nodes: 'nd_1' })).toEqual(['/cup', '/cup/nodes/nd_1'])
  expect(() => pathsOfPages(root, 'app', { workspace: 'cup' })).toThrow(/nodes\/\[id\]\/page\.tsx/)
})
