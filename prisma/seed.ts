import { parseArgs } from 'node:util'
import { type AppDb, openAppDb } from '../server/db/pool'
import { type Env, readEnv, requireEnv } from '../server/env'
import { seedMajor } from './major/seed'
import { seedTournament } from './tournament'

const USAGE = `Usage: seed.ts tournament [--json] [--webhook URL] [--mail ADDRESS] [--password WORD]
       seed.ts major [--json] [--days N] [--password WORD]
  tournament  a workspace with an owner, two match servers and a public status page. Run again it repairs what is
              missing, sets a new password (only its hash is kept) and mints fresh enrolment tokens.
              With --webhook or --mail it needs SETTINGS_KEY.
  major       a workspace of 500 nodes in 60 groups with 400 incidents, minutes of N days (30) and seconds of the last
              hour: some minutes of work and 10 GB. Run again it goes on where it ended.`

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    json: { type: 'boolean', default: false },
    webhook: { type: 'string' },
    mail: { type: 'string' },
    password: { type: 'string' },
    days: { type: 'string', default: '30' },
  },
})

const SEEDS: Record<string, (db: AppDb, env: Env) => Promise<string[]>> = { tournament, major }

async function tournament(db: AppDb, env: Env): Promise<string[]> {
  const seeded = await seedTournament(db, {
    webhookUrl: values.webhook,
    mailTo: values.mail,
    password: values.password,
    settingsKeys: env.SETTINGS_KEY,
  })
  if (values.json) return [JSON.stringify(seeded)]
  return [
    `Workspace     ${seeded.workspaceSlug}`,
    `Sign in       ${seeded.owner.email}  ${seeded.owner.password}`,
    `Status page   ${seeded.statusPageUrlPath}`,
    ...seeded.enrolmentTokens.map(({ nodeName, token }) => `Enrol ${nodeName}  ${token}`),
  ]
}

async function major(db: AppDb): Promise<string[]> {
  const say = (line: string) => console.error(line)
  const seeded = await seedMajor(db, { password: values.password, days: Number(values.days), say })
  if (values.json) return [JSON.stringify(seeded)]
  return [`Workspace     ${seeded.workspaceSlug}`, `Sign in       ${seeded.owner.email}  ${seeded.owner.password}`]
}

const seed = SEEDS[positionals[0] ?? '']
const days = Number(values.days)
if (!seed || !Number.isInteger(days) || days < 1 || days > 31) {
  console.error(USAGE)
  process.exit(2)
}
const env = readEnv()
const db = openAppDb(requireEnv(env, 'DATABASE_URL'), { connectionsMax: 2 })
try {
  for (const line of await seed(db, env)) console.log(line)
} finally {
  await db.close()
}
