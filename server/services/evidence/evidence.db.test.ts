import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { formatId } from '../../core/ids'
import { simulatedBundle, simulatedReport } from '../../testing/agent-simulator'
import { openTestDatabase, type TestDatabase } from '../../testing/database'
import { createWorkspace, type TestWorkspace } from '../../testing/factories'
import { openIncident } from '../incidents/open'
import { completeEvidenceUpload } from './complete-upload'
import { findAnnouncedEvidence } from './find-announced'
import { getEvidenceDownload } from './get-download'
import { listEvidence } from './list'
import { registerEvidence } from './register'

let db: TestDatabase
let workspace: TestWorkspace
let node: Awaited<ReturnType<TestWorkspace['addNode']>>
let incidentId: string
let announced: { nodeId: string; incidentId: string; bundle: { sha256: string; bytes: number } }

beforeAll(async () => {
  db = await openTestDatabase()
})
afterAll(() => db.close())
beforeEach(async () => {
  workspace = await createWorkspace(db)
  node = await workspace.addNode('match-01')
  const report = simulatedReport()
  incidentId = report.id
  const event = { atUs: 1, kind: 'opened' as const, text: 'opened' }
  await openIncident({ ctx: node.ctx, input: { nodeId: node.id, event, report } })
  const { body } = simulatedBundle(incidentId, formatId('nd', node.id), node.key)
  if (body.type !== 'evidence') throw new Error('not an announcement')
  const input = { nodeId: node.id, incidentId, bundle: body.bundle, signed: body.signed }
  announced = input
  await registerEvidence({ ctx: node.ctx, input })
  expect(await registerEvidence({ ctx: node.ctx, input })).toEqual({ isNew: false })
})

const upload = () => {
  const { nodeId, bundle } = announced
  return completeEvidenceUpload({ ctx: node.ctx, input: { nodeId, ...bundle, path: '/evidence/x' } })
}

describe('evidence', () => {
  it('is on the node until its upload is complete, then for download, with every hand in the custody log', async () => {
    const analyst = await workspace.as('analyst')
    const wanted = { ctx: analyst, input: { incidentId } }
    await expect(getEvidenceDownload(wanted)).rejects.toMatchObject({ code: 'conflict' })
    await upload()
    await upload()
    expect(await getEvidenceDownload(wanted)).toMatchObject({ path: '/evidence/x', sha256: announced.bundle.sha256 })
    const [evidence] = await listEvidence(wanted)
    expect(evidence).toMatchObject({ state: 'uploaded', bytes: announced.bundle.bytes })
    expect(evidence?.custody.map(({ action }) => action)).toEqual(['registered', 'uploaded', 'downloaded'])
    const audit = await db.sql("SELECT action FROM audit_entry WHERE workspace_id = $1 AND subject_kind = 'evidence'", [
      workspace.id,
    ])
    expect(audit).toHaveLength(3)
  })

  it('is taken only as announced by the same node', async () => {
    const { nodeId, bundle } = announced
    expect(await findAnnouncedEvidence({ ctx: node.ctx, input: { nodeId, sha256: bundle.sha256 } })).toEqual({
      bytes: bundle.bytes,
      isUploaded: false,
    })
    expect(await findAnnouncedEvidence({ ctx: node.ctx, input: { nodeId, sha256: '0'.repeat(64) } })).toBeNull()
    const wrong = { nodeId, sha256: bundle.sha256, bytes: bundle.bytes + 1, path: '/evidence/x' }
    await expect(completeEvidenceUpload({ ctx: node.ctx, input: wrong })).rejects.toMatchObject({ code: 'not_found' })
    const stranger = await workspace.addNode('match-02')
    const theirs = { ...wrong, nodeId: stranger.id, bytes: bundle.bytes }
    await expect(completeEvidenceUpload({ ctx: stranger.ctx, input: theirs })).rejects.toMatchObject({
      code: 'not_found',
    })
  })

  it('is not found from another workspace and forbidden to a role that may not download', async () => {
    await upload()
    const elsewhere = await (await createWorkspace(db)).as('owner')
    await expect(getEvidenceDownload({ ctx: elsewhere, input: { incidentId } })).rejects.toMatchObject({
      code: 'not_found',
    })
    const broadcaster = await workspace.as('broadcaster')
    await expect(getEvidenceDownload({ ctx: broadcaster, input: { incidentId } })).rejects.toMatchObject({
      code: 'forbidden',
    })
  })
})
