import { chmod, copyFile, mkdir, rm, stat } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { build } from 'esbuild'
import { NODE_FLAGS } from './package/node-flags.mjs'

const here = dirname(fileURLToPath(import.meta.url))
const dist = join(here, 'dist')
const bundle = join(dist, 'tidegate.mjs')

await rm(dist, { recursive: true, force: true })
await mkdir(dist, { recursive: true })
/** zod brings its messages in all languages; English is loaded by itself. */
const englishOnly = {
  name: 'english-only',
  setup({ onResolve, onLoad }) {
    onResolve({ filter: /locales\/index\.js$/ }, ({ importer }) =>
      importer.includes('/zod/') ? { path: 'no-locales', namespace: 'english-only' } : null,
    )
    onLoad({ filter: /.*/, namespace: 'english-only' }, () => ({ contents: 'export {}' }))
  },
}

await build({
  entryPoints: [join(here, 'main.ts')],
  outfile: bundle,
  bundle: true,
  platform: 'node',
  format: 'esm',
  target: 'node20',
  minifySyntax: true,
  // A single letter beyond Latin-1, in any comment, would double what the source takes in memory.
  minifyWhitespace: true,
  plugins: [englishOnly],
  external: ['cap', 'koffi', 'bufferutil', 'utf-8-validate'],
  // One heap of the C library instead of one for each thread: megabytes of the few that the agent may take.
  // Some dependencies are CommonJS and ask for node's own modules.
  banner: {
    js: `#!/usr/bin/env -S MALLOC_ARENA_MAX=1 node ${NODE_FLAGS.join(' ')}\nimport { createRequire as __createRequire } from "node:module";const require=__createRequire(import.meta.url);`,
  },
  legalComments: 'none',
  logLevel: 'warning',
})
await chmod(bundle, 0o755)

const require = createRequire(import.meta.url)
await copyFile(
  require.resolve(`@koromix/koffi-linux-${process.arch}/linux_${process.arch}/koffi.node`),
  join(dist, 'koffi.node'),
)
try {
  const cap = dirname(require.resolve('cap/package.json'))
  await copyFile(join(cap, 'build/Release/cap.node'), join(dist, 'cap.node'))
} catch {
  process.stderr.write(
    'cap is not built here: the bundle has no addon beside it. Install libpcap-dev and run npm ci.\n',
  )
}
process.stderr.write(`agent/dist/tidegate.mjs ${Math.round((await stat(bundle)).size / 1024)} kB\n`)
