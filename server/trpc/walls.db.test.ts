import { pino } from 'pino'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { systemClock } from '../core/clock'
import { formatId, newId, parseId } from '../core/ids'
import { ROLES, type Role } from '../core/permissions'
import { createSealer } from '../core/seal'
import { MINUTE_MS } from '../core/units'
import { readEnv } from '../env'
import { recordIncident } from '../services/incidents/record'
import { createInvite } from '../services/invites/create'
import { listMembers } from '../services/members/list'
import { simulatedReport } from '../testing/agent-simulator'
import { openTestDatabase, type TestDatabase } from '../testing/database'
import { createWorkspace, type TestWorkspace } from '../testing/factories'
import type { Context } from './context'
import { appRouter, createCaller } from './router'

let database: TestDatabase
let own: TestWorkspace
let foreign: TestWorkspace
type Ids = Record<'incident' | 'node' | 'group' | 'member' | 'grant' | 'invite', string>
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

async function fill(workspace: TestWorkspace): Promise<Ids> {
  const node = await workspace.addNode('match-01')
  const report = simulatedReport()
  const event = { atUs: report.stages.detectedUs, kind: 'opened', text: 'A flood.' } as const
  await recordIncident({ ctx: node.ctx, input: { nodeId: node.id, event, report } })
  const group = await workspace.addGroup('Match 1', [node.id])
  return {
    incident: formatId('inc', report.id),
    node: formatId('nd', node.id),
    group: formatId('grp', group),
    ...(await addMember(workspace)),
    invite: await addInvite(workspace),
  }
}

async function addMember(workspace: TestWorkspace): Promise<Pick<Ids, 'member' | 'grant'>> {
  await workspace.as('analyst')
  const member = (await listMembers({ ctx: workspace.asJob })).at(-1)
  return {
    member: formatId('mem', member?.id as string),
    grant: formatId('grt', member?.grants[0]?.id as string),
  }
}

const SEALER = createSealer(['a key of this test with thirty-two characters'])

/** Mailed long enough ago to be mailed again. */
async function addInvite(workspace: TestWorkspace): Promise<string> {
  const clock = { ...systemClock, now: () => Date.now() - 2 * MINUTE_MS }
  const input = { email: `${newId()}@example.org`, grant: { role: 'analyst' } } as const
  const made = await createInvite({ ctx: { ...workspace.asJob, clock }, input, sealer: SEALER, origin: ENV.PUBLIC_URL })
  return formatId('inv', made.id)
}

/** For procedures that end what they take, something new to end. */
async function freshIds(path: string): Promise<Ids> {
  if (path.startsWith('groups.')) return { ...ids.own, group: formatId('grp', await own.addGroup(newId())) }
  if (path.endsWith('Invite')) return { ...ids.own, invite: await addInvite(own) }
  if (path === 'members.remove' || path === 'members.revokeGrant') return { ...ids.own, ...(await addMember(own)) }
  if (path === 'nodes.revoke' || path === 'nodes.archive')
    return { ...ids.own, node: formatId('nd', (await own.addNode(`node-${newId().slice(-12)}`)).id) }
  return ids.own
}

async function callerFor(workspace: TestWorkspace, role: Role, groupId?: string) {
  const { actor } = await workspace.as(role, groupId)
  const userId = actor.kind === 'user' ? actor.userId : ''
  const session = { id: newId(), userId, email: 'p@example.org', name: 'Person', host: 'h', expiresAt: new Date() }
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

type Takes = 'node' | 'incident' | 'group' | 'member' | 'grant' | 'invite' | null
/** `inGroup`: a role given for a group carries it as well, as far as the group goes. */
type Expected = { may: readonly Role[]; takes: Takes; inGroup?: boolean; extra?: object }

const CONFIGURES: readonly Role[] = ['owner', 'admin']
const OPERATES: readonly Role[] = ['owner', 'admin', 'operator']
const READS: readonly Role[] = ['owner', 'admin', 'operator', 'analyst']
const FOLLOWS: readonly Role[] = ['owner', 'admin', 'operator', 'analyst', 'official', 'team_manager']
const WATCHES: readonly Role[] = ['owner', 'admin', 'operator', 'analyst', 'official', 'team_manager', 'broadcaster']
const ANYBODY: readonly Role[] = ROLES

/** Who may call what, written by hand after PRODUCT.md. A new procedure must be added here. */
const NEEDS = {
  'workspaces.get': { may: ANYBODY, takes: null, inGroup: true },
  'members.list': { may: READS, takes: null },
  'members.invites': { may: READS, takes: null },
  'members.invite': { may: CONFIGURES, takes: null, extra: { email: 'guest@example.org', grant: { role: 'analyst' } } },
  'members.resendInvite': { may: CONFIGURES, takes: 'invite' },
  'members.revokeInvite': { may: CONFIGURES, takes: 'invite' },
  'members.grant': { may: CONFIGURES, takes: 'member', extra: { grant: { role: 'analyst' } } },
  'members.revokeGrant': { may: CONFIGURES, takes: 'grant' },
  'members.remove': { may: CONFIGURES, takes: 'member' },
  'groups.list': { may: WATCHES, takes: null, inGroup: true },
  'groups.create': { may: CONFIGURES, takes: null, extra: { kind: 'match', name: 'Match 9' } },
  'groups.update': { may: CONFIGURES, takes: 'group', extra: { name: 'Match 8' } },
  'groups.setNodes': { may: CONFIGURES, takes: 'group', extra: { nodeIds: [] } },
  'groups.archive': { may: CONFIGURES, takes: 'group' },
  'nodes.tiles': { may: READS, takes: null, inGroup: true },
  'nodes.seconds': { may: READS, takes: null, inGroup: true, extra: { since: { spanMs: 1_000 } } },
  'nodes.get': { may: READS, takes: 'node', inGroup: true },
  'nodes.series': { may: READS, takes: 'node', inGroup: true, extra: { since: { spanMs: 1_000 } } },
  'nodes.createEnrolment': { may: CONFIGURES, takes: null, extra: { nodeName: 'match-77' } },
  'nodes.revoke': { may: CONFIGURES, takes: 'node' },
  'nodes.archive': { may: CONFIGURES, takes: 'node' },
  'incidents.list': { may: FOLLOWS, takes: null, inGroup: true },
  'incidents.get': { may: FOLLOWS, takes: 'incident', inGroup: true },
  'incidents.samples': { may: FOLLOWS, takes: 'incident', inGroup: true },
  'incidents.acknowledge': { may: OPERATES, takes: 'incident', inGroup: true },
} as const satisfies Record<string, Expected>
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
}
const OF_NO_WORKSPACE = [
  'accounts.signUp',
  'accounts.requestLink',
  'accounts.invite',
  'workspaces.list',
  'sessions.list',
  'sessions.end',
]
type Path = keyof typeof NEEDS
const PATHS = Object.keys(NEEDS) as Path[]

const inputFor = (path: Path, workspace: TestWorkspace, of: Ids) => {
  const { takes, extra }: Expected = NEEDS[path]
  return { workspace: workspace.slug, ...(takes === null ? {} : { id: of[takes] }), ...extra }
}

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
      const said = await member(path, inputFor(path, own, await freshIds(path)))
      if (may.includes(role)) expect(DONE, `${role}: ${said}`).toContain(said)
      else expect(said, role).toBe('FORBIDDEN')
    }
  })

  test('a role in one group reaches what lies in it, and is refused the rest of the workspace', async () => {
    const { may, takes, inGroup = false }: Expected = NEEDS[path]
    for (const role of ROLES.filter((one) => !['owner', 'admin', 'billing'].includes(one))) {
      const given = await callerFor(own, role, ids.ownGroup)
      const said = await given(path, inputFor(path, own, await freshIds(path)))
      if (may.includes(role) && inGroup) expect(DONE, `${role}: ${said}`).toContain(said)
      else expect(said, role).toBe('FORBIDDEN')
      if (takes !== 'node' && takes !== 'incident') continue
      const elsewhere = await callerFor(own, role, ids.otherGroup)
      expect(await elsewhere(path, inputFor(path, own, ids.own)), role).toBe('FORBIDDEN')
    }
  })
})

test('what is no id is refused in words, not thrown as a failure', async () => {
  const owner = await callerFor(own, 'owner')
  expect(await owner('incidents.get', { workspace: own.slug, id: "inc_' OR 1=1" })).toBe('BAD_REQUEST')
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

test.each([['workspaces.list'], ['sessions.list'], ['sessions.end']])(
  '%s refuses whoever is not signed in',
  async (path) => {
    const nobody = call({ ...CONTEXT, db: database.app, session: null })
    expect(await nobody(path, path === 'sessions.end' ? { handle: null } : undefined)).toBe('UNAUTHORIZED')
  },
)
