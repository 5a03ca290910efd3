import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { IncidentReport } from '../../../wire/incident'
import { simulatedReport } from '../../testing/agent-simulator'
import { openTestDatabase, type TestDatabase } from '../../testing/database'
import { createWorkspace, type TestWorkspace } from '../../testing/factories'
import type { Ctx } from '../context'
import { inLane } from '../lane'
import { getPublicStatusPage } from '../status-pages/get-public'
import { acknowledgeIncident } from './acknowledge'
import { getIncident } from './get'
import { listIncidents } from './list'
import { openIncident } from './open'
import { recordIncident } from './record'

let db: TestDatabase
let workspace: TestWorkspace
let node: { id: string; ctx: Ctx }

beforeAll(async () => {
  db = await openTestDatabase()
})
afterAll(() => db.close())
beforeEach(async () => {
  workspace = await createWorkspace(db)
  node = await workspace.addNode('match-01')
  await workspace.addDestination()
})

const tell = (report: IncidentReport, kind: 'opened' | 'updated' | 'mitigated' | 'resolved' = 'opened') => ({
  ctx: node.ctx,
  input: { nodeId: node.id, event: { atUs: report.stages.detectedUs, kind, text: `It ${kind}.` }, report },
})

const count = async (table: string) =>
  Number((await db.sql(`SELECT count(*) AS n FROM ${table} WHERE workspace_id = $1`, [workspace.id]))[0]?.n)

const over = (report: IncidentReport): IncidentReport => ({
  ...report,
  revision: report.revision + 1,
  state: 'resolved',
  stages: { ...report.stages, resolvedUs: report.stages.detectedUs + 5_000_000 },
})

describe('openIncident', () => {
  it('stores incident, timeline, rules, audit and one message for each destination that wants it', async () => {
    await workspace.addDestination()
    const report = simulatedReport()
    expect(await openIncident(tell(report))).toEqual({ isNew: true })
    expect(await count('incident')).toBe(1)
    expect(await count('incident_timeline')).toBe(1)
    expect(await count('mitigation')).toBe(report.rules.length)
    const audit = await db.sql(
      "SELECT actor_kind FROM audit_entry WHERE subject_id = $1 AND action = 'incident.open'",
      [report.id],
    )
    expect(audit).toEqual([{ actor_kind: 'agent' }])
    const messages = await db.sql('SELECT kind, payload FROM outgoing_message WHERE incident_id = $1', [report.id])
    expect(messages).toHaveLength(2)
    expect(messages[0]?.payload).toMatchObject({ type: 'incident.opened', nodeName: 'match-01', state: 'mitigating' })
  })

  it('has no effect the second time, also when both come at once', async () => {
    const report = simulatedReport()
    const answers = await Promise.all([1, 2, 3].map(() => openIncident(tell(report))))
    expect(answers.filter(({ isNew }) => isNew)).toHaveLength(1)
    expect([await count('incident'), await count('incident_timeline'), await count('outgoing_message')]).toEqual([
      1, 1, 1,
    ])
  })

  it('keeps the microseconds of the stages', async () => {
    const report = simulatedReport()
    report.stages.trippedUs = 1_795_209_600_123_457
    report.stages.detectedUs = 1_795_209_600_129_999
    await openIncident(tell(report))
    const stored = await getIncident({ ctx: await workspace.as('analyst'), input: { id: report.id } })
    expect([stored.firstPacketUs, stored.detectedUs]).toEqual([1_795_209_600_123_457, 1_795_209_600_129_999])
  })

  it('tells nobody about a suspicion', async () => {
    await openIncident(tell(simulatedReport({ state: 'suspected' })))
    expect(await count('outgoing_message')).toBe(0)
  })

  it('takes reports of a node from that node alone', async () => {
    const stranger = await workspace.addNode('match-02')
    const { input } = tell(simulatedReport())
    await expect(openIncident({ ctx: stranger.ctx, input })).rejects.toMatchObject({ code: 'forbidden' })
  })

  it('wakes listeners of both channels at commit', async () => {
    const client = await db.app.pool.connect()
    const heard: [string, unknown][] = []
    client.on('notification', ({ channel, payload }) => heard.push([channel, JSON.parse(payload ?? '')]))
    await client.query('LISTEN incident; LISTEN outgoing_message')
    const report = simulatedReport()
    await openIncident(tell(report))
    await client.query('SELECT 1')
    client.release(true)
    const channels = heard.map(([channel]) => channel).sort()
    expect(channels).toEqual(['incident', 'outgoing_message'])
    expect(heard).toContainEqual(['incident', { workspaceId: workspace.id, incidentId: report.id, revision: 1 }])
  })
})

describe('recordIncident', () => {
  it('follows newer reports, ignores older ones and says the end once', async () => {
    const report = simulatedReport()
    await recordIncident(tell(report))
    expect(await recordIncident(tell(over(report), 'resolved'))).toMatchObject({ isChanged: true })
    expect(await recordIncident(tell(over(report), 'resolved'))).toMatchObject({ isChanged: false })
    expect(await recordIncident(tell(report))).toMatchObject({ isChanged: false })
    const stored = await getIncident({ ctx: await workspace.as('analyst'), input: { id: report.id } })
    expect(stored).toMatchObject({ state: 'resolved', revision: 2, resolvedUs: report.stages.detectedUs + 5_000_000 })
    expect(stored.timeline.map(({ kind }) => kind)).toEqual(['opened', 'resolved'])
    const messages = await db.sql('SELECT kind FROM outgoing_message WHERE incident_id = $1 ORDER BY position', [
      report.id,
    ])
    expect(messages.map(({ kind }) => kind)).toEqual(['opened', 'resolved'])
  })

  it('opens an incident whose end is the first it hears of, and tells both in order', async () => {
    const report = over(simulatedReport())
    await recordIncident(tell(report, 'resolved'))
    const messages = await db.sql('SELECT kind FROM outgoing_message WHERE incident_id = $1 ORDER BY position', [
      report.id,
    ])
    expect(messages.map(({ kind }) => kind)).toEqual(['opened', 'resolved'])
  })

  it('lets hits of a rule rise only', async () => {
    const report = simulatedReport()
    const rule = { ...report.rules[0]!, packets: 500, bytes: 5_000 }
    await recordIncident(tell({ ...report, rules: [rule] }))
    await recordIncident(tell({ ...report, revision: 2, rules: [{ ...rule, packets: 900, bytes: 9_000 }] }, 'updated'))
    await recordIncident(tell({ ...report, revision: 3, rules: [{ ...rule, packets: 100, bytes: 1_000 }] }, 'updated'))
    const stored = await getIncident({ ctx: await workspace.as('analyst'), input: { id: report.id } })
    expect(stored.mitigations).toMatchObject([{ packets: 900, bytes: 9_000 }])
  })

  it('moves the lane and stores the message both or neither', async () => {
    const step = { nodeId: node.id, lane: 'incidents' as const, seq: 1, hash: 'h' }
    const fail = inLane(node.ctx, step, () => Promise.reject(new Error('broken')))
    await expect(fail).rejects.toThrow('broken')
    const report = simulatedReport()
    const store = (ctx: Ctx) => recordIncident({ ...tell(report), ctx })
    expect(await inLane(node.ctx, step, store)).toEqual({ kind: 'stored', lastSeq: 1 })
    expect(await inLane(node.ctx, step, store)).toEqual({ kind: 'repeat', lastSeq: 1 })
    expect(await inLane(node.ctx, { ...step, hash: 'x' }, store)).toEqual({ kind: 'conflict', lastSeq: 1 })
    expect(await inLane(node.ctx, { ...step, seq: 3 }, store)).toEqual({ kind: 'gap', lastSeq: 1 })
  })
})

describe('acknowledgeIncident', () => {
  it('lets one of two people at once win and tells the other', async () => {
    const report = simulatedReport()
    await openIncident(tell(report))
    const people = [await workspace.as('operator'), await workspace.as('owner')]
    const answers = await Promise.allSettled(
      people.map((ctx) => acknowledgeIncident({ ctx, input: { id: report.id } })),
    )
    expect(answers.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected'])
    expect(answers.find(({ status }) => status === 'rejected')).toMatchObject({ reason: { code: 'conflict' } })
    const notes = await db.sql("SELECT 1 FROM audit_entry WHERE subject_id = $1 AND action = 'incident.acknowledge'", [
      report.id,
    ])
    expect(notes).toHaveLength(1)
  })

  it('is not found in another workspace and forbidden to those who may only read', async () => {
    const report = simulatedReport()
    await openIncident(tell(report))
    const elsewhere = await (await createWorkspace(db)).as('owner')
    const input = { id: report.id }
    await expect(acknowledgeIncident({ ctx: elsewhere, input })).rejects.toMatchObject({ code: 'not_found' })
    await expect(getIncident({ ctx: elsewhere, input })).rejects.toMatchObject({ code: 'not_found' })
    expect(await listIncidents({ ctx: elsewhere })).toEqual({ incidents: [], next: null })
    const analyst = await workspace.as('analyst')
    await expect(acknowledgeIncident({ ctx: analyst, input })).rejects.toMatchObject({ code: 'forbidden' })
  })
})

describe('public status page', () => {
  it('says which component is under attack, and no address, threshold or rate', async () => {
    const slug = await workspace.addStatusPage({ 'Match 1': [node.id], 'Match 2': [] })
    const report = simulatedReport({
      target: { addresses: ['203.0.113.77'], ports: [27_015] },
      baseline: { pps: 1_234.5, ppsHigh: 2_345.5 },
    })
    await openIncident(tell(report))
    const page = await getPublicStatusPage({ db: db.app, slug })
    expect(page).toMatchObject({
      components: [{ state: 'under_mitigation' }, { state: 'operational' }],
      incidents: [{ state: 'mitigating', components: ['Match 1'], resolvedMs: null }],
    })
    const text = JSON.stringify(page)
    for (const secret of ['203.0.113.77', '27015', '1234.5', '2345.5', 'pps', 'match-01', workspace.id, node.id]) {
      expect(text).not.toContain(secret)
    }
    await recordIncident(tell(over(report), 'resolved'))
    const after = await getPublicStatusPage({ db: db.app, slug })
    expect(after?.state).toBe('operational')
    expect(after?.incidents[0]?.resolvedMs).toBe(Math.floor((report.stages.detectedUs + 5_000_000) / 1_000))
  })

  it('does not exist before it is published', async () => {
    const slug = await workspace.addStatusPage({ 'Match 1': [node.id] })
    await db.sql('UPDATE status_page SET published = false WHERE slug = $1', [slug])
    expect(await getPublicStatusPage({ db: db.app, slug })).toBeNull()
  })
})
