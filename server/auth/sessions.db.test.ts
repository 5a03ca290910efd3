import { encode } from 'next-auth/jwt'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { LimitExceededError } from '../core/errors'
import { revokeSession } from '../services/sessions/revoke'
import { openTestDatabase, type TestDatabase } from '../testing/database'
import { createUser } from '../testing/factories'
import { openSession } from './check-credentials'
import { hashPassword } from './password'
import { SESSION_AGE_S } from './session-cookie'
import { createSessionReader } from './session-reader'

const secret = 'a secret of at least thirty-two characters'
const host = 'security.example.org'
const password = 'pier-lantern-ferry'

let database: TestDatabase
let email: string

beforeAll(async () => {
  database = await openTestDatabase()
  email = (await createUser(database, await hashPassword(password))).email
})
afterAll(() => database.close())

const open = (given: object, address = '198.51.100.7') =>
  openSession({ db: database.app, credentials: { email, password, ...given }, host, address })
const cookieOf = async (sid: string) => `theme=dark; session=${await encode({ token: { sid }, secret })}`

test('the right password opens a session that lives on its host, and only until it is revoked', async () => {
  const id = await open({ email: ` ${email.toUpperCase()}` })
  const cookie = await cookieOf(id ?? '')
  const reader = createSessionReader({ db: database.app, secret })
  expect(await reader.read(cookie, host)).toMatchObject({ email })
  expect(await reader.read(cookie, 'other.example.org')).toBeNull()
  await revokeSession({ db: database.app, id: id ?? '' })
  expect(await reader.read(cookie, host)).toBeNull()
  expect(await reader.isLive(id ?? '')).toBe(false)
})

test('a session ends with its time', async () => {
  const id = (await open({})) ?? ''
  const later = createSessionReader({ db: database.app, secret, now: () => Date.now() + SESSION_AGE_S * 1_000 + 1 })
  expect(await later.isLive(id)).toBe(false)
})

test('a cookie that is absent, damaged or made with another secret is nobody', async () => {
  const id = (await open({})) ?? ''
  const reader = createSessionReader({ db: database.app, secret })
  const forged = await encode({ token: { sid: id }, secret: 'some other secret of thirty-two characters' })
  for (const cookie of ['', 'session=', 'session=abc', 'session=%', `session=${forged}`]) {
    expect(await reader.read(cookie, host), cookie).toBeNull()
  }
})

test('a wrong password, an unknown address and an empty form open nothing', async () => {
  expect(await open({ password: 'wrong' })).toBeNull()
  expect(await open({ email: 'nobody@example.org' })).toBeNull()
  expect(await open({ email: 'not an address' })).toBeNull()
  expect(await open({ password: '' })).toBeNull()
})

test('guessing is stopped for the one who guesses, while the person can still sign in from elsewhere', async () => {
  const guess = () => open({ password: 'wrong' }, '198.51.100.66')
  for (let tries = 0; tries < 8; tries++) expect(await guess()).toBeNull()
  await expect(guess()).rejects.toThrow(LimitExceededError)
  expect(await open({}, '198.51.100.8')).not.toBeNull()
})
