import { pino } from 'pino'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createIssuerFetch } from '../auth/sso/issuer-fetch'
import { newId, parseId } from '../core/ids'
import { ROLES, type Role } from '../core/permissions'
import { readEnv } from '../env'
import { openTestDatabase, type TestDatabase } from '../testing/database'
import { createWorkspace, type TestWorkspace } from '../testing/factories'
import { type Expected, NEEDS, PATHS, type Path } from '../testing/walls/expected'
import { fill, type Ids, make, SEALER } from '../testing/walls/objects'
import type { Context } from './context'
import { appRouter, createCaller } from './router'

let database: TestDatabase
let own: TestWorkspace
let foreign: TestWorkspace
let ids: Record<'own' | 'foreign', Ids> & Record<'ownGroup' | 'otherGroup', string>

beforeAll(async () => {
  database = await openTestDatabase()
  own = await createWorkspace(database)
  foreign = await createWorkspace(database)
  const ownIds = await fill(own)
  ids = {
    own: ownIds,
    foreign: await fill(foreign),
    ownGroup: parseId('grp', ownIds.group),
    otherGroup: await own.addGroup('Another match'),
  }
})
afterAll(() => database.close())

/** What a procedure takes; new where it ends that. */
async function idsFor(path: Path): Promise<Ids> {
  const { takes, ends = false }: Expected = NEEDS[path]
  return takes === null || !ends ? ids.own : { ...ids.own, [takes]: await make(takes, own) }
}

async function callerFor(workspace: TestWorkspace, role: Role, groupId?: string) {
  const { actor } = await workspace.as(role, groupId)
  const userId = actor.kind === 'user' ? actor.userId : ''
  const person = { userId, email: 'p@example.org', name: 'Person', boundTo: null }
  const session = { id: newId(), ...person, host: 'h', expiresAt: new Date() }
  return call({
    ...CONTEXT,
    db: database.app,
    session,
  })
}

/** Calls a procedure by its path and gives back the code of what it threw, or `ok`. */
function call(context: Context) {
  const caller = createCaller(context) as unknown as Record<
    string,
    Record<string, (input: unknown) => Promise<unknown>>
  >
  return async (path: string, input: unknown): Promise<string> => {
    const [group = '', name = ''] = path.split('.')
    try {
      await caller[group]?.[name]?.(input)
      return 'ok'
    } catch (error) {
      return (error as { code?: string }).code ?? String(error)
    }
  }
}

/** The sources of the installer stand in for a build. */
const ENV = {
  ...readEnv({} as NodeJS.ProcessEnv),
  AGENT_PACKAGE_DIR: 'agent/package',
  SMTP_URL: 'smtp://127.0.0.1',
  PUBLIC_URL: 'https://security.example.org',
}
const CONTEXT = {
  env: ENV,
  origin: 'https://security.example.org',
  address: '192.0.2.1',
  log: pino({ level: 'silent' }),
  sealer: () => SEALER,
  issuerFetch: () => createIssuerFetch([]),
}
const OF_NO_WORKSPACE = [
  'accounts.signUp',
  'accounts.requestLink',
  'accounts.invite',
  'site.book',
  'site.askForGuide',
  'site.openGuide',
  'site.guideLink',
  'accounts.issuer',
  'workspaces.list',
  'sessions.list',
  'sessions.end',
  'boards.byLink',
  'secondFactor.get',
  'secondFactor.begin',
  'secondFactor.confirm',
  'secondFactor.newCodes',
  'secondFactor.disable',
]

const inputFor = (path: Path, workspace: TestWorkspace, of: Ids) => {
  const { takes, extra }: Expected = NEEDS[path]
  return { workspace: workspace.slug, ...(takes === null ? {} : { id: of[takes] }), ...extra }
}

/** What lies in groups: a role in another group is refused it. */
const inGroupKinds: readonly string[] = ['node', 'incident', 'group', 'stop']

/** What one role made is there for the next. */
const DONE = ['ok', 'CONFLICT']

test('the sweep knows every procedure', () => {
  expect(Object.keys(appRouter._def.procedures).sort()).toEqual([...PATHS, ...OF_NO_WORKSPACE].sort())
})

describe.each(PATHS)('%s', (path) => {
  test('refuses whoever is not signed in', async () => {
    const nobody = call({
      ...CONTEXT,
      db: database.app,
      session: null,
    })
    expect(await nobody(path, inputFor(path, own, ids.own))).toBe('UNAUTHORIZED')
  })

  test('another workspace does not exist for a member, whatever the role', async () => {
    for (const role of ROLES) {
      const member = await callerFor(own, role)
      expect(await member(path, inputFor(path, foreign, ids.foreign)), role).toBe('NOT_FOUND')
    }
  })

  test('an object of another workspace is not found under one’s own', async () => {
    if (NEEDS[path].takes === null) return
    const owner = await callerFor(own, 'owner')
    expect(await owner(path, inputFor(path, own, ids.foreign))).toBe('NOT_FOUND')
  })

  test('in one’s own workspace each role may what was written down', async () => {
    const { may }: Expected = NEEDS[path]
    for (const role of ROLES) {
      const member = await callerFor(own, role)
      const said = await member(path, inputFor(path, own, await idsFor(path)))
      if (may.includes(role)) expect(DONE, `${role}: ${said}`).toContain(said)
      else expect(said, role).toBe('FORBIDDEN')
    }
  })

  test('a role in one group reaches what lies in it, and is refused the rest of the workspace', async () => {
    const { may, takes, inGroup = false }: Expected = NEEDS[path]
    for (const role of ROLES.filter((one) => !['owner', 'admin', 'billing'].includes(one))) {
      const given = await callerFor(own, role, ids.ownGroup)
      const said = await given(path, inputFor(path, own, await idsFor(path)))
      if (may.includes(role) && inGroup) expect(DONE, `${role}: ${said}`).toContain(said)
      else expect(said, role).toBe('FORBIDDEN')
      if (takes === null || !inGroupKinds.includes(takes)) continue
      const elsewhere = await callerFor(own, role, ids.otherGroup)
      expect(await elsewhere(path, inputFor(path, own, ids.own)), role).toBe('FORBIDDEN')
    }
  })
})

test('what is no id is refused in words, not thrown as a failure', async () => {
  const owner = await callerFor(own, 'owner')
  expect(await owner('incidents.get', { workspace: own.slug, id: "inc_' OR 1=1" })).toBe('BAD_REQUEST')
})

test.each(PATHS)('%s answers input of no right shape as a bad request, whatever stands in it', async (path) => {
  const owner = await callerFor(own, 'owner')
  const { workspace, ...rest } = inputFor(path, own, ids.own)
  for (const bad of [-1, 'x'.repeat(200_000), { length: JSON.parse('{"valueOf":1,"toString":2}') }]) {
    const all = Object.fromEntries(Object.keys(rest).map((name) => [name, bad]))
    const given = Object.keys(rest).length > 0 ? { ...all, workspace } : { workspace: bad }
    expect(await owner(path, given), JSON.stringify(bad).slice(0, 40)).toBe('BAD_REQUEST')
  }
})

test('where no mail goes out, signing up and inviting say so instead of waiting for ever', async () => {
  const nobody = call({ ...CONTEXT, env: { ...ENV, SMTP_URL: '' }, db: database.app, session: null })
  const given = { email: 'a@example.org', name: 'Ada', workspaceName: 'Cup', password: 'pier lantern ferry' }
  expect(await nobody('accounts.signUp', given)).toBe('SERVICE_UNAVAILABLE')
  expect(await nobody('accounts.requestLink', { email: 'a@example.org' })).toBe('SERVICE_UNAVAILABLE')
  // A Host header can be forged: without an address of its own the platform mails no link.
  const nameless = call({ ...CONTEXT, env: { ...ENV, PUBLIC_URL: '' }, db: database.app, session: null })
  expect(await nameless('accounts.requestLink', { email: 'a@example.org' })).toBe('SERVICE_UNAVAILABLE')
})

test.each([
  ['workspaces.list', undefined],
  ['sessions.list', undefined],
  ['sessions.end', { handle: null }],
  ['secondFactor.get', undefined],
  ['secondFactor.begin', { password: '' }],
  ['secondFactor.confirm', { code: '000000' }],
  ['secondFactor.newCodes', { proof: '000000' }],
  ['secondFactor.disable', { proof: '000000' }],
])('%s refuses whoever is not signed in', async (path, input) => {
  const nobody = call({ ...CONTEXT, db: database.app, session: null })
  expect(await nobody(path, input)).toBe('UNAUTHORIZED')
})
