import { Client } from 'pg'

/** Child process inside the platform's namespace: `ask-database.ts URL SQL` prints the rows as JSON. */
const [url, sql = ''] = process.argv.slice(2)
const client = new Client({ connectionString: url })
await client.connect()
const { rows } = await client.query(sql)
process.stdout.write(JSON.stringify(rows))
await client.end()
