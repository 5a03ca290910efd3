import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { IncidentReport } from '../../../wire/incident'
import { DAY_MS, MINUTE_MS, SECOND_MS } from '../../core/units'
import { createSampleStore } from '../../db/samples'
import { simulatedReport, simulatedSample } from '../../testing/agent-simulator'
import { openTestDatabase, type TestDatabase } from '../../testing/database'
import { createWorkspace, type TestWorkspace } from '../../testing/factories'
import { createFakeClock } from '../../testing/fake-clock'
import type { Ctx } from '../context'
import { getIncident } from '../incidents/get'
import { recordIncident } from '../incidents/record'
import { policiesForNodes } from './for-nodes'
import { reviewPolicy } from './review'
import { savePolicy } from './save'
import { BUILT_IN, type PolicySettings } from './settings'
import { stopMitigation } from './stop'

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
const _stop = (scope: Where, ctx = admin) =>
  stopMitigation({ ctx, input: { scope, minutes: 15, reason: 'players are lost' } })

describe('preview', () => {
  const flood = async (atMs: number, part: Partial<IncidentReport> = {}, on = node) => {
    const base = simulatedReport({}, atMs * 1_000)
    const [rule] = base.rules
    const dns = { ...rule!, id: 'c1', vectorId: 'dns_amp', basis: 'certain', packets: 50_000 } as const
    const stages = { ...base.stages, endingUs: atMs * 1_000 + 10_000_000, resolvedUs: atMs * 1_000 + 35_000_000 }
    const report = { ...base, state: 'resolved', rules: [dns], stages, ...part } as IncidentReport
    const event = { atUs: stages.detectedUs, kind: 'opened', text: 'A flood.' } as const
    await recordIncident({ ctx: on.ctx, input: { nodeId: on.id, event, report } })
    return report
  }
  const review = async (part: Partial<PolicySettings> | null, scope: Where = {}) =>
    (await reviewPolicy({ ctx: admin, input: { scope, settings: part && { ...BUILT_IN, ...part } } })).preview

  it('tells of each incident of 30 days what the draft would have done otherwise, in packets', async () => {
    const report = await flood(clock.now() - DAY_MS)
    await flood(clock.now() - 31 * DAY_MS)
    const same = await review({ holdMs: 30_000 })
    expect(same).toMatchObject({ days: 30, nodes: 1, incidents: 1, differingCount: 0, dropped: 50_000 })
    const observed = await review({ vectors: { dns_amp: 'observe' } })
    expect(observed).toMatchObject({ differingCount: 1, dropped: 50_000, wouldDrop: { low: 0, high: 0 } })
    expect(observed.differing).toMatchObject([
      { id: report.id, nodeName: 'match-01', peakPps: 120_000, rules: [{ was: 'drop', would: ['observe'] }] },
    ])
  })

  it('looks at the nodes that would take the policy, and at no others', async () => {
    const other = await workspace.addNode('match-02')
    const group = await workspace.addGroup('Match 2', [other.id])
    await flood(clock.now() - DAY_MS)
    expect(await review({ certain: 'limit' }, { groupId: group })).toMatchObject({ nodes: 1, incidents: 0 })
    await save({ groupId: group }, {})
    expect(await review({ certain: 'limit' })).toMatchObject({ nodes: 1, incidents: 1 })
  })

  it('judges by the policy that the incident froze, and leaves out what the kill switch let through', async () => {
    await save({}, { certain: 'limit', newSourcePps: 1_000 })
    const policy = { name: 'workspace', version: 1, id: (await onNode())?.id as string }
    const [limited] = simulatedReport().rules
    const rule = { ...limited!, vectorId: 'dns_amp', action: 'limit', packets: 5_000 } as const
    const report = await flood(clock.now() - DAY_MS, {
      policy,
      rules: [{ ...rule, removedUs: rule.installedUs + 4_000_000 }],
    })
    const frozen = (await getIncident({ ctx: admin, input: { id: report.id } })).policy
    expect(frozen).toMatchObject({ version: 1, settings: { certain: 'limit', newSourcePps: 1_000 }, groupId: null })
    // Held back 5,000; of what it let through, 4 s of 1,000 at most, the draft drops all.
    expect((await review({})).wouldDrop).toEqual({ low: 5_000, high: 9_000 })
    await flood(clock.now() - DAY_MS, { policy: { ...policy, stopped: true } })
    expect(await review({})).toMatchObject({ incidents: 2, stopped: 1, wouldDrop: { low: 5_000, high: 9_000 } })
  })

  it('counts incidents that another quiet time would have made one', async () => {
    await flood(clock.now() - DAY_MS)
    await flood(clock.now() - DAY_MS + 60_000)
    expect(await review({})).toMatchObject({ incidents: 2, merges: 0 })
    // The first fell quiet after 10 s; the second began 9 ms before its mark.
    expect(await review({ holdMs: 51_000 })).toMatchObject({ merges: 1 })
  })

  it('says how often all traffic was above the rate of new sources, in which resolution, and nothing without samples', async () => {
    expect((await review({})).pace).toBeNull()
    const store = createSampleStore(db.engine)
    const startMs = clock.now() - 10 * MINUTE_MS
    // One busy second is enough: a minute is known by its peak.
    const samples = [150, 250, 900].map((pps, minute) => simulatedSample(startMs + minute * MINUTE_MS + SECOND_MS, pps))
    await store.store([{ workspaceId: workspace.id, nodeId: node.id, seq: 1, hash: 'a', samples }])
    await store.rollUp(clock.now())
    expect((await review({})).pace).toEqual({ resolutionMs: 60 * SECOND_MS, spans: 3, above: 2 })
    expect((await review({ newSourcePps: 1_000 })).pace).toMatchObject({ above: 0 })
  })
})
