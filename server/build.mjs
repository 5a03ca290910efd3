import { build } from 'esbuild'

await build({
  entryPoints: { main: 'server/main.ts', up: 'server/up/main.ts', 'read-sources': 'server/sources/main.ts' },
  outdir: 'dist/server',
  outExtension: { '.js': '.mjs' },
  bundle: true,
  platform: 'node',
  format: 'esm',
  target: 'node20',
  packages: 'external',
  sourcemap: true,
})
