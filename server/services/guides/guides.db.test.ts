import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { createSealer } from '../../core/seal'
import { DAY_MS } from '../../core/units'
import { openTestDatabase, type TestDatabase } from '../../testing/database'
import { createFakeClock, type FakeClock } from '../../testing/fake-clock'
import { takeMails } from '../../testing/taken-mails'
import { askForGuide } from './ask'
import { getGuideLink, openGuide } from './open'

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
const newEmail = (): string => `reader-${++people}@example.org`

/** Asks, and reads the token out of the one mail that comes. */
async function ask(email: string): Promise<string> {
  await askForGuide({ db: db.app, sealer, clock, origin, input: { email } })
  const sent = (await takeMails(db, sealer, clock)).filter(({ to }) => to === email)
  expect(sent).toHaveLength(1)
  return new URL(sent[0]?.content.link as string).searchParams.get('token') as string
}
const look = (token: string) => getGuideLink({ db: db.app, clock, token })
const press = (token: string) => openGuide({ db: db.app, clock, token })
const consent = (email: string) =>
  db.sql<{ at: Date | null }>('SELECT consented_at AS at FROM guide_request WHERE email = $1', [email])

describe('the implementation guide', () => {
  it('opens by a press on the mailed link; looking alone changes nothing and stores no consent', async () => {
    const email = newEmail()
    const token = await ask(email)
    expect(await look(token)).toBe('waiting')
    expect(await look(token)).toBe('waiting')
    expect(await consent(email)).toEqual([{ at: null }])
    expect(await press(token)).toBe('open')
    expect(await look(token)).toBe('open')
  })

  it('keeps the time of the first press as the consent, also when pressed twice at once and again later', async () => {
    const email = newEmail()
    const token = await ask(email)
    const atMs = clock.now()
    await Promise.all([press(token), press(token)])
    clock.advance(DAY_MS)
    expect(await press(token)).toBe('open')
    expect(await consent(email)).toEqual([{ at: new Date(atMs) }])
  })

  it('does not open by a link past its day, nor by one pressed more than ninety days ago', async () => {
    const [late, read] = [await ask(newEmail()), await ask(newEmail())]
    await press(read)
    clock.advance(DAY_MS)
    expect(await press(late)).toBe('expired')
    expect(await look(read)).toBe('open')
    clock.advance(89 * DAY_MS)
    expect(await look(read)).toBe('expired')
  })

  it('opens by the newest link of those that wait; a link that opened it before stays good', async () => {
    const email = newEmail()
    const old = await ask(email)
    const next = await ask(email)
    expect(await press(old)).toBe('replaced')
    expect(await press(next)).toBe('open')
    await ask(email)
    expect(await look(next)).toBe('open')
  })

  it('does not open by a made-up token, and its table is closed to web', async () => {
    expect(await press('made-up')).toBeNull()
    await expect(db.app.pool.query('SELECT * FROM guide_request')).rejects.toMatchObject({ code: '42501' })
  })

  it('is mailed to an address only', async () => {
    const asked = askForGuide({ db: db.app, sealer, clock, origin, input: { email: 'a@b\nBcc: c@d.example' } })
    await expect(asked).rejects.toMatchObject({ code: 'validation', field: 'email' })
    expect(await takeMails(db, sealer, clock)).toEqual([])
  })
})
