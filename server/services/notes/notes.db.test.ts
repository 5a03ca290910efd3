import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { newId } from '../../core/ids'
import { simulatedReport } from '../../testing/agent-simulator'
import { openTestDatabase, type TestDatabase } from '../../testing/database'
import { createWorkspace, type TestWorkspace } from '../../testing/factories'
import { createFakeClock } from '../../testing/fake-clock'
import type { Ctx } from '../context'
import { giveFeedback } from '../feedback/give'
import { listFeedback } from '../feedback/list'
import { withdrawFeedback } from '../feedback/withdraw'
import { openIncident } from '../incidents/open'
import { addNote } from './add'
import { editNote } from './edit'
import { listNotes } from './list'
import { removeNote } from './remove'
import { restoreNote } from './restore'

let db: TestDatabase
let workspace: TestWorkspace
let incidentId: string
let operator: Ctx
const clock = createFakeClock()

beforeAll(async () => {
  db = await openTestDatabase()
})
afterAll(() => db.close())
beforeEach(async () => {
  workspace = await createWorkspace(db, clock)
  const node = await workspace.addNode('match-01')
  const report = simulatedReport()
  incidentId = report.id
  const event = { atUs: 1, kind: 'opened' as const, text: 'opened' }
  await openIncident({ ctx: node.ctx, input: { nodeId: node.id, event, report } })
  operator = await workspace.as('operator')
})

const texts = async (ctx: Ctx = operator): Promise<string[]> =>
  (await listNotes({ ctx, input: { incidentId } })).map(({ text }) => text)

const actions = async (): Promise<unknown[]> =>
  (
    await db.sql(
      "SELECT action FROM audit_entry WHERE workspace_id = $1 AND action ~ '^(note|feedback)' ORDER BY at, id",
      [workspace.id],
    )
  ).map(({ action }) => action)

describe('notes', () => {
  it('are seen by whoever may read the incident, as they were typed', async () => {
    const text = '<script>alert(1)</script> ملاحظة 🌊\nsecond line'
    await addNote({ ctx: operator, input: { incidentId, text } })
    expect(await texts(await workspace.as('official'))).toEqual([text])
    await expect(texts(await workspace.as('broadcaster'))).rejects.toMatchObject({ code: 'forbidden' })
  })

  it('sent twice are one', async () => {
    const input = { incidentId, text: 'Called the provider.', id: newId() }
    await Promise.all([addNote({ ctx: operator, input }), addNote({ ctx: operator, input })])
    expect(await texts()).toEqual(['Called the provider.'])
    expect(await actions()).toEqual(['note.add'])
  })

  it('are edited, removed and brought back by their author alone, each time in the audit log', async () => {
    const { id } = await addNote({ ctx: operator, input: { incidentId, text: 'One.' } })
    const owner = await workspace.as('owner')
    for (const change of [
      () => editNote({ ctx: owner, input: { id, text: 'Two.' } }),
      () => removeNote({ ctx: owner, input: { id } }),
    ])
      await expect(change()).rejects.toMatchObject({ code: 'forbidden' })
    clock.advance(1_000)
    await editNote({ ctx: operator, input: { id, text: 'Two.' } })
    expect((await listNotes({ ctx: owner, input: { incidentId } }))[0]).toMatchObject({
      text: 'Two.',
      editedAt: expect.any(Date),
    })
    clock.advance(1_000)
    await removeNote({ ctx: operator, input: { id } })
    await removeNote({ ctx: operator, input: { id } })
    expect(await texts()).toEqual([])
    await expect(editNote({ ctx: operator, input: { id, text: 'Three.' } })).rejects.toMatchObject({ code: 'conflict' })
    clock.advance(1_000)
    await restoreNote({ ctx: operator, input: { id } })
    expect(await texts()).toEqual(['Two.'])
    expect(await actions()).toEqual(['note.add', 'note.edit', 'note.remove', 'note.restore'])
  })

  it('that were removed are gone for good after ten minutes, their text with them', async () => {
    const first = await addNote({ ctx: operator, input: { incidentId, text: 'A name that should not stand here.' } })
    await removeNote({ ctx: operator, input: { id: first.id } })
    clock.advance(10 * 60_000 + 1_000)
    await expect(restoreNote({ ctx: operator, input: { id: first.id } })).rejects.toMatchObject({ code: 'conflict' })
    const second = await addNote({ ctx: operator, input: { incidentId, text: 'Another.' } })
    await removeNote({ ctx: operator, input: { id: second.id } })
    const [row] = await db.sql('SELECT text FROM incident_note WHERE id = $1', [first.id])
    expect(row).toEqual({ text: '' })
  })

  it('are refused when empty or endless', async () => {
    for (const text of ['', '  \n', 'x'.repeat(4_001)])
      await expect(addNote({ ctx: operator, input: { incidentId, text } })).rejects.toMatchObject({
        code: 'validation',
      })
  })
})

describe('feedback', () => {
  it('is one word a person, replaced by the next and taken back, and changes nothing but itself', async () => {
    const before = await db.sql('SELECT state, revision, report FROM incident WHERE id = $1', [incidentId])
    await giveFeedback({ ctx: operator, input: { incidentId, verdict: 'audience', text: 'Gates opened.' } })
    await giveFeedback({ ctx: operator, input: { incidentId, verdict: 'misnamed', vectorId: 'dns_amp' } })
    await giveFeedback({ ctx: await workspace.as('owner'), input: { incidentId, verdict: 'attack' } })
    const said = await listFeedback({ ctx: await workspace.as('team_manager'), input: { incidentId } })
    expect(said.map(({ verdict, vectorId }) => [verdict, vectorId]).sort()).toEqual([
      ['attack', null],
      ['misnamed', 'dns_amp'],
    ])
    await withdrawFeedback({ ctx: operator, input: { incidentId } })
    expect(await listFeedback({ ctx: operator, input: { incidentId } })).toHaveLength(1)
    expect(await db.sql('SELECT state, revision, report FROM incident WHERE id = $1', [incidentId])).toEqual(before)
  })

  it('gives a name only to what was named wrongly', async () => {
    const input = { incidentId, verdict: 'audience', vectorId: 'dns_amp' } as const
    await expect(giveFeedback({ ctx: operator, input })).rejects.toMatchObject({
      code: 'validation',
      field: 'vectorId',
    })
  })
})
