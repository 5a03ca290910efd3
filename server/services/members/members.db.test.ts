import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { DAY_MS } from '../../core/units'
import { simulatedReport } from '../../testing/agent-simulator'
import { openTestDatabase, type TestDatabase } from '../../testing/database'
import { createWorkspace, type TestWorkspace } from '../../testing/factories'
import { createFakeClock, type FakeClock } from '../../testing/fake-clock'
import type { Ctx } from '../context'
import { getEvidenceDownload } from '../evidence/get-download'
import { archiveGroup } from '../groups/archive'
import { setGroupNodes } from '../groups/set-nodes'
import { acknowledgeIncident } from '../incidents/acknowledge'
import { getIncident } from '../incidents/get'
import { listIncidents } from '../incidents/list'
import { recordIncident } from '../incidents/record'
import { getNode } from '../nodes/get'
import { listNodes } from '../nodes/list'
import { getMembership } from './get-for-user'
import { getLiveScope } from './get-scope'
import { grantRole, revokeGrant } from './grant'
import { listMembers } from './list'
import { removeMember } from './remove'

let db: TestDatabase
let clock: FakeClock
let workspace: TestWorkspace
let owner: Ctx
beforeAll(async () => {
  db = await openTestDatabase()
})
afterAll(() => db.close())
beforeEach(async () => {
  clock = createFakeClock()
  workspace = await createWorkspace(db, clock)
  owner = await workspace.as('owner')
})

const userOf = ({ actor }: Ctx): string => (actor.kind === 'user' ? actor.userId : '')

async function memberOf(ctx: Ctx): Promise<string> {
  return (await listMembers({ ctx: owner })).find(({ userId }) => userId === userOf(ctx))?.id as string
}

/** The person's context as the next request would build it. */
async function anew(ctx: Ctx): Promise<Ctx> {
  const userId = userOf(ctx)
  const { grants } = await getMembership({ db: db.app, clock, input: { userId, boundTo: null, slug: workspace.slug } })
  return { ...ctx, actor: { kind: 'user', userId, grants } }
}

async function attackOn(name: string) {
  const node = await workspace.addNode(name)
  const report = simulatedReport()
  const event = { atUs: report.stages.detectedUs, kind: 'opened', text: 'A flood.' } as const
  await recordIncident({ ctx: node.ctx, input: { nodeId: node.id, event, report } })
  return { nodeId: node.id, incidentId: report.id }
}

describe('a role in one group', () => {
  it('reaches the nodes and incidents of that group and of those in it, and is refused the rest', async () => {
    const [theirs, others] = [await attackOn('match-01'), await attackOn('match-02')]
    const event = await workspace.addGroup('Major', [], { kind: 'event' })
    await workspace.addGroup('Match 1', [theirs.nodeId], { parentId: event })
    const operator = await workspace.as('operator', event)
    expect((await listNodes({ ctx: operator })).map(({ id }) => id)).toEqual([theirs.nodeId])
    expect((await listIncidents({ ctx: operator })).incidents.map(({ id }) => id)).toEqual([theirs.incidentId])
    await expect(getNode({ ctx: operator, input: { id: others.nodeId } })).rejects.toMatchObject({ code: 'forbidden' })
    const read = getIncident({ ctx: operator, input: { id: others.incidentId } })
    await expect(read).rejects.toMatchObject({ code: 'forbidden' })
    const take = acknowledgeIncident({ ctx: operator, input: { id: others.incidentId } })
    await expect(take).rejects.toMatchObject({ code: 'forbidden' })
    expect((await getIncident({ ctx: owner, input: { id: others.incidentId } })).acknowledgedUs).toBeNull()
    const bundle = getEvidenceDownload({ ctx: operator, input: { incidentId: others.incidentId } })
    await expect(bundle).rejects.toMatchObject({ code: 'forbidden' })
  })

  it('follows the group: a node put in is seen, an archived group gives nothing any more', async () => {
    const { nodeId } = await attackOn('match-01')
    const group = await workspace.addGroup('Match 1')
    const analyst = await workspace.as('analyst', group)
    expect(await listNodes({ ctx: analyst })).toEqual([])
    await setGroupNodes({ ctx: owner, input: { id: group, nodeIds: [nodeId] } })
    expect(await listNodes({ ctx: analyst })).toHaveLength(1)
    await archiveGroup({ ctx: owner, input: { id: group } })
    const membership = getMembership({
      db: db.app,
      clock,
      input: { userId: userOf(analyst), boundTo: null, slug: workspace.slug },
    })
    await expect(membership).rejects.toMatchObject({ code: 'not_found' })
  })

  it('lets live events of that group through, and of an official only incidents', async () => {
    const { nodeId } = await attackOn('match-01')
    const group = await workspace.addGroup('Match 1', [nodeId])
    const official = await workspace.as('official', group)
    const scope = await getLiveScope({
      db: db.app,
      input: { userId: userOf(official), boundTo: null, slug: workspace.slug },
    })
    expect(scope).toEqual({ workspaceId: workspace.id, incidents: [nodeId], nodes: null })
    const whole = await getLiveScope({
      db: db.app,
      input: { userId: userOf(owner), boundTo: null, slug: workspace.slug },
    })
    expect(whole).toEqual({ workspaceId: workspace.id, incidents: 'all', nodes: 'all' })
  })
})

describe('grants', () => {
  it('hold in their window only', async () => {
    const person = await workspace.as('billing')
    const group = await workspace.addGroup('Match 1')
    const [fromMs, untilMs] = [clock.now() + DAY_MS, clock.now() + 2 * DAY_MS]
    const grant = { role: 'official', groupId: group, fromMs, untilMs } as const
    await grantRole({ ctx: owner, input: { memberId: await memberOf(person), grant } })
    const rolesNow = async () => {
      const { actor } = await anew(person)
      return actor.kind === 'user' ? actor.grants.map(({ role }) => role).sort() : []
    }
    expect(await rolesNow()).toEqual(['billing'])
    clock.advance(DAY_MS)
    expect(await rolesNow()).toEqual(['billing', 'official'])
    clock.advance(DAY_MS)
    expect(await rolesNow()).toEqual(['billing'])
  })

  it('end at once when they are taken away, and the membership with the last of them', async () => {
    const person = await workspace.as('analyst')
    const [member] = (await listMembers({ ctx: owner })).filter(({ userId }) => userId === userOf(person))
    await revokeGrant({ ctx: owner, input: { grantId: member?.grants[0]?.id as string } })
    await expect(anew(person)).rejects.toMatchObject({ code: 'not_found' })
    const again = revokeGrant({ ctx: owner, input: { grantId: member?.grants[0]?.id as string } })
    await expect(again).rejects.toMatchObject({ code: 'not_found' })
  })

  it('leave a workspace an owner: the last cannot be unmade or removed, of two at once one stays', async () => {
    const [first] = await listMembers({ ctx: owner })
    const revoke = (grantId: string) => revokeGrant({ ctx: owner, input: { grantId } })
    await expect(revoke(first?.grants[0]?.id as string)).rejects.toMatchObject({ code: 'conflict' })
    await expect(removeMember({ ctx: owner, input: { id: first?.id as string } })).rejects.toMatchObject({
      code: 'conflict',
    })
    await workspace.as('owner')
    const owners = await listMembers({ ctx: owner })
    const ended = await Promise.allSettled(owners.map(({ grants }) => revoke(grants[0]?.id as string)))
    expect(ended.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected'])
  })

  it('of an owner are an owner’s matter: an admin makes and unmakes none', async () => {
    const admin = await workspace.as('admin')
    const person = await workspace.as('analyst')
    const make = grantRole({ ctx: admin, input: { memberId: await memberOf(person), grant: { role: 'owner' } } })
    await expect(make).rejects.toMatchObject({ code: 'forbidden' })
    const remove = removeMember({ ctx: admin, input: { id: await memberOf(owner) } })
    await expect(remove).rejects.toMatchObject({ code: 'forbidden' })
  })

  it('of owner, admin and billing hold in the whole workspace only', async () => {
    const group = await workspace.addGroup('Match 1')
    const person = await workspace.as('analyst')
    const memberId = await memberOf(person)
    for (const role of ['owner', 'admin', 'billing'] as const) {
      const grant = grantRole({ ctx: owner, input: { memberId, grant: { role, groupId: group } } })
      await expect(grant, role).rejects.toMatchObject({ code: 'validation', field: 'grant.groupId' })
    }
  })

  it('are given to members and groups of the own workspace alone', async () => {
    const foreign = await createWorkspace(db, clock)
    const stranger = await foreign.as('analyst')
    const theirs = (await listMembers({ ctx: await foreign.as('owner') })).find(
      ({ userId }) => userId === userOf(stranger),
    )
    const give = grantRole({ ctx: owner, input: { memberId: theirs?.id as string, grant: { role: 'admin' } } })
    await expect(give).rejects.toMatchObject({ code: 'not_found' })
    const person = await workspace.as('analyst')
    const grant = { role: 'official', groupId: await foreign.addGroup('Theirs') } as const
    const into = grantRole({ ctx: owner, input: { memberId: await memberOf(person), grant } })
    await expect(into).rejects.toMatchObject({ code: 'not_found' })
  })
})
