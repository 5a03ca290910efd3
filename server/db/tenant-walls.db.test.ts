import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { systemClock } from '../core/clock'
import { formatId, newId } from '../core/ids'
import { createSealer } from '../core/seal'
import { createBoardLink } from '../services/boards/links'
import { completeEvidenceUpload } from '../services/evidence/complete-upload'
import { registerEvidence } from '../services/evidence/register'
import { giveFeedback } from '../services/feedback/give'
import { openIncident } from '../services/incidents/open'
import { createInvite } from '../services/invites/create'
import { inLane } from '../services/lane'
import { createEnrolmentToken } from '../services/nodes/create-enrolment-token'
import { addNote } from '../services/notes/add'
import { savePolicy } from '../services/policies/save'
import { BUILT_IN } from '../services/policies/settings'
import { stopMitigation } from '../services/policies/stop'
import { setSchedule } from '../services/schedule/set'
import { saveConnection } from '../services/sign-in/save-connection'
import { recordSources } from '../services/sources/record'
import { recordSurge } from '../services/surges/record'
import { incidentBody, type SimulatedKey, simulatedBundle, simulatedReport } from '../testing/agent-simulator'
import { addImportedMatch } from '../testing/calendars'
import { openTestDatabase, type TestDatabase } from '../testing/database'
import { createWorkspace, type TestWorkspace } from '../testing/factories'
import { spendNonce } from './doors'
import { createOutbox } from './outbox'
import { assertWalls } from './pool'
import { claimSources } from './source-doors'
import { enterBySso } from './sso-doors'

const SEALER = createSealer(['a key of this test with thirty-two characters'])

let db: TestDatabase
let own: TestWorkspace
let foreign: TestWorkspace

/** Puts at least one row into every tenant table. */
async function fill(workspace: TestWorkspace): Promise<void> {
  const owner = await workspace.as('owner')
  const node = await workspace.addNode('match-01')
  await workspace.addDestination({ url: 'http://192.0.2.1/' })
  await workspace.addStatusPage({ 'Match 1': [node.id] })
  const groupId = await workspace.addGroup('Match 1', [node.id])
  await createEnrolmentToken({ ctx: workspace.asJob, input: { nodeName: 'match-02', groupIds: [groupId] } })
  await setSchedule({ ctx: workspace.asJob, input: { id: groupId, audienceTimes: 2 } })
  await addImportedMatch(workspace)
  const link = { groupId, name: 'Studio', expiresMs: Date.now() + 3_600_000 }
  await createBoardLink({ ctx: workspace.asJob, input: link })
  await savePolicy({ ctx: workspace.asJob, input: { scope: { groupId }, settings: BUILT_IN, versionSeen: 0 } })
  const stop = { scope: {}, minutes: 15, reason: 'a test' } as const
  await stopMitigation({ ctx: workspace.asJob, input: stop })
  const invite = { email: 'guest@example.org', grant: { role: 'analyst' } } as const
  await createInvite({ ctx: workspace.asJob, input: invite, sealer: SEALER, origin: 'https://a.example' })
  const report = simulatedReport()
  const body = incidentBody(report)
  if (body.type !== 'incident') throw new Error('unreachable')
  await inLane(node.ctx, { nodeId: node.id, lane: 'incidents', seq: 1, hash: 'a' }, (ctx) =>
    openIncident({ ctx, input: { nodeId: node.id, event: body.event, report } }),
  )
  const { sha256, body: evidence } = announced(report.id, node)
  await registerEvidence({ ctx: node.ctx, input: { nodeId: node.id, incidentId: report.id, ...evidence } })
  await completeEvidenceUpload({ ctx: node.ctx, input: { nodeId: node.id, ...evidence.bundle, path: '/evidence/x' } })
  await readSources(workspace)
  await addNote({ ctx: owner, input: { incidentId: report.id, text: 'Seen.' } })
  await giveFeedback({ ctx: owner, input: { incidentId: report.id, verdict: 'attack' } })
  expect(sha256).toHaveLength(64)
  await addIssuer(workspace)
  const surge = { id: newId(), atUs: 1, endUs: null, peakWire: { pps: 1, bps: 1 }, score: 0, reasons: [] }
  await recordSurge({ ctx: node.ctx, input: { nodeId: node.id, surge } })
  await spendNonce(db.app, { workspaceId: workspace.id, nodeId: node.id, nonce: 'n', expiresAtMs: Date.now() + 1_000 })
  const outbox = createOutbox({ db: db.engine, clock: systemClock, worker: 'test' })
  for (const message of await outbox.claim(10)) {
    const said = { outcome: 'retry', replyCode: 500, mayHaveArrived: false, reached: [], detail: 'no' }
    const result = { ...said, startedUs: 1, finishedUs: 2 }
    await outbox.record({ message, attempt: 1, result, next: { kind: 'retry', waitMs: 1 } })
  }
}

/** As if its bundle had been read. */
async function readSources({ asJob }: TestWorkspace): Promise<void> {
  const count = { packets: 0, addresses: 0, countryPackets: 0, networkPackets: 0, prefixes: 0, countries: 0 }
  const left = { networks: 0, knownPackets: 0, knownAddresses: 0, otherPackets: 0, windows: 1 }
  const totals = { ...count, ...left, kernelDrops: null, isCut: false, tables: { country: null, network: null } }
  const counts = [{ kind: 'prefix' as const, key: '192.0.2.0/24', name: null, packets: 1, addresses: 1 }]
  for (const { evidenceId } of await claimSources(db.app, { limit: 9, nowMs: Date.now(), leaseMs: 1_000 }))
    await recordSources({ ctx: asJob, input: { evidenceId, result: { state: 'read', totals, counts } } })
}

/** An issuer of the workspace's own, and one person it let in. */
async function addIssuer({ id: workspaceId, asJob }: TestWorkspace): Promise<void> {
  const issuer = `https://login.example/${workspaceId}`
  const newcomerRole = 'analyst' as const
  const input = { issuer, clientId: 'console', domains: ['example.com'], newcomerRole }
  await saveConnection({ ctx: asJob, input, sealer: SEALER })
  const person = { workspaceId, issuer, subject: 'sub', email: `${workspaceId}@example.com`, name: 'Newcomer' }
  const ids = { userId: newId(), memberId: newId(), grantId: newId() }
  expect(await enterBySso(db.app, { person, ids, nowMs: Date.now() })).toMatchObject({ outcome: 'in' })
}

function announced(incidentId: string, { id, key }: { id: string; key: SimulatedKey }) {
  const bundle = simulatedBundle(incidentId, formatId('nd', id), key)
  const { body } = bundle
  if (body.type !== 'evidence') throw new Error('unreachable')
  return { sha256: bundle.sha256, body: { bundle: body.bundle, signed: body.signed } }
}

async function tenantTables(): Promise<string[]> {
  const rows = await db.sql<{ name: string }>(`
    SELECT c.relname AS name FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attname = 'workspace_id'
    WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p') AND NOT c.relispartition
      AND c.relname NOT LIKE 'sample\\_%' ORDER BY 1`)
  return rows.map(({ name }) => name)
}

/** Rows the app role sees in a table; `null` when it has no right to look. */
async function visible(table: string, workspaceId: string | null): Promise<string[] | null> {
  const client = await db.app.pool.connect()
  try {
    await client.query('BEGIN')
    if (workspaceId !== null) await client.query("SELECT set_config('app.workspace', $1, true)", [workspaceId])
    const { rows } = await client.query(`SELECT DISTINCT workspace_id AS id FROM ${table}`)
    return rows.map(({ id }) => id)
  } catch (error) {
    if ((error as { code?: string }).code === '42501') return null
    throw error
  } finally {
    await client.query('ROLLBACK')
    client.release()
  }
}

beforeAll(async () => {
  db = await openTestDatabase()
  own = await createWorkspace(db)
  foreign = await createWorkspace(db)
  await fill(own)
  await fill(foreign)
})
afterAll(() => db.close())

describe('tenant walls', () => {
  it('hold in every table that names a workspace: own rows are seen, foreign ones are not, unset sees none', async () => {
    const tables = await tenantTables()
    expect(tables.length).toBeGreaterThan(15)
    for (const table of tables) {
      const stored = await db.sql(`SELECT DISTINCT workspace_id FROM ${table}`)
      expect([table, stored.length]).toEqual([table, 2])
      if (table === 'node_nonce') {
        expect(await visible(table, own.id)).toBeNull()
        continue
      }
      expect([table, await visible(table, own.id)]).toEqual([table, [own.id]])
      expect([table, await visible(table, null)]).toEqual([table, []])
      expect([table, await visible(table, newId())]).toEqual([table, []])
    }
  })

  it('are forced on every table of people, sessions and tenants, so that owning a table is no way around', async () => {
    const open = await db.sql(`
      SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind = 'r' AND NOT relispartition
        AND relname <> '_prisma_migrations' AND NOT (relrowsecurity AND relforcerowsecurity)`)
    expect(open).toEqual([])
  })

  it('let the app role see its own workspace and fellow members only', async () => {
    const client = await db.app.pool.connect()
    await client.query(`BEGIN; SELECT set_config('app.workspace', '${own.id}', true)`)
    const workspaces = await client.query('SELECT id FROM workspace')
    const people = await client.query('SELECT id FROM user_account')
    await client.query('ROLLBACK')
    client.release()
    expect(workspaces.rows).toEqual([{ id: own.id }])
    expect(people.rowCount).toBe(2)
  })

  it('refuse rows written into another workspace', async () => {
    const client = await db.app.pool.connect()
    await client.query(`BEGIN; SELECT set_config('app.workspace', '${own.id}', true)`)
    const insert = client.query(
      "INSERT INTO destination (workspace_id, id, channel, name, settings) VALUES ($1, $2, 'webhook', 'x', '{}')",
      [foreign.id, newId()],
    )
    await expect(insert).rejects.toMatchObject({ code: '42501' })
    await client.query('ROLLBACK')
    client.release()
  })

  it('leave foreign rows untouched by updates and deletes', async () => {
    const client = await db.app.pool.connect()
    await client.query(`BEGIN; SELECT set_config('app.workspace', '${own.id}', true)`)
    const update = await client.query('UPDATE node SET name = $1 WHERE workspace_id = $2', ['taken', foreign.id])
    const remove = await client.query('DELETE FROM destination WHERE workspace_id = $1', [foreign.id])
    await client.query('ROLLBACK')
    client.release()
    expect([update.rowCount, remove.rowCount]).toEqual([0, 0])
  })

  it('refuse references across workspaces by composite keys, even for the owner of the tables', async () => {
    const references = await db.sql<{ table: string; columns: string[] }>(`
      SELECT c.conrelid::regclass::text AS table, array_agg(a.attname::text ORDER BY k.ord) AS columns
      FROM pg_constraint c CROSS JOIN LATERAL unnest(c.conkey) WITH ORDINALITY AS k (num, ord)
      JOIN pg_attribute a ON a.attrelid = c.conrelid AND a.attnum = k.num
      WHERE c.contype = 'f' AND c.confrelid NOT IN ('workspace'::regclass, 'user_account'::regclass)
      GROUP BY c.oid, c.conrelid`)
    expect(references.length).toBeGreaterThan(14)
    for (const { columns } of references) expect(columns[0]).toBe('workspace_id')
    const [node] = await db.sql('SELECT id FROM node WHERE workspace_id = $1', [foreign.id])
    const surge = db.sql(
      "INSERT INTO surge (workspace_id, id, node_id, at, peak_pps, peak_bps, score, reasons) VALUES ($1, $2, $3, now(), 1, 1, 0, '[]')",
      [own.id, newId(), node?.id],
    )
    await expect(surge).rejects.toMatchObject({ code: '23503' })
  })

  it('accept a runtime role only when it is neither superuser, bypassing, nor owner', async () => {
    await expect(assertWalls(db.app.pool)).resolves.toBeUndefined()
    await expect(assertWalls(db.owner.pool)).rejects.toThrow('not held back by row-level security')
  })
})

describe('rights of the roles', () => {
  const refused = (pool: TestDatabase['app']['pool'], sql: string) =>
    expect(pool.query(sql), sql).rejects.toMatchObject({ code: '42501' })

  it('keep password hashes, sessions, nonces and samples from the app role', async () => {
    await refused(db.app.pool, 'SELECT password_hash FROM user_account')
    await refused(db.app.pool, 'SELECT * FROM session')
    await refused(db.app.pool, 'SELECT secret FROM second_factor')
    await refused(db.app.pool, 'SELECT * FROM recovery_code')
    await refused(db.app.pool, 'SELECT * FROM node_nonce')
    for (const end of ['1s', '1s_kept', '1m', '1h', 'dirty']) await refused(db.app.pool, `SELECT * FROM sample_${end}`)
    await refused(db.app.pool, "SELECT outgoing_message_claim('x', 1, now(), interval '1 s')")
  })

  it('let logs grow only: the app role changes and removes no line of them', async () => {
    for (const log of ['audit_entry', 'incident_timeline', 'evidence_custody', 'policy_version']) {
      await refused(db.app.pool, `UPDATE ${log} SET ${log === 'policy_version' ? 'created_at' : 'at'} = now()`)
      await refused(db.app.pool, `DELETE FROM ${log}`)
    }
    await refused(db.app.pool, 'DELETE FROM incident')
  })

  it('give the engine nothing that tenants configure', async () => {
    for (const table of ['incident', 'destination', 'outgoing_message', 'member', 'user_account', 'evidence', 'node']) {
      await refused(db.engine.pool, `SELECT * FROM ${table}`)
    }
    await refused(db.engine.pool, "SELECT user_for_sign_in('a@b.c')")
  })

  it('open every door to exactly one role, with a fixed search path', async () => {
    const doors = await db.sql<{
      name: string
      path: string | null
      isPublic: boolean
      app: boolean
      engine: boolean
    }>(`
      SELECT p.proname AS name, array_to_string(p.proconfig, ' ') AS path,
        EXISTS (SELECT FROM aclexplode(p.proacl) WHERE grantee = 0) OR p.proacl IS NULL AS "isPublic",
        has_function_privilege('tidegate_app', p.oid, 'EXECUTE') AS app,
        has_function_privilege('tidegate_engine', p.oid, 'EXECUTE') AS engine
      FROM pg_proc p WHERE p.pronamespace = 'public'::regnamespace AND p.prosecdef AND p.prorettype <> 'trigger'::regtype`)
    expect(doors.length).toBeGreaterThan(12)
    // What a trigger runs is nobody's to call.
    const called = await db.sql(`
      SELECT proname FROM pg_proc p WHERE pronamespace = 'public'::regnamespace AND prosecdef AND prorettype = 'trigger'::regtype
        AND (proacl IS NULL OR EXISTS (SELECT FROM aclexplode(proacl) WHERE grantee <> p.proowner))`)
    expect(called).toEqual([])
    for (const door of doors) {
      expect(door).toMatchObject({ isPublic: false, path: 'search_path=pg_catalog, public, pg_temp' })
      expect([door.name, Number(door.app) + Number(door.engine)]).toEqual([door.name, 1])
    }
  })
})
