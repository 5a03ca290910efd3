import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { formatId } from '../../core/ids'
import type { Role } from '../../core/permissions'
import { simulatedReport } from '../../testing/agent-simulator'
import { openTestDatabase, type TestDatabase } from '../../testing/database'
import { createEvidenceBundle } from '../../testing/evidence-bundle'
import { createWorkspace, type TestWorkspace } from '../../testing/factories'
import { registerEvidence } from '../evidence/register'
import { openIncident } from '../incidents/open'
import { addNote } from '../notes/add'
import { getGroupReport, getIncidentReport } from './get'
import type { Edition, Report } from './report'

let db: TestDatabase
let workspace: TestWorkspace
let incidentId: string
let groups: { event: string; match: string; other: string }

beforeAll(async () => {
  db = await openTestDatabase()
})
afterAll(() => db.close())
beforeEach(async () => {
  workspace = await createWorkspace(db)
  const node = await workspace.addNode('match-01')
  const event = await workspace.addGroup('Spring Major', [], { kind: 'event' })
  const match = await workspace.addGroup('Match 1', [node.id], { parentId: event })
  groups = { event, match, other: await workspace.addGroup('Match 2', [(await workspace.addNode('match-02')).id]) }
  const report = simulatedReport()
  incidentId = report.id
  const told = { atUs: 1, kind: 'opened' as const, text: 'opened' }
  await openIncident({ ctx: node.ctx, input: { nodeId: node.id, event: told, report } })
  await addNote({ ctx: await workspace.as('operator'), input: { incidentId, text: 'Called the provider.' } })
  const given = { incidentId, nodeId: formatId('nd', node.id), key: node.key, onsetUs: 1, before: [], during: [] }
  const { bundle, signed } = createEvidenceBundle(given).body
  await registerEvidence({ ctx: node.ctx, input: { nodeId: node.id, incidentId, bundle, signed } })
})

const told = async (edition: Edition, role: Role, groupId?: string): Promise<Report['incidents'][number]> => {
  const { incidents } = await getIncidentReport({
    ctx: await workspace.as(role, groupId),
    input: { incidentId, edition },
  })
  return incidents[0]!
}

const SPAN = { fromMs: Date.now() - 3_600_000, toMs: Date.now() + 3_600_000 }
const ofGroup = async (edition: Edition, role: Role, groupId: string | null, granted?: string) =>
  getGroupReport({ ctx: await workspace.as(role, granted), input: { groupId, edition, ...SPAN } })

describe('the report of an incident', () => {
  it('holds evidence for whoever may take it, and for nobody else', async () => {
    expect((await told('league', 'official')).evidence).toHaveLength(1)
    expect((await told('league', 'team_manager')).evidence).toBeNull()
  })

  it('holds deliveries for readers of the whole workspace, and notes for readers of incidents', async () => {
    const analyst = await told('retrospective', 'analyst')
    expect(analyst.deliveries).toEqual([])
    expect(analyst.notes).toHaveLength(1)
    expect((await told('retrospective', 'official')).deliveries).toBeNull()
  })

  it('has notes and deliveries for those who want to do better alone, and nothing from within for a sponsor', async () => {
    expect(await told('league', 'owner')).toMatchObject({ notes: null, deliveries: null, feedback: null })
    const empty = { timeline: [], mitigations: [], samples: [], evidence: null, sources: null, notes: null }
    expect(await told('sponsor', 'owner')).toMatchObject(empty)
  })

  it('is a sponsor’s for a broadcaster, and refused in the other editions', async () => {
    expect(await told('sponsor', 'broadcaster', groups.event)).toMatchObject({ evidence: null, mitigations: [] })
    for (const edition of ['league', 'retrospective'] as const)
      await expect(told(edition, 'broadcaster')).rejects.toMatchObject({ code: 'forbidden' })
    await expect(told('sponsor', 'broadcaster', groups.other)).rejects.toMatchObject({ code: 'forbidden' })
  })

  it('names no group that the reader was not given', async () => {
    expect((await told('league', 'official', groups.match)).places).toEqual(['Match 1'])
    expect((await told('league', 'official', groups.event)).places).toEqual(['Spring Major', 'Match 1'])
  })
})

describe('the report of a span', () => {
  it('tells what lies in the group and below it, and counts its servers', async () => {
    expect(await ofGroup('league', 'owner', groups.event)).toMatchObject({
      nodeCount: 1,
      incidents: [{ id: incidentId }],
    })
    expect(await ofGroup('league', 'owner', groups.other)).toMatchObject({ nodeCount: 1, incidents: [] })
    expect(await ofGroup('league', 'owner', null)).toMatchObject({ nodeCount: 2, incidents: [{ id: incidentId }] })
  })

  it('of everything is of everything one was given', async () => {
    expect((await ofGroup('league', 'official', null, groups.other)).incidents).toEqual([])
    expect((await ofGroup('league', 'official', null, groups.match)).incidents).toHaveLength(1)
    const refused = ofGroup('league', 'official', groups.match, groups.other)
    await expect(refused).rejects.toMatchObject({ code: 'forbidden' })
  })

  it('refuses a span that ends before it begins or goes on for years', async () => {
    const owner = await workspace.as('owner')
    for (const [fromMs, toMs] of [
      [2, 1],
      [0, 500 * 86_400_000],
    ] as const) {
      const input = { groupId: null, edition: 'league' as const, fromMs, toMs }
      await expect(getGroupReport({ ctx: owner, input })).rejects.toMatchObject({ code: 'validation' })
    }
  })
})
