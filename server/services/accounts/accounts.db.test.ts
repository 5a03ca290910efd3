import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { createSealer } from '../../core/seal'
import { DAY_MS, MINUTE_MS } from '../../core/units'
import { claimAccountMail, recordAccountMail } from '../../db/account-doors'
import { findUserForSignIn } from '../../db/doors'
import { openTestDatabase, type TestDatabase } from '../../testing/database'
import { createUser, createWorkspace, type TestWorkspace } from '../../testing/factories'
import { createFakeClock, type FakeClock } from '../../testing/fake-clock'
import type { Ctx } from '../context'
import { acceptInvite, getInvite } from '../invites/accept'
import { createInvite } from '../invites/create'
import { listInvites } from '../invites/list'
import { resendInvite } from '../invites/resend'
import { revokeInvite } from '../invites/revoke'
import { getMembership } from '../members/get-for-user'
import { getTrialEnd } from '../workspaces/get-trial'
import { beginSignUp } from './begin-sign-up'
import { confirmSignUp } from './confirm-sign-up'
import { AccountMailContent, accountMailPlace } from './mail'
import { sendSignInLink } from './send-sign-in-link'
import { consumeSignInLink } from './use-sign-in-link'

const sealer = createSealer(['a key of this test with thirty-two characters'])
const origin = 'https://alerts.example'

let db: TestDatabase
let clock: FakeClock
beforeAll(async () => {
  db = await openTestDatabase()
})
afterAll(() => db.close())
beforeEach(() => {
  clock = createFakeClock()
})

let people = 0
const newEmail = (): string => `newcomer-${++people}@example.org`

/** Mail that waits, opened; each is taken as sent. */
async function mails(): Promise<{ to: string; content: AccountMailContent }[]> {
  const claimed = await claimAccountMail(db.engine, { limit: 20, nowMs: clock.now(), leaseMs: MINUTE_MS })
  for (const { id } of claimed)
    await recordAccountMail(db.engine, { id, state: 'sent', nextMs: null, nowMs: clock.now(), error: null })
  return claimed.map(({ id, recipient, content }) => ({
    to: recipient,
    content: AccountMailContent.parse(sealer.open(content, accountMailPlace(id))),
  }))
}

async function tokenFor(email: string): Promise<string> {
  const mail = (await mails()).find(({ to }) => to === email)
  return new URL(mail?.content.link ?? 'missing:').searchParams.get('token') as string
}

const begin = (email: string, workspaceName = 'Spring Major') =>
  beginSignUp({ db: db.app, sealer, clock, origin, input: { email, name: 'Ada', workspaceName, passwordHash: 'hash' } })
const confirm = (token: string) => confirmSignUp({ db: db.app, clock, token })

describe('signing up', () => {
  it('makes account, workspace and its owner once the address is proved, and not before', async () => {
    const email = newEmail()
    await begin(` ${email.toUpperCase()} `)
    expect(await findUserForSignIn(db.app, email)).toBeNull()
    const entrance = await confirm(await tokenFor(email))
    const user = await findUserForSignIn(db.app, email)
    expect(user).toMatchObject({ id: entrance?.userId, name: 'Ada', passwordHash: 'hash' })
    const { slug, userId } = entrance as { slug: string; userId: string }
    const membership = await getMembership({ db: db.app, clock, input: { userId, boundTo: null, slug } })
    expect(membership).toMatchObject({ name: 'Spring Major', grants: [{ role: 'owner', groupId: null }] })
  })

  it('begins a trial of seven days; a workspace made in another way has none', async () => {
    const email = newEmail()
    await begin(email, 'Trial League')
    const nowMs = clock.now()
    const entrance = await confirm(await tokenFor(email))
    const ends = await db.sql('SELECT trial_ends_at AS at FROM workspace WHERE slug = $1', [entrance?.slug])
    expect(ends).toEqual([{ at: new Date(nowMs + 7 * DAY_MS) }])
    const own = await createWorkspace(db, clock)
    expect(await getTrialEnd({ ctx: await own.as('owner') })).toBeNull()
  })

  it('is done once by one link: twice, after a day, or with another link for the address it does nothing', async () => {
    const [email, late] = [newEmail(), newEmail()]
    await begin(email)
    const first = await tokenFor(email)
    await begin(email, 'Another')
    const second = await tokenFor(email)
    const both = await Promise.all([confirm(first), confirm(first)])
    expect(both.filter((one) => one !== null)).toHaveLength(1)
    expect(await confirm(second)).toBeNull()
    await begin(late)
    const token = await tokenFor(late)
    clock.advance(DAY_MS)
    expect(await confirm(token)).toBeNull()
  })

  it('gives two workspaces of one name two addresses, also when both are made at once', async () => {
    const emails = [newEmail(), newEmail()]
    for (const email of emails) await begin(email, 'Twin League')
    const sent = await mails()
    const tokens = sent.map(({ content }) => new URL(content.link).searchParams.get('token') as string)
    const made = await Promise.all(tokens.map(confirm))
    expect(made.map((one) => one?.slug).sort()).toEqual(['twin-league', 'twin-league-2'])
  })

  it('answers alike whether the address has an account, and tells its holder by mail', async () => {
    const { email } = await createUser(db)
    await expect(begin(email)).resolves.toBeUndefined()
    expect(await mails()).toEqual([{ to: email, content: { kind: 'has_account', link: `${origin}/sign-in` } }])
  })

  it.each([
    ['email', { email: 'no address' }],
    ['name', { name: ' ' }],
    ['workspaceName', { workspaceName: 'x' }],
  ])('refuses a bad %s and keeps nothing', async (field, bad) => {
    const input = { email: newEmail(), name: 'Ada', workspaceName: 'Cup', passwordHash: 'h', ...bad }
    const made = beginSignUp({ db: db.app, sealer, clock, origin, input })
    await expect(made).rejects.toMatchObject({ code: 'validation', field })
    expect(await mails()).toEqual([])
  })
})

describe('a link that signs in', () => {
  const send = (email: string) => sendSignInLink({ db: db.app, sealer, clock, origin, input: { email } })
  const consume = (token: string) => consumeSignInLink({ db: db.app, clock, token })

  it('signs its account in, once, within ten minutes', async () => {
    const user = await createUser(db)
    await send(user.email)
    const token = await tokenFor(user.email)
    expect(await consume(token)).toBe(user.id)
    expect(await consume(token)).toBeNull()
    await send(user.email)
    const late = await tokenFor(user.email)
    clock.advance(10 * MINUTE_MS)
    expect(await consume(late)).toBeNull()
  })

  it('is mailed to accounts only, and the caller cannot tell', async () => {
    await expect(send(newEmail())).resolves.toBeUndefined()
    expect(await mails()).toEqual([])
  })
})

describe('mail about accounts', () => {
  it('lies sealed while it waits, and is emptied once it is sent', async () => {
    const { email } = await createUser(db)
    await sendSignInLink({ db: db.app, sealer, clock, origin, input: { email } })
    const [waiting] = await db.sql<{ content: object }>("SELECT content FROM account_mail WHERE state = 'pending'")
    expect(Object.keys(waiting?.content ?? {})).toEqual(['sealed'])
    await mails()
    expect(await db.sql("SELECT DISTINCT content FROM account_mail WHERE state = 'sent'")).toEqual([{ content: {} }])
  })

  it('whose engine died is taken again when its lease is over, and by one engine at a time', async () => {
    const { email } = await createUser(db)
    await sendSignInLink({ db: db.app, sealer, clock, origin, input: { email } })
    const claim = () => claimAccountMail(db.engine, { limit: 5, nowMs: clock.now(), leaseMs: MINUTE_MS })
    const taken = await Promise.all([claim(), claim()])
    expect(taken.flat()).toHaveLength(1)
    clock.advance(MINUTE_MS)
    expect(await claim()).toMatchObject([{ attempts: 2 }])
  })
})

describe('invites', () => {
  let workspace: TestWorkspace
  let owner: Ctx
  beforeEach(async () => {
    workspace = await createWorkspace(db, clock)
    owner = await workspace.as('owner')
  })
  const invite = (
    email: string,
    grant: { role: 'analyst' | 'owner' | 'official'; groupId?: string } = { role: 'analyst' },
    ctx = owner,
  ) => createInvite({ ctx, input: { email, grant }, sealer, origin })
  const accept = (
    token: string,
    input: { name: string; passwordHash: string } | null = { name: 'Bo', passwordHash: 'h' },
  ) => acceptInvite({ db: db.app, clock, token, input })

  it('make an account with the role that was offered, for who holds the link', async () => {
    const [email, groupId] = [newEmail(), await workspace.addGroup('Match 1')]
    await invite(email, { role: 'official', groupId })
    const token = await tokenFor(email)
    expect(await getInvite({ db: db.app, clock, token })).toMatchObject({
      email,
      role: 'official',
      groupName: 'Match 1',
      hasAccount: false,
      isGood: true,
    })
    const { userId, slug } = await accept(token)
    const { grants } = await getMembership({ db: db.app, clock, input: { userId, boundTo: null, slug } })
    expect(grants).toEqual([{ role: 'official', groupId }])
    await expect(accept(token)).rejects.toMatchObject({ code: 'conflict' })
    expect(await listInvites({ ctx: owner })).toEqual([])
  })

  it('give whoever has an account the role under it, with no new password', async () => {
    const user = await createUser(db, 'theirs')
    await invite(user.email)
    const { userId } = await accept(await tokenFor(user.email), null)
    expect(userId).toBe(user.id)
    expect((await findUserForSignIn(db.app, user.email))?.passwordHash).toBe('theirs')
  })

  it('are good for a week, until they are revoked, and by the last link only', async () => {
    const [late, revoked, again] = [newEmail(), newEmail(), newEmail()]
    await invite(late)
    const lateToken = await tokenFor(late)
    const { id } = await invite(revoked)
    const revokedToken = await tokenFor(revoked)
    await revokeInvite({ ctx: owner, input: { id } })
    await expect(accept(revokedToken)).rejects.toMatchObject({ code: 'conflict' })
    const second = await invite(again)
    const old = await tokenFor(again)
    const resend = () => resendInvite({ ctx: owner, input: { id: second.id }, sealer, origin })
    await expect(resend()).rejects.toMatchObject({ code: 'limit_exceeded' })
    clock.advance(MINUTE_MS)
    await resend()
    await expect(accept(old)).rejects.toMatchObject({ code: 'conflict' })
    await expect(accept(await tokenFor(again))).resolves.toBeDefined()
    clock.advance(7 * DAY_MS)
    await expect(accept(lateToken)).rejects.toMatchObject({ code: 'conflict' })
  })

  it('of one address and role are open once; an admin offers no ownership', async () => {
    const email = newEmail()
    await invite(email)
    await expect(invite(email)).rejects.toMatchObject({ code: 'conflict' })
    const admin = await workspace.as('admin')
    await expect(invite(newEmail(), { role: 'owner' }, admin)).rejects.toMatchObject({ code: 'forbidden' })
  })

  it('of another workspace cannot be resent or revoked, and what a token is hashed to cannot be read', async () => {
    const { id } = await invite(newEmail())
    const stranger = await (await createWorkspace(db, clock)).as('owner')
    await expect(revokeInvite({ ctx: stranger, input: { id } })).rejects.toMatchObject({ code: 'not_found' })
    const resent = resendInvite({ ctx: stranger, input: { id }, sealer, origin })
    await expect(resent).rejects.toMatchObject({ code: 'not_found' })
    await expect(db.app.pool.query('SELECT token_hash FROM invite')).rejects.toMatchObject({ code: '42501' })
  })
})
