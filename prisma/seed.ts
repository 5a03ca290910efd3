import { parseArgs } from 'node:util'
import { openAppDb } from '../server/db/pool'
import { readEnv, requireEnv } from '../server/env'
import { seedTournament } from './tournament'

const USAGE = `Usage: seed.ts tournament [--json] [--webhook URL] [--mail ADDRESS] [--password WORD]
  tournament  a workspace with an owner, two match servers and a public status page. Run again it repairs what is
              missing, sets a new password (only its hash is kept) and mints fresh enrolment tokens.
              With --webhook or --mail it needs SETTINGS_KEY.`

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    json: { type: 'boolean', default: false },
    webhook: { type: 'string' },
    mail: { type: 'string' },
    password: { type: 'string' },
  },
})

if (positionals[0] !== 'tournament') {
  console.error(USAGE)
  process.exit(2)
}

const env = readEnv()
const db = openAppDb(requireEnv(env, 'DATABASE_URL'), { connectionsMax: 2 })
try {
  const seeded = await seedTournament(db, {
    webhookUrl: values.webhook,
    mailTo: values.mail,
    password: values.password,
    settingsKeys: env.SETTINGS_KEY,
  })
  if (values.json) console.log(JSON.stringify(seeded))
  else {
    console.log(`Workspace     ${seeded.workspaceSlug}`)
    console.log(`Sign in       ${seeded.owner.email}  ${seeded.owner.password}`)
    console.log(`Status page   ${seeded.statusPageUrlPath}`)
    for (const { nodeName, token } of seeded.enrolmentTokens) console.log(`Enrol ${nodeName}  ${token}`)
  }
} finally {
  await db.close()
}
