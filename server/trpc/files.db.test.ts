import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { pino } from 'pino'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createIssuerFetch } from '../auth/sso/issuer-fetch'
import { newId, parseId } from '../core/ids'
import { ROLES, type Role } from '../core/permissions'
import { readEnv } from '../env'
import { openTestDatabase, type TestDatabase } from '../testing/database'
import { createWorkspace, type TestWorkspace } from '../testing/factories'
import { FILES } from '../testing/walls/files'
import { addEvidence, fill, type Ids, SEALER } from '../testing/walls/objects'
import type { Context } from './context'

const CONSOLE = fileURLToPath(new URL('../../app/(console)/[workspace]', import.meta.url))

let database: TestDatabase
let folder: string
let own: TestWorkspace
let foreign: TestWorkspace
let ids: { own: Ids; foreign: Ids; ownGroup: string; otherGroup: string }

beforeAll(async () => {
  database = await openTestDatabase()
  folder = mkdtempSync(join(tmpdir(), 'files-'))
  const path = join(folder, 'bundle')
  writeFileSync(path, 'bundle')
  own = await createWorkspace(database)
  foreign = await createWorkspace(database)
  const [ownIds, foreignIds] = [await fill(own), await fill(foreign)]
  await addEvidence(own, ownIds.incident, path)
  await addEvidence(foreign, foreignIds.incident, path)
  const otherGroup = await own.addGroup('Another match')
  ids = { own: ownIds, foreign: foreignIds, ownGroup: parseId('grp', ownIds.group), otherGroup }
})
afterAll(async () => {
  await database.close()
  rmSync(folder, { recursive: true })
})

/** The context of a member with this role; null: of nobody. */
async function contextOf(workspace: TestWorkspace, role: Role | null, groupId?: string): Promise<Context> {
  const shared = {
    db: database.app,
    env: readEnv({} as NodeJS.ProcessEnv),
    log: pino({ level: 'silent' }),
    sealer: () => SEALER,
    issuerFetch: () => createIssuerFetch([]),
    origin: 'https://security.example.org',
    address: '192.0.2.1',
  }
  if (role === null) return { ...shared, session: null }
  const { actor } = await workspace.as(role, groupId)
  const userId = actor.kind === 'user' ? actor.userId : ''
  const person = { userId, email: 'p@example.org', name: 'Person', boundTo: null }
  const session = { id: newId(), ...person, host: 'h', expiresAt: new Date() }
  return { ...shared, session }
}

async function statusOf(route: string, context: Context, workspace: TestWorkspace, of: Ids): Promise<number> {
  const row = FILES[route]
  if (!row) throw new Error(`no row for ${route}`)
  const reply = await row.give({ workspace: workspace.slug, context: async () => context }, of)
  const body = await reply.text()
  if (reply.status === 200) {
    expect(reply.headers.get('cache-control')).toBe('private, no-store')
    expect(body.length).toBeGreaterThan(0)
  } else expect(body).not.toMatch(/at .*\.ts:/)
  return reply.status
}

/** A route may be swept several times, with different wishes. */
const fileOf = (route: string): string => route.replace(/\?.*/, '')

test('the sweep knows every route that gives a file, and calls what the route calls', () => {
  const found = readdirSync(CONSOLE, { recursive: true, encoding: 'utf8' }).filter((path) => path.endsWith('route.ts'))
  const swept = new Set(Object.keys(FILES).map(fileOf))
  expect(found.map((path) => path.replace(/\/route\.ts$/, '')).sort()).toEqual([...swept].sort())
  for (const [route, { calls }] of Object.entries(FILES)) {
    const text = readFileSync(join(CONSOLE, fileOf(route), 'route.ts'), 'utf8')
    expect(text).toContain(`import { ${calls.name} } from '${calls.from}'`)
    expect(text).toContain(`return ${calls.name}(`)
    // One way in: nothing else of the server, and no other method.
    expect(text.match(/@\/server/g)).toHaveLength(1)
    expect(text.match(/export (async )?function (\w+)/g)).toEqual(['export async function GET'])
  }
})

describe.each(Object.keys(FILES))('%s', (route) => {
  const { may, takes, inGroup } = FILES[route]!

  test('refuses whoever is not signed in', async () => {
    expect(await statusOf(route, await contextOf(own, null), own, ids.own)).toBe(401)
  })

  test('does not exist for a member of another workspace, whatever the role', async () => {
    for (const role of ROLES)
      expect(await statusOf(route, await contextOf(own, role), foreign, ids.foreign), role).toBe(404)
  })

  test('finds no object of another workspace under one’s own, and none where the id is none', async () => {
    if (takes === null) return
    const owner = await contextOf(own, 'owner')
    expect(await statusOf(route, owner, own, ids.foreign)).toBe(404)
    expect(await statusOf(route, owner, own, { ...ids.own, [takes]: '../../etc/passwd' })).toBe(404)
  })

  test('gives in one’s own workspace to each role what was written down', async () => {
    for (const role of ROLES) {
      const status = await statusOf(route, await contextOf(own, role), own, ids.own)
      expect([role, status]).toEqual([role, may.includes(role) ? 200 : 403])
    }
  })

  test('gives to a role in one group what lies in it, and refuses what lies in another', async () => {
    for (const role of ROLES.filter((one) => !['owner', 'admin', 'billing'].includes(one))) {
      const given = await contextOf(own, role, ids.ownGroup)
      expect([role, await statusOf(route, given, own, ids.own)]).toEqual([
        role,
        may.includes(role) && inGroup ? 200 : 403,
      ])
      if (takes === null) continue
      const elsewhere = await contextOf(own, role, ids.otherGroup)
      expect([role, await statusOf(route, elsewhere, own, ids.own)]).toEqual([role, 403])
    }
  })
})
