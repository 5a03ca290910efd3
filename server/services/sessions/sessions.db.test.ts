import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { findUserForSignIn } from '../../db/doors'
import { openTestDatabase, type TestDatabase } from '../../testing/database'
import { createUser, createWorkspace } from '../../testing/factories'
import { createFakeClock } from '../../testing/fake-clock'
import { getMembership } from '../members/get-for-user'
import { createSession } from './create'
import { endOwnSession } from './end'
import { getSession } from './get'
import { handleOf, listSessions } from './list'
import { revokeSession } from './revoke'

let db: TestDatabase
const clock = createFakeClock()

beforeAll(async () => {
  db = await openTestDatabase()
})
afterAll(() => db.close())

async function signIn() {
  const user = await createUser(db, 'hash')
  const id = await createSession({ db: db.app, clock, userId: user.id, host: 'a.example', lifeMs: 60_000 })
  return { user, id }
}

describe('session', () => {
  it('lives until its time', async () => {
    const { user, id } = await signIn()
    expect(await getSession({ db: db.app, clock, id })).toMatchObject({ userId: user.id, host: 'a.example' })
    clock.advance(60_000)
    expect(await getSession({ db: db.app, clock, id })).toBeNull()
  })

  it('ends at once when it is revoked, and only once', async () => {
    const { id } = await signIn()
    expect(await revokeSession({ db: db.app, clock, id })).toBe(true)
    expect(await getSession({ db: db.app, clock, id })).toBeNull()
    expect(await revokeSession({ db: db.app, clock, id })).toBe(false)
  })

  it('is begun with an e-mail address in whatever case it is typed', async () => {
    const { user } = await signIn()
    expect(await findUserForSignIn(db.app, ` ${user.email.toUpperCase()}`)).toMatchObject({
      id: user.id,
      passwordHash: 'hash',
    })
    expect(await findUserForSignIn(db.app, 'nobody@example.org')).toBeNull()
  })
})

describe('sessions of a person', () => {
  it('are listed without their ids, and end one by one or all others at once', async () => {
    const { user, id } = await signIn()
    const userAgent = 'Firefox on Linux'
    const more = { db: db.app, clock, userId: user.id, host: 'a.example', lifeMs: 60_000 }
    const [second, third] = [await createSession({ ...more, userAgent }), await createSession(more)]
    const asks = { db: db.app, clock, userId: user.id, boundTo: null, sessionId: id }
    const listed = await listSessions(asks)
    expect(listed).toHaveLength(3)
    expect(JSON.stringify(listed)).not.toMatch(new RegExp([id, second, third].join('|')))
    expect(listed.filter(({ isThis }) => isThis)).toHaveLength(1)
    expect(listed.map((one) => one.userAgent)).toContain(userAgent)
    await endOwnSession({ ...asks, input: { handle: handleOf(second) } })
    expect(await getSession({ db: db.app, clock, id: second })).toBeNull()
    expect(await endOwnSession({ ...asks, input: { handle: null } })).toEqual({ ended: 1 })
    expect(await getSession({ db: db.app, clock, id: third })).toBeNull()
    expect(await getSession({ db: db.app, clock, id })).not.toBeNull()
  })

  it('of somebody else cannot be ended', async () => {
    const [own, other] = [await signIn(), await signIn()]
    const asks = { db: db.app, clock, userId: own.user.id, boundTo: null, sessionId: own.id }
    const end = endOwnSession({ ...asks, input: { handle: handleOf(other.id) } })
    await expect(end).rejects.toMatchObject({ code: 'not_found' })
    expect(await getSession({ db: db.app, clock, id: other.id })).not.toBeNull()
  })
})

describe('membership', () => {
  it('opens the workspaces a person belongs to; others do not exist for them', async () => {
    const own = await createWorkspace(db)
    const foreign = await createWorkspace(db)
    const { actor } = await own.as('analyst')
    const userId = actor.kind === 'user' ? actor.userId : ''
    const membership = await getMembership({ db: db.app, input: { userId, boundTo: null, slug: own.slug } })
    expect(membership).toMatchObject({ workspaceId: own.id, grants: [{ role: 'analyst', groupId: null }] })
    const other = getMembership({ db: db.app, input: { userId, boundTo: null, slug: foreign.slug } })
    await expect(other).rejects.toMatchObject({ code: 'not_found' })
  })
})
