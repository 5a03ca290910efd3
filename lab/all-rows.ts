import pg from 'pg'
import { readEnv } from '../server/env'
import { findOwnerUrl } from '../server/up/database'

/** Prints a hash of the rows of every table of a running platform: `all-rows.ts DATA`. What did not change hashes alike. */
const client = new pg.Client({ connectionString: await findOwnerUrl(process.argv[2] ?? '.data/postgres', readEnv()) })
await client.connect()
const { rows: tables } = await client.query<{ name: string }>(
  "SELECT tablename AS name FROM pg_tables WHERE schemaname = 'public' AND tablename !~ '^sample_' ORDER BY 1",
)
const hashes: Record<string, string> = {}
for (const { name } of tables) {
  const { rows } = await client.query(
    `SELECT count(*) || ' ' || md5(coalesce(string_agg(t::text, E'\\n' ORDER BY t::text), '')) AS hash FROM ${pg.escapeIdentifier(name)} t`,
  )
  hashes[name] = rows[0].hash
}
await client.end()
console.log(JSON.stringify(hashes))
