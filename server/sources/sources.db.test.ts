import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pino } from 'pino'
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest'
import { formatId, newId } from '../core/ids'
import { claimSources } from '../db/source-doors'
import { completeEvidenceUpload } from '../services/evidence/complete-upload'
import { registerEvidence } from '../services/evidence/register'
import { openIncident } from '../services/incidents/open'
import { getSources } from '../services/sources/get'
import { recordSources } from '../services/sources/record'
import { simulatedReport } from '../testing/agent-simulator'
import { openTestDatabase, type TestDatabase } from '../testing/database'
import { createEvidenceBundle } from '../testing/evidence-bundle'
import { createWorkspace, type TestWorkspace } from '../testing/factories'
import { createFakeClock } from '../testing/fake-clock'
import { startSourceReading } from './start'

let db: TestDatabase
let folder: string
let workspace: TestWorkspace
let incidentId: string
const clock = createFakeClock()
const log = pino({ level: 'silent' })

beforeAll(async () => {
  db = await openTestDatabase()
  folder = mkdtempSync(join(tmpdir(), 'sources-'))
})
afterAll(async () => {
  await db.close()
  rmSync(folder, { recursive: true })
})
beforeEach(async () => {
  // Bundles of the test before are nobody's any more.
  await db.sql('DELETE FROM evidence')
  workspace = await createWorkspace(db, clock)
})

/** A bundle of packets from one address, uploaded; `content` in place of what the node signed. */
async function upload(content?: string): Promise<void> {
  const node = await workspace.addNode(`node-${newId().slice(-12)}`)
  const report = simulatedReport()
  incidentId = report.id
  const event = { atUs: 1, kind: 'opened' as const, text: 'opened' }
  await openIncident({ ctx: node.ctx, input: { nodeId: node.id, event, report } })
  const during = Array.from({ length: 5 }, () => ({ from: '8.8.8.8', to: '203.0.113.10' }))
  const given = { incidentId, nodeId: formatId('nd', node.id), key: node.key, onsetUs: 60_000_000, before: [], during }
  const bundle = createEvidenceBundle(given)
  const { signed } = bundle.body
  await registerEvidence({ ctx: node.ctx, input: { nodeId: node.id, incidentId, bundle: bundle.body.bundle, signed } })
  const path = join(folder, bundle.sha256)
  writeFileSync(path, content ?? bundle.content)
  await completeEvidenceUpload({ ctx: node.ctx, input: { nodeId: node.id, ...bundle.body.bundle, path } })
}

const sources = async (role: 'team_manager' | 'broadcaster' | 'official' = 'official') =>
  getSources({ ctx: await workspace.as(role), input: { incidentId } })

const claim = () => claimSources(db.app, { limit: 5, nowMs: clock.now(), leaseMs: 60_000 })

describe('sources of an uploaded bundle', () => {
  it('are read once the gateway runs, and shown to whoever may read evidence', async () => {
    await upload()
    expect(await sources()).toMatchObject({ state: 'waiting', counts: [] })
    const reading = startSourceReading({ db: db.app, tables: '', clock, log })
    await vi.waitFor(async () => expect((await sources())?.state).toBe('read'), { timeout: 20_000 })
    await reading.stop()
    const map = await sources('team_manager')
    expect(map?.totals).toMatchObject({ packets: 5, addresses: 1 })
    expect(map?.counts).toContainEqual({ kind: 'prefix', key: '8.8.8.0/24', name: null, packets: 5, addresses: 1 })
    await expect(sources('broadcaster')).rejects.toMatchObject({ code: 'forbidden' })
    const stranger = await (await createWorkspace(db)).as('owner')
    await expect(getSources({ ctx: stranger, input: { incidentId } })).rejects.toMatchObject({ code: 'not_found' })
  })

  it('of a bundle that cannot be read are not tried for ever: why is said', async () => {
    await upload('noise')
    const reading = startSourceReading({ db: db.app, tables: '', clock, log })
    await vi.waitFor(async () => expect((await sources())?.state).toBe('unreadable'), { timeout: 20_000 })
    await reading.stop()
    expect((await sources())?.problem).toBe('The bundle is not an archive.')
    expect(await claim()).toEqual([])
  })

  it('are read by one of several gateways, and by another when that one died', async () => {
    await upload()
    const claims = await Promise.all([claim(), claim()])
    expect(claims.flat()).toHaveLength(1)
    expect(await claim()).toEqual([])
    clock.advance(61_000)
    expect(await claim()).toMatchObject([{ attempts: 2 }])
  })

  it('are written by nobody but the platform', async () => {
    await upload()
    const [claimed] = await claim()
    const result = { state: 'unreadable', problem: 'so I say' } as const
    const forged = recordSources({
      ctx: await workspace.as('owner'),
      input: { evidenceId: claimed!.evidenceId, result },
    })
    await expect(forged).rejects.toMatchObject({ code: 'forbidden' })
  })
})
