import { readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { until } from './clock'
import { runInside } from './network'
import { NODES } from './topology'
import { ended, type Fleet, openUpStand, outcome, type Ready, type UpStand } from './up-stand'

/** `bin/up` as a newcomer calls it, on a checkout that is built already. The bare system is `npm run soak -- bare`. */

let stand: UpStand
let ready: Ready
let supervisor: Awaited<ReturnType<UpStand['start']>>['child']
let agent: ReturnType<UpStand['onServer']>
let session: Fleet

beforeAll(async () => {
  stand = await openUpStand()
}, 60_000)
afterAll(() => stand.close(), 60_000)

const hasEnded = ({ exitCode, signalCode }: typeof supervisor) => exitCode !== null || signalCode !== null

const secretsOf = () => [
  readFileSync(join(stand.data, 'secrets.json'), 'utf8'),
  statSync(join(stand.data, 'secrets.json')).mode & 0o777,
]

const stateOf = async (name: string): Promise<string | undefined> =>
  (await stand.readFleet(ready, session.cookie)).tiles.find((tile) => tile.name === name)?.state

const clean = (name: string) =>
  until(`${name} to report`, async () => ((await stateOf(name).catch(() => null)) === 'clean' ? true : null), {
    timeoutMs: 60_000,
    everyMs: 500,
  })

test('says where it runs and how to sign in; the sign-in works and the fleet waits for its first server', async () => {
  const started = await stand.start()
  ready = started.ready
  supervisor = started.child
  expect(ready.url).toBe('http://198.51.100.129:5800')
  const { email, password } = ready.signIn!
  session = await stand.readFleet(ready, email, password)
  expect(session.tiles).toMatchObject([{ name: ready.enrol!.nodeName, word: 'not enrolled yet' }])
  await expect(stand.readFleet(ready, email, 'another password')).rejects.toThrow('sign-in was refused')
  expect(secretsOf()[1]).toBe(0o600)
}, 180_000)

test('its line, pasted on a server, brings the agent there and enrols it; pasted again it changes nothing', async () => {
  const { line } = ready.enrol!
  const first = await outcome(stand.onServer('match-01', line))
  expect(first.text).toContain('Enrolled as match-01')
  expect(first.code).toBe(0)
  const again = await outcome(stand.onServer('match-01', line))
  expect(again.text).toContain('nothing was changed')
  expect(again.code).toBe(0)
  const start = /as root: {2}(.*)/.exec(first.text)?.[1] ?? ''
  agent = stand.onServer('match-01', `exec ${start}`)
  await clean('match-01')
}, 120_000)

test('an installer or agent that was changed on its way is not run', async () => {
  const line = ready.enrol!.line.replaceAll(NODES['match-01'].platform4, NODES['match-02'].platform4)
  const wrong = await outcome(stand.onServer('match-02', line.replace(/[0-9a-f]{64}/, 'f'.repeat(64))))
  expect(wrong.text).toContain('FAILED')
  expect(wrong.code).not.toBe(0)
  expect(wrong.text).not.toContain('Enrolled')
}, 60_000)

test('called again while it runs it says so, exits 0 and changes nothing', async () => {
  const before = [secretsOf(), await stand.rows()]
  expect(JSON.parse(await stand.call())).toEqual({ isRunning: true, url: ready.url, pid: stand.programs()['up.mjs'] })
  expect([secretsOf(), await stand.rows()]).toEqual(before)
}, 60_000)

test('gateway, web and database killed with -9 are started again, and the agent comes back by itself', async () => {
  const before = stand.programs()
  for (const name of ['main.mjs', 'next-server']) process.kill(before[name]!, 'SIGKILL')
  process.kill(
    Number(readFileSync(join(stand.data, 'postgres/cluster/postmaster.pid'), 'utf8').split('\n')[0]),
    'SIGKILL',
  )
  await until(
    'new processes',
    () =>
      ['main.mjs', 'next-server'].every((name) => (stand.programs()[name] ?? before[name]) !== before[name])
        ? true
        : null,
    { timeoutMs: 30_000 },
  )
  await clean('match-01')
}, 120_000)

test('killed with -9 itself, the next call ends what it left, takes the database over and shows no sign-in again', async () => {
  const database = readFileSync(join(stand.data, 'postgres/cluster/postmaster.pid'), 'utf8')
  const before = stand.programs()
  process.kill(before['up.mjs']!, 'SIGKILL')
  await until('its end', () => (hasEnded(supervisor) ? true : null), { timeoutMs: 10_000 })
  expect(stand.programs()).toMatchObject({ 'main.mjs': before['main.mjs'] })
  const next = await stand.start()
  supervisor = next.child
  expect(next.ready).toMatchObject({ url: ready.url, signIn: null, enrol: null })
  expect(stand.programs()['main.mjs']).not.toBe(before['main.mjs'])
  expect(readFileSync(join(stand.data, 'postgres/cluster/postmaster.pid'), 'utf8')).toBe(database)
  await clean('match-01')
}, 120_000)

test('one more server is enrolled by a line of its own', async () => {
  const enrol = JSON.parse(await stand.call('--enrol', 'match-02')) as { line: string }
  // Each match server of the lab has a link of its own to the platform.
  const line = enrol.line.replaceAll(NODES['match-01'].platform4, NODES['match-02'].platform4)
  expect((await outcome(stand.onServer('match-02', line))).text).toContain('Enrolled as match-02')
  const { email, password } = JSON.parse(await stand.call('--new-password')) as { email: string; password: string }
  await expect(stand.readFleet(ready, session.cookie)).rejects.toThrow()
  session = await stand.readFleet(ready, email, password)
}, 60_000)

test('uninstalling takes process, program and tables away', async () => {
  const said = await outcome(stand.onServer('match-01', 'sh /usr/local/lib/tidegate/current/uninstall.sh --purge'))
  expect(said).toMatchObject({ code: 0 })
  await until('the agent to end', () => (hasEnded(agent) ? true : null), { timeoutMs: 20_000 })
  expect(await runInside(stand.lab.id, 'match-01', 'nft', ['list', 'tables'])).not.toContain('tidegate')
}, 60_000)

test('asked to end it drains, stops the database and leaves no process', async () => {
  await ended(supervisor, 'SIGTERM')
  expect(stand.programs()).toEqual({})
  expect(() => statSync(join(stand.data, 'postgres/cluster/postmaster.pid'))).toThrow()
}, 60_000)
