import { encode } from 'next-auth/jwt'
import { Secret, TOTP } from 'otpauth'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { createSealer } from '../../core/seal'
import { MINUTE_MS } from '../../core/units'
import { resealSettings } from '../../db/reseal'
import { accountMailPlace } from '../../services/accounts/mail'
import { sendSignInLink } from '../../services/accounts/send-sign-in-link'
import { listAudit } from '../../services/audit/list'
import type { Ctx } from '../../services/context'
import { getMembership } from '../../services/members/get-for-user'
import { getLiveScope } from '../../services/members/get-scope'
import { createSession } from '../../services/sessions/create'
import { getSession } from '../../services/sessions/get'
import { listSessions } from '../../services/sessions/list'
import { completeSession, getPendingSession } from '../../services/sessions/pass'
import { getSignInSettings } from '../../services/sign-in/get'
import { requireSecondFactor } from '../../services/sign-in/require-second-factor'
import { openTestDatabase, type TestDatabase } from '../../testing/database'
import { createWorkspace, type TestWorkspace } from '../../testing/factories'
import { createFakeClock, type FakeClock } from '../../testing/fake-clock'
import { openSession } from '../check-credentials'
import { hashPassword } from '../password'
import {
  beginSecondFactor,
  confirmSecondFactor,
  disableSecondFactor,
  getSecondFactor,
  type MailedHolder,
  renewRecoveryCodes,
} from './change'
import { proveByCode } from './prove'
import { openSecondStep } from './second-step'

const KEY = 'a key of this test with thirty-two characters'
const SEALER = createSealer([KEY])
const PASSWORD = 'pier-lantern-ferry'
const host = 'security.example.org'
const secretOfSessions = 'a secret of at least thirty-two characters'

let db: TestDatabase
let clock: FakeClock
let workspace: TestWorkspace
let person: Ctx
let holder: MailedHolder
let passwordHash: string
beforeAll(async () => {
  db = await openTestDatabase()
  passwordHash = await hashPassword(PASSWORD)
})
afterAll(() => db.close())
beforeEach(async () => {
  clock = createFakeClock(Date.now())
  workspace = await createWorkspace(db, clock)
  person = await workspace.as('analyst')
  const userId = userOf(person)
  const [row] = await db.sql<{ email: string }>(
    'UPDATE user_account SET password_hash = $1 WHERE id = $2 RETURNING email',
    [passwordHash, userId],
  )
  holder = {
    db: db.app,
    sealer: () => SEALER,
    clock,
    userId,
    email: row?.email as string,
    address: userId,
    origin: 'https://security.example.org',
  }
})

const userOf = ({ actor }: Ctx): string => (actor.kind === 'user' ? actor.userId : '')
const codeOf = (secret: string, steps = 0) =>
  new TOTP({ secret: Secret.fromBase32(secret) }).generate({ timestamp: clock.now() + steps * 30_000 })

async function setUp(): Promise<{ secret: string; codes: string[] }> {
  const { secret } = await beginSecondFactor(holder, PASSWORD)
  const codes = await confirmSecondFactor(holder, codeOf(secret))
  clock.advance(30_000)
  return { secret, codes }
}

const signIn = () =>
  openSession({ db: db.app, credentials: { email: holder.email, password: PASSWORD }, host, address: holder.userId })
const actionsOf = async () =>
  (await listAudit({ ctx: workspace.asJob, input: { action: 'second_factor' } })).entries.map(({ action }) => action)

describe('setting up a second factor', () => {
  it('asks for the password, then for a code that proves the secret arrived; only then is it on', async () => {
    await expect(beginSecondFactor(holder, 'wrong')).rejects.toMatchObject({ code: 'validation', field: 'password' })
    const { secret, qr } = await beginSecondFactor(holder, PASSWORD)
    expect(qr.size).toBeGreaterThan(20)
    expect(qr.path).toMatch(/^M\d+ \d+h1v1h-1z/)
    await expect(confirmSecondFactor(holder, '000000')).rejects.toMatchObject({ code: 'validation', field: 'code' })
    expect(await getSecondFactor(holder)).toMatchObject({ isOn: false, codesLeft: 0, hasPassword: true })
    const codes = await confirmSecondFactor(holder, codeOf(secret).replace(/^(...)/, '$1 '))
    expect(new Set(codes).size).toBe(10)
    expect(await getSecondFactor(holder)).toMatchObject({ isOn: true, codesLeft: 10 })
    expect(await actionsOf()).toEqual(['second_factor.enable'])
    await expect(beginSecondFactor(holder, PASSWORD)).rejects.toMatchObject({ code: 'conflict' })
  })

  it('keeps the secret sealed and recovery codes as costly hashes, and opens both only in their place', async () => {
    const { secret, codes } = await setUp()
    const kept = JSON.stringify([
      await db.sql('SELECT secret FROM second_factor WHERE user_id = $1', [holder.userId]),
      await db.sql('SELECT code_hash FROM recovery_code WHERE user_id = $1', [holder.userId]),
    ])
    for (const clear of [secret, ...codes, ...codes.map((code) => code.replace('-', ''))])
      expect(kept).not.toContain(clear)
  })

  it('goes on with a key that replaced the one it was sealed with', async () => {
    const { secret } = await setUp()
    const newer = createSealer(['another key of this test, which is newer', KEY])
    expect(await resealSettings(db.engine, newer, () => {})).toBeGreaterThan(0)
    const alone = createSealer(['another key of this test, which is newer'])
    expect(await proveByCode({ ...holder, sealer: () => alone }, codeOf(secret))).toBe(true)
  })
})

describe('a code', () => {
  it('is good once, also when it comes twice at the same moment, and none before it is good after it', async () => {
    const { secret } = await setUp()
    const code = codeOf(secret)
    const both = await Promise.all([proveByCode(holder, code), proveByCode(holder, code)])
    expect(both.sort()).toEqual([false, true])
    expect(await proveByCode(holder, code)).toBe(false)
    expect(await proveByCode(holder, codeOf(secret, -1))).toBe(false)
    expect(await proveByCode(holder, codeOf(secret, 1))).toBe(true)
  })

  it('that set it up signs nobody in', async () => {
    const { secret } = await beginSecondFactor(holder, PASSWORD)
    const code = codeOf(secret)
    await confirmSecondFactor(holder, code)
    expect(await proveByCode(holder, code)).toBe(false)
  })

  it('cannot be guessed: ten tries, all at once or not, and then none for a quarter of an hour', async () => {
    const { secret, codes } = await setUp()
    const wrong = ['000000', '111111'].find(
      (code) => ![-1, 0, 1].some((steps) => codeOf(secret, steps) === code),
    ) as string
    const guesses = await Promise.allSettled(Array.from({ length: 14 }, () => proveByCode(holder, wrong)))
    expect(guesses.filter(({ status }) => status === 'rejected')).toHaveLength(4)
    await expect(proveByCode(holder, codeOf(secret))).rejects.toMatchObject({ code: 'limit_exceeded' })
    expect(await proveByCode(holder, codes[0] as string)).toBe(true)
    expect(await proveByCode(holder, codeOf(secret))).toBe(true)
    await Promise.allSettled(Array.from({ length: 10 }, () => proveByCode(holder, wrong)))
    clock.advance(15 * MINUTE_MS + 1)
    expect(await proveByCode(holder, codeOf(secret))).toBe(true)
  })

  it('of recovery is good once, however it is typed, and is written down', async () => {
    const { codes } = await setUp()
    const [first, second] = codes as [string, string]
    expect(await proveByCode(holder, ` ${first.toUpperCase().replace('-', ' ')} `)).toBe(true)
    expect(await proveByCode(holder, first)).toBe(false)
    const both = await Promise.all([proveByCode(holder, second), proveByCode(holder, second)])
    expect(both.sort()).toEqual([false, true])
    expect(await getSecondFactor(holder)).toMatchObject({ codesLeft: 8 })
    expect(await actionsOf()).toEqual(['second_factor.recover', 'second_factor.recover', 'second_factor.enable'])
  })

  it.each(['', '12345', '<script>', 'aaaaa-aaaaa', '🎮🎮🎮🎮🎮🎮', '1'.repeat(1_000)])('%j is none', async (typed) => {
    await setUp()
    expect(await proveByCode(holder, typed)).toBe(false)
  })

  it('of somebody else is none', async () => {
    const { codes } = await setUp()
    const other = { ...holder, userId: userOf(await workspace.as('analyst')) }
    expect(await proveByCode(other, codes[0] as string)).toBe(false)
    expect(await proveByCode(other, '123456')).toBe(false)
  })
})

describe('signing in with a second factor', () => {
  const step = async (sid: string, code: string, at = host) => {
    const cookie = `session=${await encode({ token: { sid }, secret: secretOfSessions })}`
    const { sealer, address } = holder
    return openSecondStep({ db: db.app, sealer, secret: secretOfSessions, cookie, host: at, address, code })
  }
  // These go by the clock of the machine: next-auth gives them no other.
  const codeNow = (secret: string) => new TOTP({ secret: Secret.fromBase32(secret) }).generate()

  it('gives a session that opens nothing until the code is right, then another one, once', async () => {
    const { secret } = await beginSecondFactor(holder, PASSWORD)
    clock.advance(-60_000)
    await confirmSecondFactor(holder, codeOf(secret)).catch(() => undefined)
    await db.sql('UPDATE second_factor SET confirmed_at = now(), last_step = 0 WHERE user_id = $1', [holder.userId])
    const pendingId = (await signIn()) as string
    expect(await getSession({ db: db.app, id: pendingId })).toBeNull()
    expect(await getPendingSession({ db: db.app, id: pendingId })).toMatchObject({ userId: holder.userId })
    const asks = { db: db.app, userId: holder.userId, boundTo: null, sessionId: pendingId }
    expect(await listSessions(asks)).toEqual([])
    expect(await step(pendingId, 'wrong!')).toBe('wrong')
    expect(await step(pendingId, codeNow(secret), 'other.example')).toBe('gone')
    const opened = await step(pendingId, codeNow(secret))
    if (typeof opened === 'string') throw new Error(opened)
    expect(opened.sessionId).not.toBe(pendingId)
    expect(await getSession({ db: db.app, id: opened.sessionId })).toMatchObject({ userId: holder.userId, host })
    expect(await step(pendingId, codeNow(secret))).toBe('gone')
  })

  it('is asked for whatever the first step was, and only once it is set up', async () => {
    const open = () => createSession({ db: db.app, clock, userId: holder.userId, host, lifeMs: 86_400_000 })
    const before = await open()
    await beginSecondFactor(holder, PASSWORD)
    const between = await open()
    expect(await getSession({ db: db.app, clock, id: between })).not.toBeNull()
    await setUp()
    expect(await getSession({ db: db.app, clock, id: await open() })).toBeNull()
    expect(await getSession({ db: db.app, clock, id: before })).not.toBeNull()
    await expect(
      sendSignInLink({ db: db.app, sealer: SEALER, origin: 'https://a.example', input: { email: holder.email } }),
    ).resolves.toBeUndefined()
  })

  it('has ten minutes; then the first step is done again', async () => {
    await setUp()
    const id = await createSession({ db: db.app, clock, userId: holder.userId, host, lifeMs: 86_400_000 })
    clock.advance(10 * MINUTE_MS)
    expect(await getPendingSession({ db: db.app, clock, id })).toBeNull()
    expect(await completeSession({ db: db.app, clock, pendingId: id, lifeMs: 1_000 })).toBeNull()
  })
})

describe('switching it off and new recovery codes', () => {
  it('need the password or a code, and are written down', async () => {
    const { secret, codes } = await setUp()
    await expect(disableSecondFactor(holder, 'wrong')).rejects.toMatchObject({ code: 'validation', field: 'proof' })
    await expect(disableSecondFactor(holder, '')).rejects.toMatchObject({ code: 'validation' })
    const anew = await renewRecoveryCodes(holder, codeOf(secret))
    expect(await proveByCode(holder, codes[0] as string)).toBe(false)
    expect(await proveByCode(holder, anew[0] as string)).toBe(true)
    await disableSecondFactor(holder, PASSWORD)
    expect(await getSecondFactor(holder)).toMatchObject({ isOn: false, codesLeft: 0 })
    expect(await getSession({ db: db.app, id: (await signIn()) as string })).not.toBeNull()
    expect(await actionsOf()).toEqual([
      'second_factor.disable',
      'second_factor.recover',
      'second_factor.new_codes',
      'second_factor.enable',
    ])
    await expect(disableSecondFactor(holder, PASSWORD)).rejects.toMatchObject({ code: 'conflict' })
    await expect(renewRecoveryCodes(holder, PASSWORD)).rejects.toMatchObject({ code: 'conflict' })
  })

  it('are told to the account by mail, as setting it up is; what failed is not', async () => {
    const told = async () => {
      const mails = await db.sql<{ id: string; content: object }>(
        'SELECT id, content FROM account_mail WHERE recipient = $1 ORDER BY id',
        [holder.email],
      )
      return mails.map(({ id, content }) => SEALER.open(content, accountMailPlace(id)))
    }
    const { secret } = await setUp()
    await renewRecoveryCodes(holder, codeOf(secret))
    await expect(disableSecondFactor(holder, 'wrong')).rejects.toThrow()
    await disableSecondFactor(holder, PASSWORD)
    await expect(disableSecondFactor(holder, PASSWORD)).rejects.toThrow()
    const link = 'https://security.example.org/sign-in'
    expect(await told()).toEqual(['on', 'codes', 'off'].map((what) => ({ kind: 'second_factor', what, link })))
    await db.sql('DELETE FROM account_mail WHERE recipient = $1 RETURNING 1', [holder.email])
    const unmailed = { ...holder, origin: null }
    const { secret: next } = await beginSecondFactor(unmailed, PASSWORD)
    await confirmSecondFactor(unmailed, codeOf(next))
    expect(await told()).toEqual([])
  })
})

describe('a workspace that asks everyone for one', () => {
  const open = (boundTo: string | null = null) =>
    getMembership({ db: db.app, clock, input: { userId: holder.userId, boundTo, slug: workspace.slug } })

  it('opens to whoever has one, at once, pages and sockets alike; its own issuer answers for its people', async () => {
    const admin = await workspace.as('admin')
    expect(await requireSecondFactor({ ctx: admin, input: { isRequired: true } })).toEqual({ isChanged: true })
    expect(await requireSecondFactor({ ctx: admin, input: { isRequired: true } })).toEqual({ isChanged: false })
    await expect(open()).rejects.toMatchObject({ code: 'forbidden', name: 'SecondFactorNeededError' })
    const scope = { userId: holder.userId, boundTo: null, slug: workspace.slug }
    expect(await getLiveScope({ db: db.app, input: scope })).toBeNull()
    await expect(open(workspace.id)).resolves.toBeDefined()
    expect((await getSignInSettings({ ctx: admin })).without).toHaveLength(2)
    await setUp()
    await expect(open()).resolves.toBeDefined()
    expect((await getSignInSettings({ ctx: admin })).without).toHaveLength(1)
    const said = (await listAudit({ ctx: admin, input: { action: 'sign_in.update' } })).entries
    expect(said).toMatchObject([{ before: { secondFactorRequired: false }, after: { secondFactorRequired: true } }])
  })

  it('is made so by owners and admins', async () => {
    const asked = requireSecondFactor({ ctx: await workspace.as('operator'), input: { isRequired: true } })
    await expect(asked).rejects.toMatchObject({ code: 'forbidden' })
  })
})
