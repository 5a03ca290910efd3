import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { openTestDatabase, type TestDatabase } from '../../testing/database'
import { createWorkspace, type TestWorkspace } from '../../testing/factories'
import type { Ctx } from '../context'
import { listNodes } from '../nodes/list'
import { archiveGroup } from './archive'
import { createGroup } from './create'
import { listGroups } from './list'
import { setGroupNodes } from './set-nodes'
import { updateGroup } from './update'

let db: TestDatabase
let workspace: TestWorkspace
let admin: Ctx
beforeAll(async () => {
  db = await openTestDatabase()
})
afterAll(() => db.close())
beforeEach(async () => {
  workspace = await createWorkspace(db)
  admin = await workspace.as('admin')
})

const add = (name: string, kind: 'event' | 'stage' | 'match' = 'match', parentId: string | null = null) =>
  createGroup({ ctx: admin, input: { kind, name, parentId } })

describe('groups', () => {
  it('lie in one another, and hold the nodes they are given', async () => {
    const node = await workspace.addNode('match-01')
    const event = await add('Spring Major', 'event')
    const match = await add('Match 1', 'match', event.id)
    await setGroupNodes({ ctx: admin, input: { id: match.id, nodeIds: [node.id] } })
    const listed = await listGroups({ ctx: admin })
    expect(listed).toEqual([
      { id: match.id, parentId: event.id, kind: 'match', name: 'Match 1', nodeIds: [node.id] },
      { id: event.id, parentId: null, kind: 'event', name: 'Spring Major', nodeIds: [] },
    ])
    await setGroupNodes({ ctx: admin, input: { id: match.id, nodeIds: [] } })
    expect((await listGroups({ ctx: admin }))[0]?.nodeIds).toEqual([])
  })

  it('of one kind and name do not stand beside each other; under another group, or once archived, they may', async () => {
    const [one, two] = [await add('A', 'event'), await add('B', 'event')]
    const first = await add('Match 1', 'match', one.id)
    await expect(add('Match 1', 'match', one.id)).rejects.toMatchObject({ code: 'conflict' })
    await expect(add('Match 1', 'match', two.id)).resolves.toBeDefined()
    const moved = updateGroup({ ctx: admin, input: { id: first.id, parentId: two.id } })
    await expect(moved).rejects.toMatchObject({ code: 'conflict' })
    await archiveGroup({ ctx: admin, input: { id: first.id } })
    await expect(add('Match 1', 'match', one.id)).resolves.toBeDefined()
  })

  it('cannot lie in themselves, nor in one that lies in them', async () => {
    const [outer] = [await add('Outer', 'event')]
    const inner = await add('Inner', 'stage', outer.id)
    const move = (id: string, parentId: string) => updateGroup({ ctx: admin, input: { id, parentId } })
    await expect(move(outer.id, outer.id)).rejects.toMatchObject({ code: 'validation' })
    await expect(move(outer.id, inner.id)).rejects.toMatchObject({ code: 'validation' })
    await expect(move(inner.id, outer.id)).resolves.toBeUndefined()
  })

  it('take the groups in them along when they are archived, and leave the nodes in the fleet', async () => {
    const node = await workspace.addNode('match-01')
    const event = await add('Spring Major', 'event')
    const match = await add('Match 1', 'match', event.id)
    await setGroupNodes({ ctx: admin, input: { id: match.id, nodeIds: [node.id] } })
    await archiveGroup({ ctx: admin, input: { id: event.id } })
    expect(await listGroups({ ctx: admin })).toEqual([])
    expect((await listNodes({ ctx: admin })).map(({ id }) => id)).toEqual([node.id])
    await expect(archiveGroup({ ctx: admin, input: { id: match.id } })).rejects.toMatchObject({ code: 'not_found' })
  })

  it('take no node, and lie in no group, of another workspace', async () => {
    const foreign = await createWorkspace(db)
    const stranger = await foreign.addNode('match-01')
    const elsewhere = await foreign.addGroup('Theirs')
    const own = await add('Ours')
    const take = setGroupNodes({ ctx: admin, input: { id: own.id, nodeIds: [stranger.id] } })
    await expect(take).rejects.toMatchObject({ code: 'not_found' })
    await expect(add('Under theirs', 'match', elsewhere)).rejects.toMatchObject({ code: 'not_found' })
    const rename = updateGroup({ ctx: admin, input: { id: elsewhere, name: 'Mine' } })
    await expect(rename).rejects.toMatchObject({ code: 'not_found' })
  })

  it.each(['', '   ', 'a\u0000b', 'x'.repeat(81)])('refuse the name %j', async (name) => {
    await expect(add(name)).rejects.toMatchObject({ code: 'validation', field: 'name' })
  })
})
