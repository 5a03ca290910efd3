import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { HOUR_MS } from '../../core/units'
import { checkConnected, findCredential, spendNonce } from '../../db/doors'
import { HELLO } from '../../testing/agent-simulator'
import { openTestDatabase, type TestDatabase } from '../../testing/database'
import { createWorkspace, type TestWorkspace } from '../../testing/factories'
import { createFakeClock, type FakeClock } from '../../testing/fake-clock'
import { archiveNode } from './archive'
import { createEnrolmentToken } from './create-enrolment-token'
import { enrolNode } from './enrol'
import { getNode } from './get'
import { listNodes } from './list'
import { revokeCredential } from './revoke-credential'
import { welcomeNode } from './welcome'

let db: TestDatabase
let clock: FakeClock
let workspace: TestWorkspace

beforeAll(async () => {
  db = await openTestDatabase()
})
afterAll(() => db.close())
beforeEach(async () => {
  clock = createFakeClock()
  workspace = await createWorkspace(db, clock)
})

const mint = async (nodeName = 'match-01') =>
  (await createEnrolmentToken({ ctx: await workspace.as('admin'), input: { nodeName } })).token

const enrol = (token: string, key = 'A') =>
  enrolNode({
    db: db.app,
    clock,
    input: { token, publicKey: key.repeat(43), hostname: 'host', agentVersion: '0.1.0' },
  })

describe('enrolment', () => {
  it('gives the node of the token a key in the workspace of the token', async () => {
    const enrolled = await enrol(await mint())
    expect(enrolled).toMatchObject({ workspaceId: workspace.id, nodeName: 'match-01' })
    expect(await findCredential(db.app, enrolled.nodeId)).toMatchObject({
      workspaceId: workspace.id,
      publicKey: 'A'.repeat(43),
      isRevoked: false,
    })
  })

  it('lets one of two uses of a token at once win, and no later one', async () => {
    const token = await mint()
    const answers = await Promise.allSettled([enrol(token, 'A'), enrol(token, 'B')])
    expect(answers.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected'])
    await expect(enrol(token)).rejects.toMatchObject({ code: 'unauthenticated' })
  })

  it('refuses a token after its hour and one that was never made', async () => {
    const token = await mint()
    clock.advance(HOUR_MS)
    await expect(enrol(token)).rejects.toMatchObject({ code: 'unauthenticated' })
    await expect(enrol('enrol_never')).rejects.toMatchObject({ code: 'unauthenticated' })
  })

  it('keeps only the hash of a token', async () => {
    const token = await mint()
    const rows = await db.sql('SELECT * FROM enrolment_token WHERE workspace_id = $1', [workspace.id])
    expect(JSON.stringify(rows)).not.toContain(token)
  })

  it('of a known name replaces the key and keeps the node', async () => {
    const first = await enrol(await mint(), 'A')
    clock.advance(1_000)
    const second = await enrol(await mint(), 'B')
    expect(second.nodeId).toBe(first.nodeId)
    expect(await findCredential(db.app, first.nodeId)).toMatchObject({ publicKey: 'B'.repeat(43), isRevoked: false })
    const keys = await db.sql('SELECT revoked_at IS NULL AS live FROM node_credential WHERE node_id = $1', [
      first.nodeId,
    ])
    expect(keys.filter(({ live }) => live)).toHaveLength(1)
  })

  it('needs the right to enrol', async () => {
    const ctx = await workspace.as('operator')
    await expect(createEnrolmentToken({ ctx, input: { nodeName: 'x' } })).rejects.toMatchObject({ code: 'forbidden' })
  })
})

describe('node', () => {
  it('is online with what it said of itself, and told where its lanes go on', async () => {
    const node = await workspace.addNode('match-01')
    const welcome = await welcomeNode({ ctx: node.ctx, input: { nodeId: node.id, hello: HELLO } })
    expect(welcome.cursors).toEqual({ incidents: 0, samples: 0 })
    for (const table of ['incident', 'incident_timeline', 'outgoing_message']) {
      expect(await db.sql(`SELECT 1 FROM ${table} WHERE workspace_id = $1`, [workspace.id])).toEqual([])
    }
    const seen = await getNode({ ctx: await workspace.as('analyst'), input: { id: node.id } })
    expect(seen).toMatchObject({ state: 'online', kernel: HELLO.kernel, servicePorts: HELLO.servicePorts })
  })

  it('of another workspace does not exist', async () => {
    const node = await workspace.addNode('match-01')
    const ctx = await (await createWorkspace(db, clock)).as('owner')
    await expect(getNode({ ctx, input: { id: node.id } })).rejects.toMatchObject({ code: 'not_found' })
    await expect(archiveNode({ ctx, input: { id: node.id } })).rejects.toMatchObject({ code: 'not_found' })
    await expect(revokeCredential({ ctx, input: { nodeId: node.id } })).rejects.toMatchObject({ code: 'not_found' })
  })

  it.each([
    ['revoked', revokeCredential],
    [
      'archived',
      (given: Parameters<typeof revokeCredential>[0]) =>
        archiveNode({ ctx: given.ctx, input: { id: given.input.nodeId } }),
    ],
  ])('whose key is %s is found among the connected ones', async (_, end) => {
    const node = await workspace.addNode('match-01')
    const found = await findCredential(db.app, node.id)
    const ids = [found!.credentialId]
    expect(await checkConnected(db.app, ids, clock.now())).toEqual(new Set())
    await end({ ctx: await workspace.as('admin'), input: { nodeId: node.id } })
    expect(await checkConnected(db.app, ids, clock.now())).toEqual(new Set(ids))
    expect(await findCredential(db.app, node.id)).toMatchObject({ isRevoked: true })
  })

  it('that is archived leaves the fleet', async () => {
    const node = await workspace.addNode('match-01')
    const ctx = await workspace.as('admin')
    await archiveNode({ ctx, input: { id: node.id } })
    expect(await listNodes({ ctx })).toEqual([])
  })

  it('spends a nonce once, whichever gateway asks', async () => {
    const node = await workspace.addNode('match-01')
    const spent = { workspaceId: workspace.id, nodeId: node.id, nonce: 'n', expiresAtMs: clock.now() }
    const answers = await Promise.all([1, 2, 3].map(() => spendNonce(db.app, spent)))
    expect(answers.filter(Boolean)).toHaveLength(1)
  })
})
