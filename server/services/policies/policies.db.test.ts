import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { formatId } from '../../core/ids'
import { MINUTE_MS } from '../../core/units'
import { simulatedReport } from '../../testing/agent-simulator'
import { openTestDatabase, type TestDatabase } from '../../testing/database'
import { createWorkspace, type TestWorkspace } from '../../testing/factories'
import { createFakeClock } from '../../testing/fake-clock'
import type { Ctx } from '../context'
import { archiveGroup } from '../groups/archive'
import { getIncident } from '../incidents/get'
import { recordIncident } from '../incidents/record'
import { policiesForNodes } from './for-nodes'
import { getPolicy } from './get'
import { getNodePolicy } from './get-for-node'
import { recordHeldPolicy } from './hold'
import { listPolicies } from './list'
import { listStops } from './list-stops'
import { resumeMitigation } from './resume'
import { reviewPolicy } from './review'
import { savePolicy } from './save'
import { BUILT_IN, type PolicySettings } from './settings'
import { stopMitigation } from './stop'
import { listPolicyVersions } from './versions'

let db: TestDatabase
let workspace: TestWorkspace
let admin: Ctx
let node: Awaited<ReturnType<TestWorkspace['addNode']>>
const clock = createFakeClock(Math.floor(Date.now() / MINUTE_MS) * MINUTE_MS)

beforeAll(async () => {
  db = await openTestDatabase()
})
afterAll(() => db.close())
beforeEach(async () => {
  workspace = await createWorkspace(db, clock)
  admin = await workspace.as('admin')
  node = await workspace.addNode('match-01')
})

type Where = { groupId?: string; nodeId?: string }
const save = (scope: Where, part: Partial<PolicySettings> | null, versionSeen = 0, confirmed: string[] = []) =>
  savePolicy({ ctx: admin, input: { scope, settings: part && { ...BUILT_IN, ...part }, versionSeen, confirmed } })
const onNode = async (nodeId = node.id) =>
  (await policiesForNodes({ ctx: workspace.asJob, input: { nodeIds: [nodeId] } })).get(nodeId)
const stop = (scope: Where, ctx = admin) =>
  stopMitigation({ ctx, input: { scope, minutes: 15, reason: 'players are lost' } })
const audited = (action: string) =>
  db.sql('SELECT subject_id, after FROM audit_entry WHERE workspace_id = $1 AND action = $2', [workspace.id, action])

describe('policies', () => {
  it('a new workspace drops what is certain and limits new sources where it is doubtful', async () => {
    expect(await onNode()).toEqual({
      name: 'default',
      version: 1,
      id: 'built-in',
      certain: 'drop',
      doubtful: 'limit',
      vectors: {},
      newSourcePps: 200,
      holdMs: 25_000,
      friends: [],
    })
  })

  it('the workspace’s holds until a group has its own, and a node’s own above all; taken away, the next above holds again', async () => {
    const event = await workspace.addGroup('Major', [], { kind: 'event' })
    const match = await workspace.addGroup('Match 1', [node.id], { parentId: event })
    await save({}, { newSourcePps: 300 })
    expect(await onNode()).toMatchObject({ name: 'workspace', newSourcePps: 300 })
    await save({ groupId: event }, { newSourcePps: 400 })
    expect(await onNode()).toMatchObject({ name: 'Major', newSourcePps: 400 })
    await save({ groupId: match }, { newSourcePps: 500 })
    expect(await onNode()).toMatchObject({ name: 'Match 1', newSourcePps: 500 })
    await save({ nodeId: node.id }, { newSourcePps: 600 })
    expect(await onNode()).toMatchObject({ name: 'match-01', version: 1, newSourcePps: 600 })

    await save({ nodeId: node.id }, null, 1)
    await save({ groupId: match }, null, 1)
    expect(await onNode()).toMatchObject({ name: 'Major', newSourcePps: 400 })
    await archiveGroup({ ctx: admin, input: { id: event } })
    expect(await onNode()).toMatchObject({ name: 'workspace', newSourcePps: 300 })
  })

  it('keep every version with who saved it and what changed; nothing is lost by taking one away', async () => {
    await save({}, { newSourcePps: 300 })
    await save({}, { newSourcePps: 400 }, 1)
    await save({}, null, 2)
    await save({}, { newSourcePps: 300 }, 3)
    const versions = await listPolicyVersions({ ctx: admin, input: { scope: {} } })
    expect(versions.map(({ version, settings }) => [version, settings?.newSourcePps ?? null])).toEqual([
      [4, 300],
      [3, null],
      [2, 400],
      [1, 300],
    ])
    const rate = { what: 'New sources, while limited' }
    expect(versions[2]?.changes).toEqual([{ ...rate, before: '300 pps', after: '400 pps' }])
    expect(versions[0]?.savedBy).toEqual({ kind: 'user', id: admin.actor.kind === 'user' && admin.actor.userId })
    expect(await audited('policy.update')).toHaveLength(3)
    expect(await audited('policy.remove')).toHaveLength(1)
  })

  it('of two who save at once one wins, and the other is told', async () => {
    const saved = await Promise.allSettled([save({}, { newSourcePps: 300 }), save({}, { newSourcePps: 400 })])
    const lost = saved.filter(({ status }) => status === 'rejected')
    expect(lost).toMatchObject([{ reason: { code: 'conflict' } }])
    await expect(save({}, { newSourcePps: 500 }, 7)).rejects.toMatchObject({ code: 'conflict' })
  })

  it('what may hurt is saved only when it was confirmed', async () => {
    const refused = save({}, { certain: 'observe' })
    await expect(refused).rejects.toMatchObject({ code: 'validation', field: 'confirmed' })
    await expect(save({}, { certain: 'observe' }, 0, ['observe_certain'])).resolves.toEqual({ version: 1 })
    // Falling back to it is as dangerous as saving it.
    await save({ nodeId: node.id }, {})
    await expect(save({ nodeId: node.id }, null, 1)).rejects.toMatchObject({ field: 'confirmed' })
  })

  it('a warning of any length can be confirmed', async () => {
    const networks = Array.from({ length: 500 }, (_, at) => `${(0x2000 + at).toString(16)}::/16`)
    const friends = [{ name: 'everybody', networks }]
    const { dangers } = await reviewPolicy({ ctx: admin, input: { scope: {}, settings: { ...BUILT_IN, friends } } })
    const keys = dangers.map(({ key }) => key)
    await expect(save({}, { friends }, 0, keys)).resolves.toEqual({ version: 1 })
  })

  it('what is no setting is refused with the field', async () => {
    const friends = [{ name: 'CDN', networks: ['10.0.0.0/8 } drop'] }]
    await expect(save({}, { friends })).rejects.toMatchObject({ code: 'validation', field: 'friends' })
    await expect(save({}, { newSourcePps: 0 })).rejects.toMatchObject({ code: 'validation' })
  })

  it('of another workspace do not exist', async () => {
    const foreign = await createWorkspace(db)
    const theirs = await foreign.addGroup('Theirs')
    const { id: stranger } = await foreign.addNode('match-01')
    for (const scope of [{ groupId: theirs }, { nodeId: stranger }]) {
      await expect(save(scope, {})).rejects.toMatchObject({ code: 'not_found' })
      await expect(stop(scope)).rejects.toMatchObject({ code: 'not_found' })
      await expect(getPolicy({ ctx: admin, input: { scope } })).rejects.toMatchObject({ code: 'not_found' })
    }
  })

  it('say on how many nodes they are in force: those that said so themselves', async () => {
    const other = await workspace.addNode('match-02')
    await workspace.addNode('match-03')
    const hold = (of: typeof node, id: string, stoppedUntilMs: number | null = null) =>
      recordHeldPolicy({ ctx: of.ctx, input: { nodeId: of.id, held: { id, stoppedUntilMs } } })
    await hold(node, 'built-in')
    await hold(other, 'built-in')
    const [all] = await listPolicies({ ctx: admin })
    expect(all).toMatchObject({ nodes: 3, holding: 2 })
    await save({}, { newSourcePps: 300 })
    expect((await listPolicies({ ctx: admin }))[0]).toMatchObject({ nodes: 3, holding: 0 })
    await hold(node, (await onNode())?.id as string)
    const { nodes } = await getPolicy({ ctx: admin, input: { scope: {} } })
    expect(nodes.map(({ name, holds }) => [name, holds])).toEqual([
      ['match-01', 'yes'],
      ['match-02', 'not_yet'],
      ['match-03', 'unknown'],
    ])
    await expect(
      recordHeldPolicy({ ctx: other.ctx, input: { nodeId: node.id, held: { id: 'x', stoppedUntilMs: null } } }),
    ).rejects.toMatchObject({ code: 'forbidden' })
  })

  it('who was given one group reads what holds there, and nothing of the groups beside it', async () => {
    const own = await workspace.addGroup('Own', [node.id])
    const other = await workspace.addGroup('Other', [(await workspace.addNode('match-02')).id])
    const analyst = await workspace.as('analyst', own)
    await save({ groupId: other }, {})
    expect((await listPolicies({ ctx: analyst })).map(({ scope, nodes }) => [scope.name, nodes])).toEqual([
      ['the workspace', 1],
      ['Own', 0],
    ])
    const beside = getPolicy({ ctx: analyst, input: { scope: { groupId: other } } })
    await expect(beside).rejects.toMatchObject({ code: 'forbidden' })
  })
})

describe('the kill switch', () => {
  const until = clock.now() + 15 * MINUTE_MS

  it('of workspace, group or node reaches the nodes in it, for as long as was asked, with its reason in the audit log', async () => {
    const group = await workspace.addGroup('Match 1', [node.id])
    const other = await workspace.addNode('match-02')
    await stop({ groupId: group })
    expect(await onNode()).toMatchObject({ stoppedUntilMs: until, certain: 'drop' })
    expect(await onNode(other.id)).not.toHaveProperty('stoppedUntilMs')
    await stop({})
    expect(await onNode(other.id)).toMatchObject({ stoppedUntilMs: until })
    expect(await audited('mitigation.stop')).toMatchObject([
      { subject_id: group, after: { reason: 'players are lost', minutes: 15 } },
      { subject_id: workspace.id },
    ])
  })

  it('ends by itself', async () => {
    await stop({})
    expect(await listStops({ ctx: admin })).toHaveLength(1)
    const later = { ...clock, now: () => until }
    expect(await listStops({ ctx: { ...admin, clock: later } })).toEqual([])
    const policy = await getNodePolicy({ ctx: { ...admin, clock: later }, input: { nodeId: node.id } })
    expect(policy.stoppedUntil).toBeNull()
    const [one] = await listStops({ ctx: admin })
    const late = resumeMitigation({ ctx: { ...admin, clock: later }, input: { id: one?.id as string } })
    await expect(late).rejects.toMatchObject({ code: 'conflict' })
  })

  it('starts once however often it is pressed, and ends at one press', async () => {
    const pressed = await Promise.allSettled([stop({}), stop({}), stop({})])
    expect(pressed.filter(({ status }) => status === 'fulfilled')).toHaveLength(1)
    const [one] = await listStops({ ctx: admin })
    await resumeMitigation({ ctx: admin, input: { id: one?.id as string } })
    expect(await listStops({ ctx: admin })).toEqual([])
    expect(await onNode()).not.toHaveProperty('stoppedUntilMs')
    expect(await audited('mitigation.resume')).toHaveLength(1)
    const again = resumeMitigation({ ctx: admin, input: { id: one?.id as string } })
    await expect(again).rejects.toMatchObject({ code: 'conflict' })
  })

  it('of the whole workspace is not in reach of an operator of one group', async () => {
    const group = await workspace.addGroup('Match 1', [node.id])
    const operator = await workspace.as('operator', group)
    await expect(stop({}, operator)).rejects.toMatchObject({ code: 'forbidden' })
    await expect(stop({ nodeId: node.id }, operator)).resolves.toBeDefined()
    await stop({})
    const seen = await listStops({ ctx: operator })
    expect(seen.map(({ scope, mayResume }) => [scope.kind, mayResume])).toEqual([
      ['node', true],
      ['workspace', false],
    ])
  })

  it('is shown without its reason to who may not read policies, and not at all where it touches nothing of theirs', async () => {
    const group = await workspace.addGroup('Match 1', [node.id])
    const other = await workspace.addGroup('Match 2', [(await workspace.addNode('match-02')).id])
    await stop({ groupId: group })
    expect(await listStops({ ctx: await workspace.as('official', group) })).toMatchObject([
      { reason: null, mayResume: false },
    ])
    expect(await listStops({ ctx: await workspace.as('official', other) })).toEqual([])
  })

  it.each(['', 'ab', 'a\u0000bc', 'x'.repeat(301)])('takes no reason like %j', async (reason) => {
    const press = stopMitigation({ ctx: admin, input: { scope: {}, minutes: 15, reason } })
    await expect(press).rejects.toMatchObject({ code: 'validation', field: 'reason' })
  })
})

describe('a frozen policy', () => {
  it('is what the node says it went by, even when another holds by now; of an older agent only its name is known', async () => {
    await save({}, { newSourcePps: 300 })
    const first = (await onNode())?.id
    await save({}, { newSourcePps: 400 }, 1)
    const report = simulatedReport({ policy: { name: 'workspace', version: 1, id: first } })
    const event = { atUs: report.stages.detectedUs, kind: 'opened', text: 'A flood.' } as const
    await recordIncident({ ctx: node.ctx, input: { nodeId: node.id, event, report } })
    const { policy } = await getIncident({ ctx: admin, input: { id: report.id } })
    expect(policy).toMatchObject({ version: 1, settings: { newSourcePps: 300 } })

    const forged = { name: 'x', version: 1, id: formatId('pol', (await createForeignPolicy()) as string) }
    for (const claimed of [{ name: 'default', version: 1 }, forged]) {
      const old = simulatedReport({ policy: claimed })
      await recordIncident({ ctx: node.ctx, input: { nodeId: node.id, event, report: old } })
      const kept = (await getIncident({ ctx: admin, input: { id: old.id } })).policy
      expect(kept).not.toHaveProperty('settings')
    }
  })
})

async function createForeignPolicy(): Promise<unknown> {
  const foreign = await createWorkspace(db)
  await savePolicy({ ctx: foreign.asJob, input: { scope: {}, settings: BUILT_IN, versionSeen: 0 } })
  const [row] = await db.sql('SELECT id FROM policy_version WHERE workspace_id = $1', [foreign.id])
  return row?.id
}
