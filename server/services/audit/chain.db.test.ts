import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { newId } from '../../core/ids'
import { inWorkspace } from '../../db/tenant'
import { simulatedReport } from '../../testing/agent-simulator'
import { openTestDatabase, type TestDatabase } from '../../testing/database'
import { createWorkspace, type TestWorkspace } from '../../testing/factories'
import type { Ctx } from '../context'
import { createGroup } from '../groups/create'
import { openIncident } from '../incidents/open'
import { inLane } from '../lane'
import { writeAudit } from '../write-audit'
import { listAudit } from './list'
import { verifyAudit } from './verify'

let db: TestDatabase
let workspace: TestWorkspace
let analyst: Ctx
beforeAll(async () => {
  db = await openTestDatabase()
})
afterAll(() => db.close())
beforeEach(async () => {
  workspace = await createWorkspace(db)
  analyst = await workspace.as('analyst')
})

const note = (name: string, ctx: Ctx = workspace.asJob) =>
  createGroup({ ctx, input: { kind: 'match', name, parentId: null } })
const links = () =>
  db.sql<{ seq: string; prev_hash: string; hash: string; id: string }>(
    'SELECT seq, prev_hash, hash, id FROM audit_entry WHERE workspace_id = $1 ORDER BY seq',
    [workspace.id],
  )
const verify = () => verifyAudit({ ctx: analyst })
/** What the owner of the tables does, whom no right holds back. */
const tamper = (sql: string) => db.sql(sql, [workspace.id])

describe('the chain', () => {
  it('links every row to the one before it, and holds when it is reckoned again', async () => {
    for (const name of ['a', 'b', 'c']) await note(name)
    const rows = await links()
    expect(rows.map(({ seq }) => Number(seq))).toEqual([1, 2, 3])
    expect(rows[0]?.prev_hash).toBe('0'.repeat(64))
    expect(rows.slice(1).map(({ prev_hash }) => prev_hash)).toEqual(rows.slice(0, -1).map(({ hash }) => hash))
    expect(await verify()).toEqual({ checked: 3, head: { seq: 3, hash: rows[2]?.hash }, broken: null })
  })

  it('has one order under many writers at once, doors in SQL and incidents among them', async () => {
    const nodes = await Promise.all([1, 2, 3, 4].map((n) => workspace.addNode(`match-0${n}`)))
    const opened = nodes.map((node) => {
      const report = simulatedReport()
      const event = { atUs: report.stages.detectedUs, kind: 'opened', text: 'A flood.' } as const
      return inLane(node.ctx, { nodeId: node.id, lane: 'incidents', seq: 1, hash: 'h' }, (ctx) =>
        openIncident({ ctx, input: { nodeId: node.id, event, report } }),
      )
    })
    await Promise.all([...opened, ...[1, 2, 3, 4].map((n) => note(`group ${n}`))])
    const actions = (await listAudit({ ctx: analyst })).entries.map(({ action }) => action)
    expect(actions.filter((action) => action === 'node.enrol')).toHaveLength(4)
    expect(actions.filter((action) => action === 'incident.open')).toHaveLength(4)
    expect(await verify()).toMatchObject({ checked: 16, broken: null })
  })

  it('is each workspace’s own, and empty where nothing happened', async () => {
    await note('here')
    const other = await createWorkspace(db)
    expect(await verifyAudit({ ctx: await other.as('analyst') })).toMatchObject({ checked: 0, broken: null })
    await note('there', other.asJob)
    expect((await links()).map(({ seq }) => Number(seq))).toEqual([1])
  })

  it('has no place for a row that was rolled back', async () => {
    const gone = inWorkspace(db.app, workspace.id, async (tx) => {
      await writeAudit(tx, workspace.asJob, { action: 'group.create', subject: { kind: 'group', id: newId() } })
      throw new Error('given up')
    })
    await expect(gone).rejects.toThrow('given up')
    await note('after')
    expect(await verify()).toMatchObject({ checked: 1, broken: null })
  })

  it('keeps writers in one transaction from waiting for each other before they commit', async () => {
    let release = (): void => {}
    const holds = new Promise<void>((done) => {
      release = done
    })
    const slow = inWorkspace(db.app, workspace.id, async (tx) => {
      await writeAudit(tx, workspace.asJob, { action: 'group.create', subject: { kind: 'group', id: newId() } })
      await holds
    })
    await note('meanwhile')
    release()
    await slow
    expect(await verify()).toMatchObject({ checked: 2, broken: null })
  })
})

describe('what was tampered with past all rights', () => {
  beforeEach(async () => {
    for (const name of ['a', 'b', 'c', 'd']) await note(name)
  })
  const second = async () => (await links())[1]?.id

  it.each([
    ['an actor', "actor_id = 'somebody else'"],
    ['what came after', `after = jsonb_set(after, '{name}', '"x"')`],
    ['a time', "at = at + interval '1 microsecond'"],
    ['an action', "action = 'group.archive'"],
    ['a hash', 'hash = reverse(hash)'],
  ])('%s that was changed names its row', async (_what, change) => {
    const id = await second()
    await tamper(`UPDATE audit_entry SET ${change} WHERE workspace_id = $1 AND seq = 2`)
    expect(await verify()).toMatchObject({ checked: 1, broken: { fault: 'changed', seq: 2, id } })
  })

  it('a row taken out names the one behind the gap', async () => {
    await tamper('DELETE FROM audit_entry WHERE workspace_id = $1 AND seq = 2')
    expect(await verify()).toMatchObject({ checked: 2, broken: { fault: 'missing', seq: 3 } })
  })

  it('a row rewritten with a fitting hash of its own breaks at the next', async () => {
    await tamper(`UPDATE audit_entry e SET actor_id = 'x' WHERE workspace_id = $1 AND seq = 2`)
    await tamper('UPDATE audit_entry e SET hash = audit_hash(e, seq, prev_hash) WHERE workspace_id = $1 AND seq = 2')
    expect(await verify()).toMatchObject({ checked: 2, broken: { fault: 'unlinked', seq: 3 } })
  })

  it('rows cut off at the end are missed', async () => {
    await tamper('DELETE FROM audit_entry WHERE workspace_id = $1 AND seq >= 3')
    expect(await verify()).toMatchObject({ checked: 2, broken: { fault: 'cut', seq: 3, id: null } })
  })

  it('a row put in past the chain is found', async () => {
    await db.sql('ALTER TABLE audit_entry DISABLE TRIGGER audit_chain')
    const id = newId()
    await db.sql(
      `INSERT INTO audit_entry (workspace_id, id, actor_kind, actor_id, action, subject_kind, subject_id)
       VALUES ($1, $2, 'job', 'x', 'group.create', 'group', 'y')`,
      [workspace.id, id],
    )
    await db.sql('ALTER TABLE audit_entry ENABLE TRIGGER audit_chain')
    expect(await verify()).toMatchObject({ broken: { fault: 'unchained', id } })
  })
})

describe('rights on the log', () => {
  it('refuse checking it to whoever may not read it', async () => {
    await expect(verifyAudit({ ctx: await workspace.as('official') })).rejects.toMatchObject({ code: 'forbidden' })
  })

  it('let the app role write neither the head nor a link', async () => {
    for (const sql of [
      "UPDATE audit_head SET hash = 'x'",
      'DELETE FROM audit_head',
      "UPDATE audit_entry SET hash = 'x'",
    ])
      await expect(db.app.pool.query(sql), sql).rejects.toMatchObject({ code: '42501' })
  })
})
