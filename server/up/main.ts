import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { networkInterfaces } from 'node:os'
import { systemClock } from '../core/clock'
import { createSealer } from '../core/seal'
import { openAppDb } from '../db/pool'
import { migrate } from '../db/provision'
import { keptSettingsKey } from '../db/settings-key'
import { readEnv } from '../env'
import { publicUrl } from './address'
import { findOwnerUrl, openDatabase } from './database'
import { ensureMailDestination } from './first-destination'
import { ensureFirstWorkspace, forgetShown, mintEnrolment, readUnshown, renewPassword } from './first-run'
import { type Places, placesOf, readOptions, type UpOptions } from './options'
import { enrolText, readyText, type Shown, signInText, toLine } from './print'
import { startPrograms } from './programs'

const env = readEnv()
const say = (line: string): void => void process.stderr.write(`up: ${line}\n`)

/** Address that the running platform was started with, unless another is named. */
function runningUrl(options: UpOptions, { state }: Places): string {
  if (options.url !== undefined || !existsSync(state)) return urlOf(options)
  return (JSON.parse(readFileSync(state, 'utf8')) as { url: string }).url
}

const urlOf = ({ url, host, port }: UpOptions): string =>
  (url ?? env.PUBLIC_URL) || publicUrl(host, port, networkInterfaces())

async function withOwner<Result>(ownerUrl: string, work: (db: ReturnType<typeof openAppDb>) => Promise<Result>) {
  const db = openAppDb(ownerUrl, { connectionsMax: 2 })
  try {
    return await work(db)
  } finally {
    await db.close()
  }
}

/** Starts everything and stays until a signal asks for the end. */
async function start(options: UpOptions, places: Places): Promise<void> {
  const stopAsked = nextSignal()
  const database = await openDatabase(places.postgres, env, say)
  try {
    const settingsKeys = env.SETTINGS_KEY.length > 0 ? env.SETTINGS_KEY : [await keptSettingsKey(places.postgres)]
    await prepareTables(database.urls.DATABASE_URL, settingsKeys, options, places)
    const url = urlOf(options)
    const programs = await startPrograms({ options, places, url, settingsKeys, urls: database.urls, env, say })
    try {
      const isReady = await Promise.race([programs.ready.then(() => true), stopAsked.then(() => false)])
      if (isReady) await announce(options, places, url)
      say(`${await stopAsked}: draining`)
    } finally {
      await programs.stop()
    }
  } finally {
    await database.stop()
    rmSync(places.state, { force: true })
  }
}

async function prepareTables(
  ownerUrl: string,
  settingsKeys: string[],
  { email }: UpOptions,
  { unshown }: Places,
): Promise<void> {
  await migrate(ownerUrl, systemClock.now())
  await withOwner(ownerUrl, async (db) => {
    const isFirst = await ensureFirstWorkspace(db, { unshown, email })
    if (email !== undefined && !isFirst) say('--email is for the first start only; the owner stays who it was.')
    const problem = env.SMTP_URL === '' ? null : await ensureMailDestination(db, createSealer(settingsKeys))
    if (problem !== null) say(problem)
  })
}

async function announce(options: UpOptions, places: Places, url: string): Promise<void> {
  writeFileSync(places.state, JSON.stringify({ url, pid: process.pid }))
  await show(options, places, url)
}

async function show({ json }: UpOptions, places: Places, url: string): Promise<void> {
  const unshown = readUnshown(places.unshown)
  const { email, password } = unshown ?? {}
  const shown: Shown = {
    url,
    signIn: email !== undefined && password !== undefined ? { email, password } : null,
    enrol: unshown && (await toLine(url, env.AGENT_PACKAGE_DIR, unshown.enrol)),
  }
  const text = json ? JSON.stringify({ isRunning: true, pid: process.pid, ...shown }) : `\n${readyText(shown)}\n`
  process.stdout.write(`${text}\n`, () => forgetShown(places.unshown))
}

function nextSignal(): Promise<string> {
  return new Promise((done) => {
    for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP'] as const) process.on(signal, () => done(signal))
  })
}

async function enrol(options: UpOptions, places: Places, nodeName: string): Promise<void> {
  const token = await withOwner(await findOwnerUrl(places.postgres, env), (db) => mintEnrolment(db, nodeName))
  const shown = await toLine(runningUrl(options, places), env.AGENT_PACKAGE_DIR, token)
  console.log(options.json ? JSON.stringify(shown) : enrolText(shown))
}

async function newPassword({ json }: UpOptions, places: Places): Promise<void> {
  const signIn = await withOwner(await findOwnerUrl(places.postgres, env), renewPassword)
  console.log(json ? JSON.stringify(signIn) : signInText(signIn))
}

// Whoever read our words may be gone; what runs goes on.
for (const stream of [process.stdout, process.stderr]) stream.on('error', () => {})

async function main(): Promise<void> {
  const options = readOptions(process.argv.slice(2))
  const places = placesOf(options.data)
  if (options.enrol !== undefined) await enrol(options, places, options.enrol)
  else if (options['new-password']) await newPassword(options, places)
  else await start(options, places)
}

main().then(
  () => process.exit(0),
  (error: unknown) => {
    say(error instanceof Error ? error.message : String(error))
    process.exit(1)
  },
)
