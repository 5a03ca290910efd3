import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { newId } from '../../core/ids'
import { HOUR_MS } from '../../core/units'
import { openTestDatabase, type TestDatabase } from '../../testing/database'
import { createWorkspace, type TestWorkspace } from '../../testing/factories'
import { createFakeClock } from '../../testing/fake-clock'
import type { Ctx } from '../context'
import { createGroup } from '../groups/create'
import { updateGroup } from '../groups/update'
import { listMembers } from '../members/list'
import { removeMember } from '../members/remove'
import { exportAudit } from './export'
import { type AuditPage, listAudit } from './list'

let db: TestDatabase
let workspace: TestWorkspace
let owner: Ctx
let group: string
let node: string
const clock = createFakeClock()
const startMs = clock.now()
beforeAll(async () => {
  db = await openTestDatabase()
  workspace = await createWorkspace(db, clock)
  owner = await workspace.as('owner')
  const leaver = await workspace.as('admin')
  node = (await workspace.addNode('match-01')).id
  clock.advance(HOUR_MS)
  group = (await createGroup({ ctx: leaver, input: { kind: 'match', name: '100 % Cup_1', parentId: null } })).id
  clock.advance(HOUR_MS)
  await updateGroup({ ctx: owner, input: { id: group, kind: 'match', name: 'Final', parentId: null } })
  const member = (await listMembers({ ctx: owner })).at(-1)
  await db.sql('UPDATE user_account SET name = $1 WHERE id = $2', ['Leo Leaver', member?.userId])
  await removeMember({ ctx: owner, input: { id: member?.id as string } })
})
afterAll(() => db.close())

const list = (input: Parameters<typeof listAudit>[0]['input'] = {}) => listAudit({ ctx: owner, input })
const actions = async (input: Parameters<typeof listAudit>[0]['input']) =>
  (await list(input)).entries.map(({ action }) => action)

describe('the log', () => {
  it('is read page by page, newest first, every row once', async () => {
    const first = await list({ limit: 2 })
    const rest = await list({ limit: 100, beforeSeq: first.nextSeq })
    const all = await list()
    expect([...first.entries, ...rest.entries]).toEqual(all.entries)
    expect(all.entries.map(({ action }) => action)).toEqual([
      'member.remove',
      'group.update',
      'group.create',
      'node.enrol',
      'enrolment_token.create',
    ])
    expect([first.nextSeq, rest.nextSeq]).toEqual([4, null])
  })

  it('is narrowed by actor, action, subject and time', async () => {
    const { actor } = owner
    const id = actor.kind === 'user' ? actor.userId : ''
    expect(await actions({ actor: { kind: 'user', id } })).toEqual(['member.remove', 'group.update'])
    expect(await actions({ actor: { kind: 'agent' } })).toEqual(['node.enrol'])
    expect(await actions({ action: 'group' })).toEqual(['group.update', 'group.create'])
    expect(await actions({ action: 'group.create' })).toEqual(['group.create'])
    expect(await actions({ subject: { kind: 'node', id: node } })).toEqual(['node.enrol'])
    const [fromMs, untilMs] = [startMs + HOUR_MS, startMs + 2 * HOUR_MS]
    expect(await actions({ fromMs, untilMs })).toEqual(['group.create'])
  })

  it('is searched in names, actions and what was before and after, wildcards taken as they are', async () => {
    expect(await actions({ text: 'MATCH-01' })).toContain('node.enrol')
    expect(await actions({ text: 'leaver' })).toEqual(['member.remove', 'group.create'])
    expect(await actions({ text: '100 % cup_1' })).toEqual(['group.update', 'group.create'])
    expect(await actions({ text: 'cup%1' })).toEqual([])
    expect(await actions({ text: "'; DROP TABLE audit_entry; --" })).toEqual([])
    expect(await actions({ text: '<script>\\' })).toEqual([])
  })

  it('knows names for ids, of who has left as well', async () => {
    const { entries, names } = await list({ action: 'group.create' })
    expect(names.get(entries[0]?.actorId as string)).toBe('Leo Leaver')
    expect(names.get(group)).toBe('Final')
  })

  it('is not shown to those who may not read it, and holds nothing of another workspace', async () => {
    for (const role of ['official', 'broadcaster', 'billing'] as const)
      await expect(listAudit({ ctx: await workspace.as(role) }), role).rejects.toMatchObject({ code: 'forbidden' })
    const stranger = await (await createWorkspace(db)).as('owner')
    const found = await listAudit({ ctx: stranger, input: { text: 'match-01' } })
    expect(found).toEqual({ entries: [], names: new Map(), nextSeq: null })
  })
})

describe('an export', () => {
  const take = async (ctx: Ctx, more: object = {}) => {
    const pages: AuditPage[] = []
    for await (const page of await exportAudit({ ctx, input: { format: 'csv', ...more } })) pages.push(page)
    return pages.flatMap(({ entries }) => entries)
  }

  it('holds every row that fits, over page borders, and is itself written down first', async () => {
    const busy = await createWorkspace(db)
    const reader = await busy.as('analyst')
    await db.sql(
      `INSERT INTO audit_entry (workspace_id, id, actor_kind, actor_id, action, subject_kind, subject_id)
       SELECT $1, gen_random_uuid(), 'job', 'test', 'group.create', 'group', n::text FROM generate_series(1, 1203) n`,
      [busy.id],
    )
    const taken = await take(reader)
    expect(taken.map(({ seq }) => seq)).toEqual(Array.from({ length: 1_204 }, (_, place) => 1_204 - place))
    expect(taken[0]).toMatchObject({ action: 'audit.export', after: { format: 'csv' } })
    expect(await take(reader, { action: 'audit' })).toHaveLength(2)
  })

  it('is refused before the first row to whoever may not read the log', async () => {
    const official = await workspace.as('official')
    await expect(exportAudit({ ctx: official, input: { format: 'jsonl' } })).rejects.toMatchObject({
      code: 'forbidden',
    })
    expect(await actions({ action: 'audit', actor: { kind: 'user', id: newId() } })).toEqual([])
  })
})
