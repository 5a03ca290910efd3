import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { newId } from '../../core/ids'
import { HOUR_MS } from '../../core/units'
import { openTestDatabase, type TestDatabase } from '../../testing/database'
import { createWorkspace, type TestWorkspace } from '../../testing/factories'
import { createFakeClock, type FakeClock } from '../../testing/fake-clock'
import type { Ctx } from '../context'
import { archiveGroup } from '../groups/archive'
import { listGroups } from '../groups/list'
import { createEnrolmentToken } from './create-enrolment-token'
import { enrolNode } from './enrol'
import { listEnrolmentTokens } from './list-enrolment-tokens'

let db: TestDatabase
let clock: FakeClock
let workspace: TestWorkspace
let admin: Ctx
beforeAll(async () => {
  db = await openTestDatabase()
})
afterAll(() => db.close())
beforeEach(async () => {
  clock = createFakeClock()
  workspace = await createWorkspace(db, clock)
  admin = await workspace.as('admin')
})

type Line = { nodeName?: string; groupIds?: string[]; replacesId?: string }
const make = ({ nodeName = 'match-01', ...rest }: Line = {}) =>
  createEnrolmentToken({ ctx: admin, input: { nodeName, ...rest } })
const use = (token: string, key = 'A') =>
  enrolNode({
    db: db.app,
    clock,
    input: { token, publicKey: key.repeat(43), hostname: 'host', agentVersion: '0.1.0' },
  })
const nodesOf = async (groupId: string) =>
  (await listGroups({ ctx: admin })).find(({ id }) => id === groupId)?.nodeIds ?? []

describe('an enrolment line', () => {
  it('puts its node into its groups when the node enrols, and not before', async () => {
    const [match, region] = [
      await workspace.addGroup('Match 1'),
      await workspace.addGroup('EU', [], { kind: 'region' }),
    ]
    const { token } = await make({ groupIds: [match, region, match] })
    expect(await nodesOf(match)).toEqual([])
    const { nodeId } = await use(token)
    expect([await nodesOf(match), await nodesOf(region)]).toEqual([[nodeId], [nodeId]])
  })

  it('leaves a node that enrols again in the groups it has', async () => {
    const [first, second] = [await workspace.addGroup('Match 1'), await workspace.addGroup('Match 2')]
    const { nodeId } = await use((await make({ groupIds: [first] })).token)
    await use((await make({ groupIds: [second] })).token, 'B')
    expect([await nodesOf(first), await nodesOf(second)]).toEqual([[nodeId], [nodeId]])
  })

  it('forgets a group that was archived meanwhile, and the node enrols all the same', async () => {
    const match = await workspace.addGroup('Match 1')
    const { token } = await make({ groupIds: [match] })
    await archiveGroup({ ctx: admin, input: { id: match } })
    const { nodeId } = await use(token)
    expect(await db.sql('SELECT 1 FROM group_node WHERE node_id = $1', [nodeId])).toEqual([])
  })

  it('takes no group of another workspace, none that is archived and none that never was', async () => {
    const foreign = await (await createWorkspace(db, clock)).addGroup('Match 1')
    const archived = await workspace.addGroup('Old')
    await archiveGroup({ ctx: admin, input: { id: archived } })
    for (const id of [foreign, archived, newId()])
      await expect(make({ groupIds: [id] })).rejects.toMatchObject({ code: 'not_found' })
    expect(await listEnrolmentTokens({ ctx: admin })).toEqual([])
  })

  it('is listed with its end and its groups until it is used, replaced or over, and never with its token', async () => {
    const match = await workspace.addGroup('Match 1')
    const first = await make({ groupIds: [match] })
    const [listed] = await listEnrolmentTokens({ ctx: admin })
    expect(listed).toEqual({
      id: first.id,
      nodeName: 'match-01',
      createdAt: new Date(clock.now()),
      expiresAt: new Date(clock.now() + HOUR_MS),
      groupIds: [match],
    })
    const second = await make({ nodeName: 'match-02', replacesId: first.id })
    expect((await listEnrolmentTokens({ ctx: admin })).map(({ id }) => id)).toEqual([second.id])
    await use(second.token)
    expect(await listEnrolmentTokens({ ctx: admin })).toEqual([])
    await make()
    clock.advance(HOUR_MS)
    expect(await listEnrolmentTokens({ ctx: admin })).toEqual([])
  })

  it('that another one replaced enrols nothing, and a line of another workspace cannot be replaced', async () => {
    const first = await make()
    await make({ replacesId: first.id })
    await expect(use(first.token)).rejects.toThrow('was revoked at')
    const stranger = await createWorkspace(db, clock)
    const theirs = await createEnrolmentToken({ ctx: stranger.asJob, input: { nodeName: 'match-01' } })
    await make({ replacesId: theirs.id })
    await expect(use(theirs.token, 'C')).resolves.toMatchObject({ workspaceId: stranger.id })
  })

  it('is seen by whoever may make one', async () => {
    await expect(listEnrolmentTokens({ ctx: await workspace.as('operator') })).rejects.toMatchObject({
      code: 'forbidden',
    })
  })
})
