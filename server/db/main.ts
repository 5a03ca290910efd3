import { parseArgs } from 'node:util'
import { systemClock } from '../core/clock'
import { readEnv } from '../env'
import { findEmbedded, pruneEmbedded, startEmbedded, stopEmbedded } from './embedded'
import { provisionOutside } from './outside'
import { type DatabaseUrls, migrate, provisionServer, urlsOf } from './provision'
import { keptSettingsKey } from './settings-key'

const USAGE = `Usage: main.ts up|down|status|prune [--data DIR] [--port N] [--temporary] [--json]
  up      starts or adopts the database server, makes roles and tables, prints the three URLs and the key that
          seals what destinations are set up with;
          with DATABASE_URL set it makes roles and tables there
  down    stops the server
  status  says whether it runs
  prune   removes databases below /var/lib/tidegate-postgres whose data folder is no more`

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    data: { type: 'string', default: '.data/postgres' },
    port: { type: 'string' },
    temporary: { type: 'boolean', default: false },
    json: { type: 'boolean', default: false },
  },
})

const env = readEnv()

function print(fields: Record<string, unknown>): void {
  if (values.json) console.log(JSON.stringify(fields))
  else for (const [name, value] of Object.entries(fields)) console.log(`${name}=${value}`)
}

async function upEmbedded(): Promise<DatabaseUrls> {
  const port = values.port === undefined ? undefined : Number(values.port)
  const server = await startEmbedded({ data: values.data, port, isTemporary: values.temporary })
  console.error(`PostgreSQL ${server.isAdopted ? 'already runs' : 'started'} on 127.0.0.1:${server.port}.`)
  return urlsOf(await provisionServer(server.adminUrl, server.passwords), server.passwords)
}

async function up(): Promise<void> {
  const urls = env.DATABASE_URL === '' ? await upEmbedded() : await provisionOutside(values.data, env)
  await migrate(urls.DATABASE_URL, systemClock.now())
  const keys = env.SETTINGS_KEY.length > 0 ? env.SETTINGS_KEY.join(',') : await keptSettingsKey(values.data)
  print({ ...urls, SETTINGS_KEY: keys })
}

async function run(command: string | undefined): Promise<number> {
  if (command === 'up') await up()
  else if (command === 'down') print({ stopped: await stopEmbedded(values.data) })
  else if (command === 'prune') print({ removed: (await pruneEmbedded()).join(' ') })
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
