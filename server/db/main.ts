import { parseArgs } from 'node:util'
import { systemClock } from '../core/clock'
import { readEnv } from '../env'
import { findEmbedded, startEmbedded, stopEmbedded } from './embedded'
import { rolePasswords } from './postgres-files'
import { type DatabaseUrls, migrate, provisionRoles, provisionServer, urlsOf } from './provision'
import { keptSettingsKey } from './settings-key'

const USAGE = `Usage: main.ts up|down|status [--data DIR] [--port N] [--json]
  up      starts or adopts the database server, makes roles and tables, prints the three URLs and the key that
          seals what destinations are set up with;
          with DATABASE_URL set it makes roles and tables there
  down    stops the server
  status  says whether it runs`

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    data: { type: 'string', default: '.data/postgres' },
    port: { type: 'string' },
    json: { type: 'boolean', default: false },
  },
})

const env = readEnv()

function print(fields: Record<string, unknown>): void {
  if (values.json) console.log(JSON.stringify(fields))
  else for (const [name, value] of Object.entries(fields)) console.log(`${name}=${value}`)
}

/** Passwords of roles on a server that is not ours: those of the URLs when given, else kept beside our data. */
async function outsideSecrets(): Promise<{ app: string; engine: string }> {
  const given = (url: string): string | null => (url === '' ? null : decodeURIComponent(new URL(url).password))
  const kept = await rolePasswords(values.data)
  return { app: given(env.DATABASE_APP_URL) ?? kept.app, engine: given(env.DATABASE_ENGINE_URL) ?? kept.engine }
}

async function upOutside(): Promise<DatabaseUrls> {
  const secrets = await outsideSecrets()
  await provisionRoles(env.DATABASE_URL, secrets)
  return urlsOf(env.DATABASE_URL, secrets)
}

async function upEmbedded(): Promise<DatabaseUrls> {
  const port = values.port === undefined ? undefined : Number(values.port)
  const server = await startEmbedded({ data: values.data, port })
  console.error(`PostgreSQL ${server.isAdopted ? 'already runs' : 'started'} on 127.0.0.1:${server.port}.`)
  return urlsOf(await provisionServer(server.adminUrl, server.passwords), server.passwords)
}

async function up(): Promise<void> {
  const urls = env.DATABASE_URL === '' ? await upEmbedded() : await upOutside()
  await migrate(urls.DATABASE_URL, systemClock.now())
  const keys = env.SETTINGS_KEY.length > 0 ? env.SETTINGS_KEY.join(',') : await keptSettingsKey(values.data)
  print({ ...urls, SETTINGS_KEY: keys })
}

async function run(command: string | undefined): Promise<number> {
  if (command === 'up') await up()
  else if (command === 'down') print({ stopped: await stopEmbedded(values.data) })
  else if (command === 'status') {
    const found = await findEmbedded(values.data)
    print(found ? { isRunning: true, ...found } : { isRunning: false })
    return found ? 0 : 3
  } else {
    console.error(USAGE)
    return 2
  }
  return 0
}

process.exitCode = await run(positionals[0]).catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error)
  return 1
})
