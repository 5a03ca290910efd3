import { pino } from 'pino'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { createIssuerFetch } from '../auth/sso/issuer-fetch'
import { newId } from '../core/ids'
import { readEnv } from '../env'
import { openTestDatabase, type TestDatabase } from '../testing/database'
import { SEALER } from '../testing/walls/objects'
import { createCaller } from './router'

let database: TestDatabase
beforeAll(async () => {
  database = await openTestDatabase()
})
afterAll(() => database.close())

const MAIL = { SMTP_URL: 'smtp://127.0.0.1', PUBLIC_URL: 'https://security.example.org' }

/** Nobody in particular, on a platform set up like this, from this address. */
const visitor = (env: object, address: string) =>
  createCaller({
    env: { ...readEnv({} as NodeJS.ProcessEnv), ...env },
    origin: 'https://security.example.org',
    address,
    log: pino({ level: 'silent' }),
    sealer: () => SEALER,
    issuerFetch: () => createIssuerFetch([]),
    db: database.app,
    session: null,
  })

const booking = (part: object = {}) => ({
  id: newId(),
  email: 'a@league.example',
  name: 'Ada',
  organisation: 'Cup',
  runs: 'matches',
  servers: '1 to 10',
  preferredTime: '',
  message: '',
  ...part,
})
const mailsWaiting = async () => (await database.sql('SELECT id FROM account_mail')).length

test('without mail a booking is kept and says that no confirmation comes; the guide says what is missing', async () => {
  const nobody = visitor({ SMTP_URL: '' }, '192.0.2.10')
  expect(await nobody.site.book(booking())).toEqual({ isConfirmedByMail: false })
  expect(await mailsWaiting()).toBe(0)
  await expect(nobody.site.askForGuide({ email: 'a@league.example' })).rejects.toMatchObject({
    code: 'SERVICE_UNAVAILABLE',
    message: expect.stringContaining('SMTP_URL'),
  })
})

test('one mailbox gets five mails an hour however many networks ask, and one network asks twenty times', async () => {
  const ask = (address: string, email: string) => visitor(MAIL, address).site.askForGuide({ email })
  for (let asked = 0; asked < 5; asked++) await ask(`192.0.2.${asked}`, 'victim@league.example')
  await expect(ask('192.0.2.99', ' Victim@League.example ')).rejects.toMatchObject({ code: 'TOO_MANY_REQUESTS' })
  expect(await mailsWaiting()).toBe(5)
  for (let asked = 0; asked < 20; asked++) await ask('198.51.100.7', `reader-${asked}@league.example`)
  await expect(ask('198.51.100.7', 'next@league.example')).rejects.toMatchObject({ code: 'TOO_MANY_REQUESTS' })
  await expect(visitor(MAIL, '198.51.100.7').site.book(booking())).rejects.toMatchObject({ code: 'TOO_MANY_REQUESTS' })
})

test('what is filled in wrongly is named, counts against no limit and keeps nothing', async () => {
  const nobody = visitor(MAIL, '203.0.113.5')
  for (let tried = 0; tried < 30; tried++)
    await expect(nobody.site.book(booking({ email: 'no address' }))).rejects.toMatchObject({ code: 'BAD_REQUEST' })
  const email = 'careful@league.example'
  expect(await nobody.site.book(booking({ email }))).toEqual({ isConfirmedByMail: true })
  expect(await database.sql("SELECT 1 FROM booking_request WHERE email = 'no address'")).toEqual([])
})

test('a made-up link to the guide opens nothing', async () => {
  const nobody = visitor(MAIL, '203.0.113.6')
  expect(await nobody.site.guideLink({ token: 'made-up' })).toBeNull()
  expect(await nobody.site.openGuide({ token: '' })).toBeNull()
})
