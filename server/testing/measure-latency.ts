import { spawn } from 'node:child_process'
import { createInterface } from 'node:readline'
import { setTimeout as wait } from 'node:timers/promises'
import { parseArgs } from 'node:util'
import { seedTournament } from '../../prisma/tournament'
import { systemClock } from '../core/clock'
import { formatId } from '../core/ids'
import { openAppDb } from '../db/pool'
import { childEnv, readEnv, requireEnv } from '../env'
import { incidentBody, simulatedReport, simulatedSample, startAgent } from './agent-simulator'
import { startSmtpSink } from './smtp-sink'
import { startWebhookSink } from './webhook-sink'

/**
 * Measures the platform's share of the stage table: from a node handing an incident to its socket, to COMMIT, to the
 * alert's request line read by a local webhook, and to MAIL FROM read by a local mail server. Needs what
 * `npm run db -- up` prints and a built dist/server/main.mjs.
 */
const { values } = parseArgs({
  options: {
    runs: { type: 'string', default: '100' },
    'gap-ms': { type: 'string', default: '200' },
    port: { type: 'string', default: '4712' },
    'sink-port': { type: 'string', default: '4713' },
    'mail-port': { type: 'string', default: '4714' },
  },
})
const runs = Number(values.runs)
const sinkUrl = `http://127.0.0.1:${values['sink-port']}/hook`
const url = `http://127.0.0.1:${values.port}`

const env = readEnv()
const owner = openAppDb(requireEnv(env, 'DATABASE_URL'), { connectionsMax: 2 })
const seed = await seedTournament(owner, {
  webhookUrl: sinkUrl,
  mailTo: 'owner@league.example',
  settingsKeys: requireEnv(env, 'SETTINGS_KEY'),
})
await owner.close()
if (seed.webhook === null) throw new Error('The seed made no webhook.')
const sink = await startWebhookSink(seed.webhook.secret, Number(values['sink-port']))
const mails = await startSmtpSink({ port: Number(values['mail-port']) })

const committed = new Map<string, number>()
const child = spawn(process.execPath, ['dist/server/main.mjs'], {
  env: childEnv({
    GATEWAY_PORT: values.port,
    WEBHOOK_ALLOW_CIDRS: '127.0.0.1/32',
    SMTP_URL: `smtp://127.0.0.1:${mails.port}`,
    MAIL_FROM: 'Alerts <alerts@league.example>',
    NEXTAUTH_SECRET: 'only for this measurement, nobody signs in',
  }),
  stdio: ['ignore', 'inherit', 'pipe'],
})
const ready = new Promise<void>((done) => {
  createInterface({ input: child.stderr }).on('line', (line) => {
    const entry = JSON.parse(line) as { msg: string; incidentId: string; committedUs: number }
    if (entry.msg === 'ready') done()
    if (entry.msg === 'incident stored') committed.set(entry.incidentId, entry.committedUs)
  })
})
await ready

const agent = await startAgent(url, seed.enrolmentTokens[0]!.token)
const cursors = { ...agent.welcome.cursors }
const pushSample = () =>
  agent.push('samples', ++cursors.samples, { type: 'samples', samples: [simulatedSample(Date.now())] })
await pushSample()
await wait(1_000)
const pushed = new Map<string, number>()
for (let run = 0; run < runs; run += 1) {
  void pushSample()
  const report = simulatedReport()
  pushed.set(report.id, systemClock.micros())
  await agent.push('incidents', ++cursors.incidents, incidentBody(report))
  await wait(Number(values['gap-ms']))
}
await wait(500)
agent.close()
child.kill('SIGTERM')
await sink.close()
await mails.close()

// The first mail of an incident carries the incident's id in its own.
const mailed = new Map(mails.arrived.map(({ mail, receivedUs }) => [mail.messageId?.slice(1, 37), receivedUs]))
const requests = new Map(sink.received.map(({ data, receivedUs }) => [data.incidentId, receivedUs]))
const stages = [...pushed].map(([id, pushedUs]) => ({
  commitMs: ((committed.get(id) ?? Number.NaN) - pushedUs) / 1_000,
  requestMs: ((requests.get(formatId('inc', id)) ?? Number.NaN) - pushedUs) / 1_000,
  mailMs: ((mailed.get(id) ?? Number.NaN) - pushedUs) / 1_000,
}))
const summary = (all: number[]) => {
  const sorted = all.filter((value) => !Number.isNaN(value)).sort((a, b) => a - b)
  const at = (share: number): number => Number((sorted[Math.ceil(share * sorted.length) - 1] ?? Number.NaN).toFixed(1))
  return { n: sorted.length, p50: at(0.5), p95: at(0.95), p99: at(0.99), max: at(1) }
}
console.log(
  JSON.stringify({
    first: stages[0],
    pushToCommitMs: summary(stages.map(({ commitMs }) => commitMs)),
    pushToRequestMs: summary(stages.map(({ requestMs }) => requestMs)),
    commitToMailMs: summary(stages.map(({ commitMs, mailMs }) => mailMs - commitMs)),
    commitToRequestMs: summary(stages.map(({ commitMs, requestMs }) => requestMs - commitMs)),
  }),
)
