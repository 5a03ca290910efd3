import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { newId } from '../../core/ids'
import { createSealer } from '../../core/seal'
import { openTestDatabase, type TestDatabase } from '../../testing/database'
import { createFakeClock } from '../../testing/fake-clock'
import { takeMails } from '../../testing/taken-mails'
import { requestBooking } from './request'

const sealer = createSealer(['a key of this test with thirty-two characters'])
const clock = createFakeClock()
const mail = { sealer, origin: 'https://alerts.example', ownerEmail: 'owner@platform.example' }

let db: TestDatabase
beforeAll(async () => {
  db = await openTestDatabase()
})
afterAll(() => db.close())

const asked = {
  email: 'Ada@League.example',
  name: 'Ada',
  organisation: 'Spring League',
  runs: 'matches',
  servers: '11 to 50',
  preferredTime: 'Tuesday, 15:00 CET',
  message: 'First line\r\nsecond line',
} as const

type Part = Partial<Parameters<typeof requestBooking>[0]['input']>
const request = (part: Part = {}, by: typeof mail | null = mail) =>
  requestBooking({ db: db.app, clock, input: { id: newId(), ...asked, ...part }, mail: by })
const kept = (id: string) => db.sql('SELECT email, message FROM booking_request WHERE id = $1', [id])

describe('a booking request', () => {
  it('is kept, told to the owner with all that was said, and confirmed to who asked', async () => {
    const id = newId()
    await request({ id })
    expect(await kept(id)).toEqual([{ email: 'ada@league.example', message: 'First line\nsecond line' }])
    const mails = await takeMails(db, sealer, clock)
    expect(mails.map(({ to, content }) => [to, content.kind])).toEqual([
      ['ada@league.example', 'booking_received'],
      ['owner@platform.example', 'booking_asked'],
    ])
    expect(mails[1]?.content).toMatchObject({ organisation: 'Spring League', servers: '11 to 50' })
  })

  it('carries no typed word to the address it confirms to: nobody proved that it is theirs', async () => {
    await request({ name: 'Buy at evil.example', message: 'Win a prize' })
    const [confirmation] = await takeMails(db, sealer, clock)
    expect(confirmation?.content).toEqual({ kind: 'booking_received', link: 'https://alerts.example/guide' })
  })

  it('sent twice, also at once, is one request and one pair of mails', async () => {
    const id = newId()
    await Promise.all([request({ id }), request({ id })])
    await request({ id })
    expect(await kept(id)).toHaveLength(1)
    expect(await takeMails(db, sealer, clock)).toHaveLength(2)
  })

  it('is kept as well where no mail goes out, and where no owner is named only who asked gets mail', async () => {
    const [silent, ownerless] = [newId(), newId()]
    await request({ id: silent }, null)
    expect(await takeMails(db, sealer, clock)).toEqual([])
    await request({ id: ownerless }, { ...mail, ownerEmail: '' })
    expect(await takeMails(db, sealer, clock)).toHaveLength(1)
    expect([await kept(silent), await kept(ownerless)].flat()).toHaveLength(2)
  })

  it.each([
    ['email', { email: 'ada' }],
    ['name', { name: 'Ada\u0000' }],
    ['organisation', { organisation: 'x'.repeat(81) }],
    ['organisation', { organisation: 'Cup\r\nBcc: you@example.org' }],
    ['servers', { servers: 'many' as never }],
    ['message', { message: 'x'.repeat(2_001) }],
    ['message', { message: 'bell \u0007' }],
  ])('with a bad %s is refused by that name, keeps nothing and mails nothing', async (field, bad) => {
    const id = newId()
    await expect(request({ id, ...bad })).rejects.toMatchObject({ code: 'validation', field })
    expect(await kept(id)).toEqual([])
    expect(await takeMails(db, sealer, clock)).toEqual([])
  })

  it('takes names of every script, and is read by nobody but its owner', async () => {
    await expect(request({ name: 'محمد 👩🏽‍🚀', organisation: '<script>alert(1)</script>' })).resolves.toBeUndefined()
    await takeMails(db, sealer, clock)
    await expect(db.app.pool.query('SELECT * FROM booking_request')).rejects.toMatchObject({ code: '42501' })
  })
})
