import type { ChildProcess } from 'node:child_process'
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { execa } from 'execa'
import { type BareSystem, connectToRegistries, makeBareSystem } from './bare-system'
import { pass, until } from './clock'
import { openLab } from './lab'
import type { Fleet, Ready } from './up-stand'

/**
 * `npm run soak -- bare`: `bin/up` on a bare Debian, killed at every stage of its set-up and afterwards, its sign-in, its
 * line pasted on a second bare system, and the same for a clone below a home of mode 0700. Needs root and about 15 minutes.
 */

const ROOT = join(import.meta.dirname, '..')
const BASE = '/var/tmp/tidegate-bare'
const STEP_MS_MAX = 900_000

type Call = { child: ChildProcess; said: () => string; line: () => string | null }
type Clone = { system: BareSystem; path: string; outside: string; user?: string }

const startedMs = performance.now()
const report = (text: string): void =>
  console.log(`${((performance.now() - startedMs) / 1_000).toFixed(0).padStart(5)} s  ${text}`)
function check(isTrue: unknown, what: string): void {
  if (!isTrue) throw new Error(`does not hold: ${what}`)
  report(`holds: ${what}`)
}

function up({ system, path, user }: Clone, options = '--yes --json'): Call {
  const as = user === undefined ? '' : `HOME=/home/${user} setpriv --reuid=${user} --regid=${user} --clear-groups`
  const child = system.enter('platform', `cd ${path} && export HOME && exec env ${as} bin/up ${options}`)
  let [said, out] = ['', '']
  child.stderr?.on('data', (chunk) => {
    said += chunk
  })
  child.stdout?.on('data', (chunk) => {
    out += chunk
  })
  return { child, said: () => said, line: () => (out.includes('\n') ? out.split('\n')[0]! : null) }
}

const gone = ({ exitCode, signalCode }: ChildProcess): boolean => exitCode !== null || signalCode !== null

async function ready(call: Call): Promise<Ready> {
  const line = await until(
    'bin/up to be ready',
    () => {
      if (gone(call.child)) throw new Error(`bin/up ended with ${call.child.exitCode}:\n${call.said().slice(-3_000)}`)
      return call.line()
    },
    { timeoutMs: STEP_MS_MAX },
  )
  return JSON.parse(line) as Ready
}

/** Processes that carry the mark of this clone's data. */
function marked({ outside }: Clone): Map<number, string> {
  const { dev, ino } = statSync(join(outside, '.data'))
  const found = new Map<number, string>()
  for (const pid of readdirSync('/proc').filter((name) => /^\d+$/.test(name))) {
    try {
      if (readFileSync(`/proc/${pid}/environ`, 'utf8').split('\0').includes(`UP_MARK=${dev}:${ino}`))
        found.set(Number(pid), readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' '))
    } catch {
      // It ended while we looked.
    }
  }
  return found
}

function kill(pids: Iterable<number>): void {
  for (const pid of pids) {
    try {
      process.kill(pid, 'SIGKILL')
    } catch {
      // It was faster.
    }
  }
}

type Moment = { name: string; has: (clone: Clone, call: Call) => boolean; afterMs: number; everything: boolean }

const says = (text: string) => (_: Clone, call: Call) => call.said().includes(text)
const runs = (text: string) => (clone: Clone) => [...marked(clone).values()].some((line) => line.includes(text))
const isThere =
  (path: RegExp) =>
  ({ system, outside }: Clone) =>
    [join(outside, '.data'), join(outside, '.data/postgres'), join(system.root, 'var/lib/tidegate-postgres')].some(
      (folder) =>
        existsSync(folder) &&
        readdirSync(folder, { recursive: folder.includes('tidegate-postgres') }).some((name) =>
          path.test(String(name)),
        ),
    )

const packagesComing = says('installing libpcap-dev')

const MOMENTS: Moment[] = [
  {
    name: 'while Debian packages are installed',
    has: packagesComing,
    afterMs: 6_000,
    everything: false,
  },
  { name: 'during npm ci', has: says('installing node modules'), afterMs: 8_000, everything: true },
  { name: 'right after npm ci', has: says('making client'), afterMs: 0, everything: false },
  { name: 'while the agent is packed', has: says('making agent-package'), afterMs: 500, everything: true },
  { name: 'while web is built', has: says('making web'), afterMs: 3_000, everything: true },
  { name: 'while the database is created', has: isThere(/cluster\.new-/), afterMs: 100, everything: true },
  { name: 'when migrations begin', has: runs('migrate deploy'), afterMs: 100, everything: true },
  { name: 'during migrations', has: runs('schema-engine'), afterMs: 400, everything: false },
  { name: 'before the sign-in is shown', has: isThere(/first-sign-in\.json/), afterMs: 0, everything: true },
]

async function killAtEveryMoment(clone: Clone, moments: Moment[]): Promise<void> {
  for (const { name, has, afterMs, everything } of moments) {
    const call = up(clone)
    await until(
      name,
      () => {
        if (gone(call.child)) throw new Error(`bin/up ended by itself, ${name}:\n${call.said().slice(-3_000)}`)
        return call.line() !== null || has(clone, call) ? true : null
      },
      { timeoutMs: STEP_MS_MAX, everyMs: 20 },
    )
    await pass(afterMs)
    const reached = call.line() === null
    kill([call.child.pid!, ...(everything ? marked(clone).keys() : [])])
    await until('its end', () => gone(call.child) || null, { timeoutMs: 10_000 })
    report(
      `killed with -9 ${name}${everything ? ', children too' : ', children left'}${reached ? '' : ' (TOO LATE: it was ready)'}`,
    )
  }
}

async function readFleet({ system, path }: Clone, { url }: Ready, ...credentials: string[]): Promise<Fleet> {
  const words = [url, ...credentials].map((word) => `'${word}'`).join(' ')
  return JSON.parse(await system.run('platform', `cd ${path} && node --import tsx lab/read-fleet.ts ${words}`)) as Fleet
}

async function fingerprint({ system, path }: Clone): Promise<string> {
  const files =
    'dist .next/standalone agent/dist prisma/generated package-lock.json node_modules/.package-lock.json .data/stamps .data/secrets.json'
  const hash = `find ${files} -type f -print0 | sort -z | xargs -0 sha256sum | sha256sum`
  const rows = 'node --import tsx lab/all-rows.ts .data/postgres'
  return system.run('platform', `cd ${path} && ${hash} && ${rows} && dpkg -l | sha256sum`)
}

async function prove(clone: Clone, moments: Moment[]): Promise<{ call: Call; state: Ready }> {
  await killAtEveryMoment(clone, moments)
  const call = up(clone)
  const state = await ready(call)
  check(
    state.signIn !== null && state.enrol !== null,
    `it starts again after all that, at ${state.url}, with a sign-in and a line`,
  )
  const { email, password } = state.signIn!
  const fleet = await readFleet(clone, state, email, password)
  check(fleet.tiles[0]?.word === 'not enrolled yet', `its sign-in works; the fleet shows ${fleet.tiles[0]?.name}`)
  const before = await fingerprint(clone)
  const second = JSON.parse(await clone.system.run('platform', `cd ${clone.path} && bin/up --yes --json`)) as Ready
  check(second.isRunning && second.url === state.url, 'called again beside itself it says the same address and exits 0')
  call.child.kill('SIGTERM')
  await until('its end', () => gone(call.child) || null, { timeoutMs: 60_000 })
  check(call.child.exitCode === 0 && marked(clone).size === 0, 'asked to end it exits 0 and leaves no process')
  const again = up(clone)
  const third = await ready(again)
  check(
    third.signIn === null && !again.said().includes('making'),
    'started again it makes nothing anew and shows no sign-in',
  )
  check((await fingerprint(clone)) === before, 'files, packages and rows are what they were')
  return { call: again, state: { ...state, url: third.url } }
}

async function killEach(clone: Clone, running: Call, state: Ready): Promise<Call> {
  const { email, password } = state.signIn!
  const works = () =>
    until(
      'the platform',
      () =>
        readFleet(clone, state, email, password).then(
          () => true,
          () => null,
        ),
      { timeoutMs: 60_000, everyMs: 500 },
    )
  for (const script of ['main.mjs', 'server.js', 'next-server']) {
    const pid = [...marked(clone)].find(([, line]) => line.includes(script))?.[0]
    if (pid === undefined) continue
    kill([pid])
    await works()
    report(`holds: ${script} killed with -9 is started again`)
  }
  const postgres = (
    await clone.system.run(
      'platform',
      `cat $(find ${clone.path}/.data/postgres /var/lib/tidegate-postgres -name postmaster.pid 2>/dev/null | head -1) | head -1`,
    )
  ).trim()
  kill([Number(postgres)])
  await pass(1_500)
  await works()
  report('holds: the database killed with -9 is started again')
  kill([running.child.pid!])
  // Its lock goes with it, and on a busy machine that is not at once.
  await until('its end', () => gone(running.child) || null, { timeoutMs: 10_000 })
  const again = up(clone)
  await ready(again)
  await works()
  report('holds: bin/up killed with -9 starts again over what it left')
  return again
}

async function enrolServer(runId: string, clone: Clone, state: Ready): Promise<void> {
  const server = await makeBareSystem(join(BASE, 'server'), runId)
  try {
    // Fetched where registries are reached: behind the lab's networks there may be other machines by the same addresses.
    const packages = 'wget nftables tcpdump'
    await server.run('platform', `apt-get update -qq && apt-get install -y -qq --no-install-recommends ${packages}`)
    const said = await server.run('match-01', state.enrol!.line)
    check(said.includes('Enrolled as match-01'), 'its line, pasted on a bare server, installs the agent and enrols it')
    const start = /as root: {2}(.*)/.exec(said)?.[1]
    const agent = server.enter('match-01', `exec ${start}`)
    const { email, password } = state.signIn!
    await until(
      'match-01 to report',
      async () => ((await readFleet(clone, state, email, password)).tiles[0]?.state === 'clean' ? true : null),
      { timeoutMs: 60_000, everyMs: 1_000 },
    )
    check(true, 'the agent runs there and the fleet shows it clean')
    check(
      (await server.run('match-01', state.enrol!.line)).includes('nothing was changed'),
      'pasted again it changes nothing',
    )
    await server.run('match-01', 'sh /usr/local/lib/tidegate/current/uninstall.sh --purge')
    await until('the agent to end', () => gone(agent) || null, { timeoutMs: 20_000 })
    check(!(await server.run('match-01', 'nft list tables')).includes('tidegate'), 'uninstalled it leaves no table')
  } finally {
    await server.close()
  }
}

/** Where somebody who may has installed the packages, the rest needs no root. */
async function asOrdinaryUser(system: BareSystem): Promise<void> {
  const path = '/home/ann/tidegate'
  const packages = 'libpcap-dev build-essential python3'
  await system.run('platform', `apt-get update -qq && apt-get install -y -qq --no-install-recommends ${packages}`)
  await system.run('platform', 'useradd --create-home ann')
  const hers: Clone = { ...(await clone(system, path)), user: 'ann' }
  await system.run('platform', `chown -R ann:ann ${path}`)
  const call = up(hers, '--json')
  const state = await ready(call)
  const { email, password } = state.signIn!
  check(
    (await readFleet(hers, state, email, password)).tiles.length === 1,
    'an ordinary user starts it where packages are there',
  )
  call.child.kill('SIGTERM')
  await until('its end', () => gone(call.child) || null, { timeoutMs: 60_000 })
  check(call.child.exitCode === 0 && marked(hers).size === 0, 'and ends it without leaving a process')
}

/** Parts of the proof; named on the command line, only those run. */
const PARTS: Record<string, (system: BareSystem, runId: string) => Promise<void>> = {
  open: async (system, runId) => {
    const open = await clone(system, '/opt/tidegate')
    const { call, state } = await prove(open, MOMENTS)
    await enrolServer(runId, open, state)
    await end(await killEach(open, call, state))
  },
  closed: async (system) => {
    const closed = await clone(system, '/root/tidegate')
    check((statSync(join(system.root, 'root')).mode & 0o777) === 0o700, 'a clone lies below a home of mode 0700')
    const { call, state } = await prove(
      closed,
      MOMENTS.filter(({ has }) => has !== packagesComing),
    )
    check(isThere(/^data-[0-9a-f]+$/)(closed), 'its database lives below /var/lib/tidegate-postgres')
    await end(await killEach(closed, call, state))
  },
  ordinary: asOrdinaryUser,
}

async function clone(system: BareSystem, path: string): Promise<Clone> {
  const outside = join(system.root, path)
  await execa('git', ['clone', '--quiet', '--no-hardlinks', ROOT, outside])
  return { system, path, outside }
}

async function end({ child }: Call): Promise<void> {
  child.kill('SIGTERM')
  await until('its end', () => gone(child) || null, { timeoutMs: 60_000 })
}

async function main(): Promise<void> {
  const wanted = process.argv.slice(3)
  const lab = await openLab({ holds: [BASE] })
  const system = await makeBareSystem(join(BASE, 'platform'), lab.id)
  const line = await connectToRegistries(lab.id, 'platform')
  try {
    report('a bare Debian stands')
    for (const [name, part] of Object.entries(PARTS))
      if (wanted.length === 0 || wanted.includes(name)) await part(system, lab.id)
    report('all holds')
  } finally {
    line.kill()
    lab.close()
    await system.close()
  }
}

await main().then(
  () => process.exit(0),
  (error: unknown) => {
    console.error(error instanceof Error ? error.message : error)
    process.exit(1)
  },
)
