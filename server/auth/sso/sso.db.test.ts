import { randomUUID } from 'node:crypto'
import { decode, encode } from 'next-auth/jwt'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { createSealer } from '../../core/seal'
import { listAudit } from '../../services/audit/list'
import type { Ctx } from '../../services/context'
import { getMembership, listMemberships } from '../../services/members/get-for-user'
import { listMembers } from '../../services/members/list'
import { removeMember } from '../../services/members/remove'
import { endOwnSession } from '../../services/sessions/end'
import { getSession } from '../../services/sessions/get'
import { listSessions } from '../../services/sessions/list'
import { removeConnection, saveConnection } from '../../services/sign-in/save-connection'
import { openTestDatabase, type TestDatabase } from '../../testing/database'
import { createUser, createWorkspace, type TestWorkspace } from '../../testing/factories'
import { createFakeClock, type FakeClock } from '../../testing/fake-clock'
import { type IdentityProvider, type Person, startIdentityProvider } from '../../testing/identity-provider'
import { openAttempt, sealAttempt } from './attempt'
import { beginSso, finishSso, SsoRefused } from './enter'
import { createIssuerFetch } from './issuer-fetch'
import { testIssuer } from './test-issuer'

const origin = 'https://security.example.org'
const host = 'security.example.org'
const SEALER = createSealer(['a key of this test with thirty-two characters'])
const fetch = createIssuerFetch(['127.0.0.0/8'])

let db: TestDatabase
let provider: IdentityProvider
let clock: FakeClock
let workspace: TestWorkspace
let owner: Ctx
beforeAll(async () => {
  db = await openTestDatabase()
  provider = await startIdentityProvider([`${origin}/api/sso/callback`])
})
afterAll(async () => {
  await provider.close()
  await db.close()
})
beforeEach(async () => {
  clock = createFakeClock(Date.now())
  workspace = await createWorkspace(db, clock)
  owner = await workspace.as('owner')
  await connect()
})

const connect = (more: object = {}, ctx: Ctx = owner) => {
  const { issuer, clientId, clientSecret } = provider
  const input = { issuer, clientId, clientSecret, domains: ['league.example'], newcomerRole: null, ...more }
  return saveConnection({ ctx, input, sealer: SEALER })
}
const parts = () => ({ db: db.app, sealer: () => SEALER, fetch, clock })
const begin = (slug = workspace.slug) => beginSso(parts(), { slug, origin, to: '' })

let people = 0
const newPerson = (more: Partial<Person> = {}): Person => {
  const sub = `sub-${++people}`
  return { sub, email: `${sub}@league.example`, email_verified: true, name: `Person ${people}`, ...more }
}

/** From the sign-in page to the issuer and back. */
async function enter(person: Person, slug = workspace.slug): Promise<string> {
  provider.person = person
  const { url, attempt } = await begin(slug)
  const back = await provider.walk(url)
  return finishSso(parts(), { attempt, search: back.searchParams, origin, host })
}

async function fault(work: Promise<unknown>): Promise<string> {
  const error = await work.then(
    () => null,
    (thrown: unknown) => thrown,
  )
  if (error instanceof SsoRefused) return error.fault
  throw error ?? new Error('somebody was let in')
}

/** A member of the workspace with this address. */
async function memberWith(email: string, role: 'analyst' | 'admin' = 'analyst') {
  const ctx = await workspace.as(role)
  const userId = ctx.actor.kind === 'user' ? ctx.actor.userId : ''
  await db.sql('UPDATE user_account SET email = $1 WHERE id = $2', [email, userId])
  return userId
}

const sessionOf = (id: string) => getSession({ db: db.app, clock, id })

describe('signing in through a workspace’s own issuer', () => {
  it('knows a member by the proved address once, and by issuer and subject ever after', async () => {
    const person = newPerson()
    const userId = await memberWith(person.email as string)
    expect(await sessionOf(await enter(person))).toMatchObject({ userId, host, boundTo: workspace.id })
    const renamed = { ...person, email: 'other.name@league.example' }
    expect(await sessionOf(await enter(renamed))).toMatchObject({ userId })
    const actions = (await listAudit({ ctx: owner, input: { action: 'sign_in' } })).entries
    expect(actions.map(({ action }) => action)).toEqual([
      'sign_in.open',
      'sign_in.open',
      'sign_in.link',
      'sign_in.update',
    ])
    expect(JSON.stringify(actions)).not.toContain(provider.clientSecret)
  })

  it('makes an account for a newcomer with the role that was chosen, and none where none was', async () => {
    const person = newPerson({ name: 'Nova <script>' })
    expect(await fault(enter(person))).toBe('not_member')
    expect(await db.sql('SELECT 1 FROM user_account WHERE email = $1', [person.email])).toEqual([])
    await connect({ newcomerRole: 'analyst' })
    const session = await sessionOf(await enter(person))
    expect(session).toMatchObject({ email: person.email, name: 'Nova <script>' })
    const input = { userId: session?.userId as string, boundTo: workspace.id, slug: workspace.slug }
    expect(await getMembership({ db: db.app, clock, input })).toMatchObject({ grants: [{ role: 'analyst' }] })
    expect((await listAudit({ ctx: owner, input: { action: 'member.join' } })).entries).toHaveLength(1)
  })

  it('refuses an address that the issuer does not call verified, whatever else it says', async () => {
    await connect({ newcomerRole: 'analyst' })
    const known = newPerson()
    await memberWith(known.email as string)
    for (const more of [{ email_verified: false }, { email_verified: undefined }, { email: undefined }])
      expect(await fault(enter({ ...known, ...more })), JSON.stringify(more)).toBe('unverified')
    expect(await db.sql('SELECT 1 FROM sso_identity WHERE workspace_id = $1', [workspace.id])).toEqual([])
  })

  it.each([
    'x@elsewhere.example',
    'x@notleague.example',
    'x@league.example.evil.example',
    'x@league.example@evil.example',
  ])('refuses %s: the issuer may not vouch for that domain', async (email) => {
    await connect({ newcomerRole: 'analyst' })
    expect(await fault(enter(newPerson({ email })))).toBe('foreign_domain')
  })

  it('never lets an account in that is no member, though its address is proved', async () => {
    await connect({ newcomerRole: 'operator' })
    const stranger = await createUser(db)
    await db.sql("UPDATE user_account SET email = 'victim@league.example' WHERE id = $1", [stranger.id])
    expect(await fault(enter(newPerson({ email: 'victim@league.example' })))).toBe('not_member')
    expect(await db.sql('SELECT 1 FROM member WHERE user_id = $1', [stranger.id])).toEqual([])
  })

  it('refuses a second person with the address of a first: addresses are given away again', async () => {
    const person = newPerson()
    await memberWith(person.email as string)
    await enter(person)
    expect(await fault(enter({ ...person, sub: 'somebody else' }))).toBe('other_person')
  })

  it('ends with the membership, at once, and does not come back by itself', async () => {
    await connect({ newcomerRole: 'analyst' })
    const person = newPerson()
    const id = await enter(person)
    const userId = (await sessionOf(id))?.userId as string
    const member = (await listMembers({ ctx: owner })).find((one) => one.userId === userId)
    await removeMember({ ctx: owner, input: { id: member?.id as string } })
    const input = { userId, boundTo: workspace.id, slug: workspace.slug }
    await expect(getMembership({ db: db.app, clock, input })).rejects.toMatchObject({ code: 'not_found' })
    expect(await fault(enter(person))).toBe('not_member')
  })

  it('gives a session that is good in that workspace alone, shows and ends no other, and lasts a day', async () => {
    const person = newPerson()
    const userId = await memberWith(person.email as string)
    const other = await createWorkspace(db, clock)
    await db.sql('INSERT INTO member (workspace_id, id, user_id) VALUES ($1, gen_random_uuid(), $2)', [
      other.id,
      userId,
    ])
    await db.sql(
      `INSERT INTO member_grant (workspace_id, id, member_id, role, valid_from)
       SELECT workspace_id, gen_random_uuid(), id, 'owner', '2000-01-01' FROM member WHERE workspace_id = $1`,
      [other.id],
    )
    expect(await listMemberships({ db: db.app, clock, userId, boundTo: null })).toHaveLength(2)
    const sessionId = await enter(person)
    const { boundTo } = (await sessionOf(sessionId)) as { boundTo: string | null }
    const seen = await listMemberships({ db: db.app, clock, userId, boundTo })
    expect(seen.map(({ slug }) => slug)).toEqual([workspace.slug])
    await expect(
      getMembership({ db: db.app, clock, input: { userId, boundTo, slug: other.slug } }),
    ).rejects.toMatchObject({ code: 'not_found' })
    await db.sql(
      `INSERT INTO session (id, user_id, host, created_at, expires_at, last_seen_at)
       VALUES ('own', $1, 'h', now(), now() + interval '2 days', now())`,
      [userId],
    )
    const asks = { db: db.app, clock, userId, boundTo, sessionId }
    expect(await listSessions(asks)).toMatchObject([{ isThis: true }])
    expect(await endOwnSession({ ...asks, input: { handle: null } })).toEqual({ ended: 0 })
    expect(await sessionOf('own')).not.toBeNull()
    clock.advance(24 * 3_600_000)
    expect(await sessionOf(sessionId)).toBeNull()
  })
})

describe('what comes back from an issuer', () => {
  const back = async (person = newPerson()) => {
    await connect({ newcomerRole: 'analyst' })
    provider.person = person
    const { url, attempt } = await begin()
    return { attempt, search: (await provider.walk(url)).searchParams }
  }
  const finish = (given: Awaited<ReturnType<typeof back>>) => fault(finishSso(parts(), { ...given, origin, host }))

  it('is taken with the state of this try alone', async () => {
    const { attempt, search } = await back()
    expect(await finish({ attempt: { ...attempt, state: 'another' }, search })).toBe('stale')
    search.set('state', 'forged')
    expect(await finish({ attempt, search })).toBe('stale')
  })

  it('is taken with the nonce of this try alone', async () => {
    const { attempt, search } = await back()
    expect(await finish({ attempt: { ...attempt, nonce: 'of another try' }, search })).toBe('unproved')
  })

  it('is taken with the verifier of this try alone, so that a stolen code is worth nothing', async () => {
    const { attempt, search } = await back()
    const verifier = 'x'.repeat(64)
    expect(await finish({ attempt: { ...attempt, verifier }, search })).toBe('unproved')
  })

  it('is taken once', async () => {
    const given = await back()
    await finishSso(parts(), { ...given, origin, host })
    expect(await finish(given)).toBe('unproved')
  })

  it('is refused in words when the issuer refused, and when the settings changed meanwhile', async () => {
    const { attempt, search } = await back()
    const refused = new URLSearchParams({ error: 'access_denied', state: attempt.state })
    expect(await finish({ attempt, search: refused })).toBe('refused')
    expect(await finish({ attempt: { ...attempt, issuer: 'https://before.example' }, search })).toBe('changed')
    await removeConnection({ ctx: owner })
    expect(await finish({ attempt, search })).toBe('no_connection')
  })

  it('is refused from the issuer of another workspace: a code of one opens nothing in the other', async () => {
    const given = await back()
    const other = await createWorkspace(db, clock)
    await connect({ clientId: 'another-client', newcomerRole: 'analyst' }, await other.as('owner'))
    expect(await finish({ ...given, attempt: { ...given.attempt, slug: other.slug } })).toBe('unproved')
  })
})

describe('a try to sign in', () => {
  const secret = 'a secret of at least thirty-two characters'
  const attempt = { slug: 's', issuer: 'i', state: 'a', nonce: 'b', verifier: 'c', to: '/s' }

  it('is remembered sealed, opens for nobody else, and is no session', async () => {
    const sealed = await sealAttempt(attempt, secret)
    expect(await openAttempt(sealed, secret)).toMatchObject(attempt)
    expect(await openAttempt(sealed, `${secret}!`)).toBeNull()
    expect(await openAttempt(null, secret)).toBeNull()
    await expect(decode({ token: sealed, secret })).rejects.toThrow()
    expect(await openAttempt(await encode({ token: { sid: 'x' }, secret }), secret)).toBeNull()
  })
})

describe('an issuer', () => {
  const test = (issuer: string, allow = ['127.0.0.0/8']) =>
    testIssuer({ ctx: owner, input: { issuer }, fetch: createIssuerFetch(allow) })

  it('that answers is told apart from one that does not, one that is none, and one of another name', async () => {
    expect(await test(provider.issuer)).toMatchObject({ isGood: true, knowsPkce: true })
    const gone = await startIdentityProvider([])
    await gone.close()
    expect(await test(gone.issuer)).toEqual({ isGood: false, problem: 'Nothing answers at this address.' })
    expect(await test(`${provider.issuer}/nothing`)).toMatchObject({ isGood: false })
    const byAnotherName = provider.issuer.replace('127.0.0.1', '[::ffff:127.0.0.1]')
    expect(await test(byAnotherName, ['::ffff:0:0/96'])).toMatchObject({
      isGood: false,
      problem: expect.stringContaining('names itself differently'),
    })
  })

  it('in a private network is not reached unless the platform’s owner excepts that network', async () => {
    expect(await test(provider.issuer, [])).toEqual({
      isGood: false,
      problem: 'The platform may not reach it: 127.0.0.1 is not a public address.',
    })
    expect(await test('https://169.254.169.254', [])).toMatchObject({
      problem: expect.stringContaining('not a public'),
    })
  })

  it('that is down lets nobody in and says so', async () => {
    const gone = await startIdentityProvider([`${origin}/api/sso/callback`])
    await connect({ issuer: gone.issuer, clientSecret: gone.clientSecret })
    await gone.close()
    expect(await fault(begin())).toBe('issuer_down')
  })

  it('is an owner’s matter: who names it can be anybody here', async () => {
    const admin = await workspace.as('admin')
    await expect(connect({}, admin)).rejects.toMatchObject({ code: 'forbidden' })
    await expect(removeConnection({ ctx: admin })).rejects.toMatchObject({ code: 'forbidden' })
    const asked = testIssuer({ ctx: admin, input: { issuer: provider.issuer }, fetch })
    await expect(asked).rejects.toMatchObject({ code: 'forbidden' })
  })

  it('that is exchanged or removed ends the sessions it opened, and its secret does not go to the next', async () => {
    const person = newPerson()
    await memberWith(person.email as string)
    const first = await enter(person)
    await connect({ domains: ['league.example', 'other.example'], clientSecret: null })
    expect(await sessionOf(first)).not.toBeNull()
    await connect({ issuer: 'https://login.example.org', clientSecret: null })
    expect(await sessionOf(first)).toBeNull()
    const kept = await db.sql('SELECT client_secret FROM sso_connection WHERE workspace_id = $1', [workspace.id])
    expect(kept).toEqual([{ client_secret: null }])
    await connect()
    const second = await enter(person)
    await removeConnection({ ctx: owner })
    expect(await sessionOf(second)).toBeNull()
  })

  it.each([
    ['issuer', { issuer: 'ftp://login.example.org' }],
    ['issuer', { issuer: 'http://login.example.org' }],
    ['issuer', { issuer: 'https://user:word@login.example.org' }],
    ['issuer', { issuer: 'https://login.example.org/.well-known/openid-configuration' }],
    ['clientId', { clientId: ' ' }],
    ['domains', { domains: [] }],
    ['domains.0', { domains: ['gmail.com'] }],
    ['domains.0', { domains: ['not a domain'] }],
    ['newcomerRole', { newcomerRole: 'owner' }],
  ])('is refused with a bad %s: %j', async (field, more) => {
    await expect(connect(more)).rejects.toMatchObject({ code: 'validation', field })
  })

  it('keeps its secret sealed, readable in this workspace’s place alone', async () => {
    const [row] = await db.sql<{ client_secret: { sealed: string } }>(
      'SELECT client_secret FROM sso_connection WHERE workspace_id = $1',
      [workspace.id],
    )
    expect(JSON.stringify(row)).not.toContain(provider.clientSecret)
    expect(SEALER.open(row?.client_secret, `sso/${workspace.id}`)).toBe(provider.clientSecret)
    expect(() => SEALER.open(row?.client_secret, `sso/${randomUUID()}`)).toThrow()
  })
})
