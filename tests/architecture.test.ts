import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { execa } from 'execa'
import { afterAll, describe, expect, test } from 'vitest'
import { importsOf, readSources } from './imports'
import { brokenLayers, impurities, isTest } from './layers'

const root = fileURLToPath(new URL('..', import.meta.url)).replace(/\/$/, '')
const sources = readSources(root)
const product = [...sources].filter(
  ([path]) => !isTest(path) && /^(agent|app|emails|reports|server|wire|middleware)/.test(path),
)

test('no room imports a room above it', () => {
  expect(brokenLayers(sources)).toEqual([])
})

test('pure rooms reach no clock, disk, process, network or environment, however deep', () => {
  expect(impurities(sources)).toEqual([])
})

test('the product’s name stands only where brands are defined, and names the database nobody is shown', () => {
  const brands = [
    'server/tenancy/brand.ts',
    'agent/config.ts',
    'agent/build.mjs',
    'agent/package/',
    'agent/main.ts',
    'server/db/',
  ]
  const named = product
    .filter(([path]) => !brands.some((brand) => path.startsWith(brand)))
    .filter(([, text]) => /['"`>][^'"`<\n]*tidegate/i.test(text))
  expect(named.map(([path]) => path)).toEqual([])
})

test('the environment is read only by the environment modules', () => {
  const readers = ['server/env.ts', 'agent/config.ts']
  const found = product
    .filter(([path]) => !readers.includes(path) && !path.startsWith('server/testing/'))
    .filter(([, text]) => text.replaceAll('process.env.NODE_ENV', '').includes('process.env'))
  expect(found.map(([path]) => path)).toEqual([])
})

test('no source file outgrows 350 lines', () => {
  const long = [...sources].filter(([, text]) => text.split('\n').length > 350).map(([path]) => path)
  expect(long).toEqual([])
})

test('the lock file names every platform’s optional packages: a clean install refuses it otherwise', () => {
  const lock = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8')) as {
    packages: Record<string, { optionalDependencies?: Record<string, string> }>
  }
  const missing = Object.entries(lock.packages).flatMap(([path, { optionalDependencies = {} }]) =>
    Object.keys(optionalDependencies).filter(
      (name) => !lock.packages[`node_modules/${name}`] && !lock.packages[`${path}/node_modules/${name}`],
    ),
  )
  expect(missing).toEqual([])
})

describe('the rules themselves', () => {
  const broken = (path: string, text: string) => brokenLayers(new Map([[path, text]]))

  test('each broken layer is found', () => {
    expect(broken('wire/a.ts', "import { x } from '../server/env'")).toHaveLength(1)
    expect(broken('agent/link/a.ts', "import { x } from '../../server/core/ids'")).toHaveLength(1)
    expect(broken('server/core/a.ts', "export * from '../db/pool'")).toHaveLength(1)
    expect(broken('server/services/a/b.ts', "import next from 'next/server'")).toHaveLength(1)
    expect(broken('server/trpc/a.ts', "const a = await import('../db/pool')")).toHaveLength(1)
    expect(broken('app/page.tsx', "import { pool } from '@/server/db/pool'")).toHaveLength(1)
    expect(broken('server/engine/a.ts', "import '../../lab/demo'")).toHaveLength(1)
  })

  test('what is allowed is left alone', () => {
    expect(broken('agent/link/a.ts', "import { Push } from '../../wire/messages'")).toEqual([])
    expect(broken('app/page.tsx', "import type { Row } from '@/server/db/rows'")).toEqual([])
    expect(broken('server/gateway/a.test.ts', "import { pool } from '../db/pool'")).toEqual([])
  })

  test('impurity is found through other files', () => {
    const files = new Map([
      ['server/confirm/a.ts', "import { b } from '../core/b'"],
      ['server/core/b.ts', "import { readFileSync } from 'node:fs'"],
    ])
    expect(impurities(files)).toHaveLength(1)
  })

  test('type imports are told from values', () => {
    const text =
      "import type { A } from './a'\nimport { type B } from './b'\nimport { type C, d } from './c'\nimport {\n  e,\n} from './e'"
    expect(importsOf('x/y.ts', text).map(({ target, typeOnly }) => [target, typeOnly])).toEqual([
      ['x/a', true],
      ['x/b', true],
      ['x/c', false],
      ['x/e', false],
    ])
  })
})

describe('npm run check', () => {
  const folder = mkdtempSync(join(tmpdir(), 'layers-'))
  afterAll(() => rmSync(folder, { recursive: true }))

  async function lint(path: string, text: string) {
    cpSync(join(root, 'biome.json'), join(folder, 'biome.json'))
    mkdirSync(dirname(join(folder, path)), { recursive: true })
    writeFileSync(join(folder, path), text)
    const biome = join(root, 'node_modules/.bin/biome')
    const options = ['check', '--error-on-warnings', '--vcs-enabled=false', path]
    return execa(biome, options, { cwd: folder, reject: false, all: true })
  }

  test.each([
    ['wire/probe.ts', '../server/env'],
    ['agent/link/probe.ts', '../../server/core/ids'],
    ['agent/judge/probe.ts', 'node:fs'],
    ['server/core/probe.ts', '../db/pool'],
    ['server/confirm/probe.ts', '../db/pool'],
    ['server/services/incidents/probe.ts', 'next/server'],
    ['server/trpc/probe.ts', '../db/pool'],
    ['server/engine/probe.ts', '../../lab/demo'],
    ['app/probe.ts', '@/server/db/pool'],
  ])('fails when %s imports %s', async (path, target) => {
    const text = (from: string) => `import { thing } from '${from}'\n\nexport const again = thing\n`
    const refused = await lint(path, text(target))
    expect(refused.all).toContain('noRestrictedImports')
    expect(refused.exitCode).not.toBe(0)
    const allowed = await lint(path, text('zod'))
    expect(allowed.all).not.toContain('noRestrictedImports')
    expect(allowed.exitCode).toBe(0)
  })
})
