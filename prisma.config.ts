import { defineConfig } from 'prisma/config'

// The stand-in engine comes from npm; Prisma's own is downloaded from a host that closed networks do not reach.
process.env.PRISMA_SCHEMA_ENGINE_BINARY ??= new URL('./prisma/schema-engine.mjs', import.meta.url).pathname

export default defineConfig({
  schema: 'prisma/schema',
  migrations: { path: 'prisma/migrations', seed: 'node --import tsx prisma/seed.ts tournament' },
  datasource: { url: process.env.DATABASE_URL ?? '' },
  experimental: { externalTables: true },
  tables: { external: ['1s', '1m', '1h', '1s_kept', 'dirty'].map((end) => `public.sample_${end}`) },
})
