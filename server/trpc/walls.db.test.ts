import { pino } from 'pino'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { formatId, newId } from '../core/ids'
import { ROLES, type Role, roleMay } from '../core/permissions'
import { readEnv } from '../env'
import { recordIncident } from '../services/incidents/record'
import { simulatedReport } from '../testing/agent-simulator'
import { openTestDatabase, type TestDatabase } from '../testing/database'
import { createWorkspace, type TestWorkspace } from '../testing/factories'
import type { Context } from './context'
import { appRouter, createCaller } from './router'

let database: TestDatabase
let own: TestWorkspace
let foreign: TestWorkspace
type Ids = { incident: string; node: string }
let ids: Record<'own' | 'foreign', Ids>

beforeAll(async () => {
  database = await openTestDatabase()
  own = await createWorkspace(database)
  foreign = await createWorkspace(database)
  ids = { own: await openIncident(own), foreign: await openIncident(foreign) }
})
afterAll(() => database.close())

async function openIncident(workspace: TestWorkspace): Promise<Ids> {
  const node = await workspace.addNode('match-01')
  const report = simulatedReport()
  const event = { atUs: report.stages.detectedUs, kind: 'opened', text: 'A flood.' } as const
  await recordIncident({ ctx: node.ctx, input: { nodeId: node.id, event, report } })
  return { incident: formatId('inc', report.id), node: formatId('nd', node.id) }
}

async function callerFor(workspace: TestWorkspace, role: Role) {
  const { actor } = await workspace.as(role)
  const userId = actor.kind === 'user' ? actor.userId : ''
  const session = { id: newId(), userId, email: 'p@example.org', name: 'Person', host: 'h', expiresAt: new Date() }
  return call({
    db: database.app,
    env: ENV,
    origin: 'https://security.example.org',
    log: pino({ level: 'silent' }),
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

/** Every procedure that belongs to a workspace, with what it needs to be called. A new one must be added here. */
const NEEDS = {
  'workspaces.get': { permission: null, takes: null },
  'nodes.tiles': { permission: 'node.read', takes: null },
  'nodes.seconds': { permission: 'sample.read', takes: null },
  'nodes.get': { permission: 'node.read', takes: 'node' },
  'nodes.series': { permission: 'sample.read', takes: 'node' },
  'nodes.createEnrolment': { permission: 'node.enrol', takes: null },
  'nodes.revoke': { permission: 'node.revoke', takes: 'node' },
  'nodes.archive': { permission: 'node.archive', takes: 'node' },
  'incidents.list': { permission: 'incident.read', takes: null },
  'incidents.get': { permission: 'incident.read', takes: 'incident' },
  'incidents.samples': { permission: 'incident.read', takes: 'incident' },
  'incidents.acknowledge': { permission: 'incident.acknowledge', takes: 'incident' },
} as const
/** The sources of the installer stand in for a build. */
const ENV = { ...readEnv({} as NodeJS.ProcessEnv), AGENT_PACKAGE_DIR: 'agent/package' }
const OF_NO_WORKSPACE = ['workspaces.list']
type Path = keyof typeof NEEDS
const PATHS = Object.keys(NEEDS) as Path[]

const inputFor = (path: Path, workspace: TestWorkspace, of: Ids) => {
  const { takes } = NEEDS[path]
  return {
    workspace: workspace.slug,
    ...(takes === null ? {} : { id: of[takes] }),
    ...(path === 'nodes.createEnrolment' ? { nodeName: 'match-77' } : {}),
    ...(path === 'nodes.seconds' || path === 'nodes.series' ? { since: { spanMs: 1_000 } } : {}),
  }
}

test('the sweep knows every procedure', () => {
  expect(Object.keys(appRouter._def.procedures).sort()).toEqual([...PATHS, ...OF_NO_WORKSPACE].sort())
})

describe.each(PATHS)('%s', (path) => {
  test('refuses whoever is not signed in', async () => {
    const nobody = call({
      db: database.app,
      env: ENV,
      origin: 'https://security.example.org',
      log: pino({ level: 'silent' }),
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

  test('in one’s own workspace each role may what the table of permissions says', async () => {
    for (const role of ROLES) {
      const { permission } = NEEDS[path]
      const member = await callerFor(own, role)
      const said = await member(path, inputFor(path, own, ids.own))
      const may = permission === null || roleMay(role, permission)
      // What one role ended already is gone for the next.
      const allowed = ['ok', 'CONFLICT', ...(path.endsWith('revoke') || path.endsWith('archive') ? ['NOT_FOUND'] : [])]
      if (may) expect(allowed, `${role}: ${said}`).toContain(said)
      else expect(said, role).toBe('FORBIDDEN')
    }
  })
})

test('what is no id is refused in words, not thrown as a failure', async () => {
  const owner = await callerFor(own, 'owner')
  expect(await owner('incidents.get', { workspace: own.slug, id: "inc_' OR 1=1" })).toBe('BAD_REQUEST')
})
