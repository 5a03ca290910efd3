import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { gzipSync } from 'node:zlib'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { claimCalendars } from '../../db/doors'
import { addCalendar, CALENDAR_PARTS, importText } from '../../testing/calendars'
import { openTestDatabase, type TestDatabase } from '../../testing/database'
import { createWorkspace, type TestWorkspace } from '../../testing/factories'
import { createFakeClock, type FakeClock } from '../../testing/fake-clock'
import { icsOf } from '../../testing/ics'
import type { Ctx } from '../context'
import { followCalendar } from '../events/follow-calendar'
import { getEvent } from '../events/get'
import { setGroupNodes } from '../groups/set-nodes'
import { updateGroup } from '../groups/update'
import { setSchedule } from '../schedule/set'
import { previewCalendar } from './preview'
import { refreshCalendar } from './refresh'
import { removeCalendar } from './remove'

const HOUR = 3_600_000

let db: TestDatabase
let site: {
  server: Server
  url: string
  asked: IncomingMessage[]
  answer: (request: IncomingMessage, response: ServerResponse) => void
}
let clock: FakeClock
let workspace: TestWorkspace
let ctx: Ctx
let eventId: string

beforeAll(async () => {
  db = await openTestDatabase()
  const server = createServer((request, response) => {
    site.asked.push(request)
    site.answer(request, response)
  })
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done))
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  site = { server, url, asked: [], answer: (_, response) => response.end() }
})
afterAll(async () => {
  site.server.closeAllConnections()
  site.server.close()
  await db.close()
})
beforeEach(async () => {
  clock = createFakeClock()
  site.asked = []
  workspace = await createWorkspace(db, clock)
  ctx = { ...(await workspace.as('admin')), clock }
  eventId = await workspace.addGroup('Major', [], { kind: 'event' })
})

const soon = (hours: number): number => clock.now() + hours * HOUR
const match = (uid: string, hours: number, more: Partial<Parameters<typeof icsOf>[0][number]> = {}) => ({
  uid,
  title: `Match ${uid}`,
  startsMs: soon(hours),
  ...more,
})
const importFile = (text: string, more: Partial<Parameters<typeof importText>[1]> = {}) =>
  importText(text, { ctx, groupId: eventId, ...more })
const matchesNow = async () => (await getEvent({ ctx, input: { id: eventId } })).inside
const named = async (name: string) => {
  const found = (await matchesNow()).find((one) => one.name === name)
  if (!found) throw new Error(`There is no match ${name}.`)
  return found
}

describe('importing a calendar', () => {
  it('makes its matches with their times and servers, exactly as the preview showed', async () => {
    const node = await workspace.addNode('match-03')
    const text = icsOf([match('a', 2, { location: 'match-03' }), match('b', 5)])
    const preview = await previewCalendar({
      ctx,
      input: { groupId: eventId, source: { kind: 'file', text } },
      parts: CALENDAR_PARTS,
    })
    expect(preview).toMatchObject({ seen: 2, counts: { added: 2, changed: 0 } })
    expect(preview.changes[0]).toMatchObject({
      name: 'Match a',
      nodeIds: [node.id],
      serversBy: 'location names match-03',
    })
    expect(await matchesNow()).toEqual([])
    await importFile(text)
    expect(await matchesNow()).toMatchObject([
      { name: 'Match a', windows: [{ startsMs: soon(2), endsMs: soon(4) }], nodeIds: [node.id] },
      { name: 'Match b', nodeIds: [] },
    ])
  })

  it('does nothing when the calendar is another than the one that was previewed', async () => {
    const input = { groupId: eventId, name: 'League', source: { kind: 'file' as const, text: icsOf([match('a', 2)]) } }
    const { importCalendar } = await import('./import')
    const agreed = importCalendar({ ctx, input: { ...input, fingerprint: 'of something else' }, parts: CALENDAR_PARTS })
    await expect(agreed).rejects.toMatchObject({ code: 'conflict' })
    expect(await matchesNow()).toEqual([])
    expect(await db.sql('SELECT id FROM calendar WHERE workspace_id = $1', [workspace.id])).toEqual([])
  })

  it('pressed twice makes one calendar', async () => {
    const text = icsOf([match('a', 2)])
    const both = await Promise.allSettled([importFile(text), importFile(text)])
    expect(both.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected'])
    expect(await matchesNow()).toHaveLength(1)
  })

  it('follows a newer file by UID, and keeps apart what was changed by hand', async () => {
    const [one, two] = [await workspace.addNode('match-01'), await workspace.addNode('match-02')]
    const first = await importFile(icsOf([match('a', 2, { location: 'match-01' }), match('b', 5), match('c', 8)]))
    const a = await named('Match a')
    await setGroupNodes({ ctx, input: { id: a.id, nodeIds: [two.id] } })
    await updateGroup({ ctx, input: { id: (await named('Match b')).id, name: 'Grand final' } })
    const newer = icsOf([match('a', 3, { location: 'match-01', title: 'Opening' }), match('b', 6)])
    const { counts } = await importFile(newer, { calendarId: first.id })
    expect(counts).toMatchObject({ added: 0, changed: 2, withdrawn: 1, kept: 2 })
    expect((await matchesNow()).map(({ name }) => name)).toEqual(['Grand final', 'Opening'])
    const opening = await named('Opening')
    expect(opening).toMatchObject({
      id: a.id,
      windows: [{ startsMs: soon(3) }],
      nodeIds: [two.id],
      imported: { changed: ['servers'] },
    })
    expect(await named('Grand final')).toMatchObject({
      windows: [{ startsMs: soon(6) }],
      imported: { changed: ['name'], name: 'Match b' },
    })
    await followCalendar({ ctx, input: { id: a.id } })
    expect(await named('Opening')).toMatchObject({ nodeIds: [one.id], imported: { changed: [] } })
  })

  it('puts a cancelled match away and brings it back with its servers and its id', async () => {
    const node = await workspace.addNode('match-01')
    const { id } = await importFile(icsOf([match('a', 2, { location: 'match-01' })]))
    const before = await named('Match a')
    await importFile(icsOf([match('a', 2, { more: ['STATUS:CANCELLED'] })]), { calendarId: id })
    expect(await matchesNow()).toEqual([])
    await importFile(icsOf([match('a', 4, { location: 'match-01' })]), { calendarId: id })
    expect(await named('Match a')).toMatchObject({
      id: before.id,
      windows: [{ startsMs: soon(4) }],
      nodeIds: [node.id],
    })
  })

  it('lets two matches take each other’s name', async () => {
    const { id } = await importFile(icsOf([match('a', 2, { title: 'One' }), match('b', 5, { title: 'Two' })]))
    const before = await named('One')
    await importFile(icsOf([match('a', 2, { title: 'Two' }), match('b', 5, { title: 'One' })]), { calendarId: id })
    expect((await named('Two')).id).toBe(before.id)
  })

  it('takes the next thousand of ten thousand, in one go', async () => {
    const text = icsOf(Array.from({ length: 10_000 }, (_, index) => match(`m${index}`, 1 + index / 4)))
    const { counts } = await importFile(text)
    expect(counts.added).toBe(1_000)
    expect(await matchesNow()).toHaveLength(1_000)
    const [{ kept } = { kept: 0 }] = await db.sql<{ kept: number }>(
      'SELECT count(*)::int AS kept FROM schedule_window WHERE workspace_id = $1',
      [workspace.id],
    )
    expect(kept).toBe(1_000)
  }, 90_000)

  it('goes into events and stages only, and into none of another workspace', async () => {
    const matchId = await workspace.addGroup('Match 1')
    await expect(importFile(icsOf([]), { groupId: matchId })).rejects.toMatchObject({ code: 'validation' })
    const foreign = await (await createWorkspace(db)).addGroup('Theirs', [], { kind: 'event' })
    await expect(importFile(icsOf([]), { groupId: foreign })).rejects.toMatchObject({ code: 'not_found' })
  })
})

describe('a calendar by address', () => {
  const refresh = (id: string) => refreshCalendar({ ctx: workspace.asJob, input: { id }, parts: CALENDAR_PARTS })
  const serve = (text: string, headers: Record<string, string> = {}) => {
    site.answer = (_, response) =>
      void response.writeHead(200, { 'content-type': 'text/calendar', ...headers }).end(text)
  }
  const rowOf = async (id: string) =>
    (await db.sql('SELECT * FROM calendar WHERE id = $1', [id]))[0] as Record<string, unknown>

  it('is kept sealed, and asked with what the server said of its state', async () => {
    const id = await addCalendar(workspace, eventId, `${site.url}/secret.ics`)
    serve(icsOf([match('a', 2)]), { etag: '"v1"' })
    expect(await refresh(id)).toEqual({ isGood: true, error: null })
    expect(JSON.stringify(await rowOf(id))).not.toContain('secret.ics')
    site.answer = (_, response) => void response.writeHead(304).end()
    clock.advance(HOUR)
    expect(await refresh(id)).toMatchObject({ isGood: true })
    expect(site.asked[1]?.headers['if-none-match']).toBe('"v1"')
    expect(await matchesNow()).toHaveLength(1)
    clock.advance(25 * HOUR)
    serve(icsOf([match('a', 2)]))
    await refresh(id)
    expect(site.asked[2]?.headers['if-none-match']).toBeUndefined()
  })

  it('that fails keeps what was last good, says since when and why, and is asked less and less often', async () => {
    const id = await addCalendar(workspace, eventId, `${site.url}/league.ics`)
    serve(icsOf([match('a', 2)]))
    await refresh(id)
    const goodMs = clock.now()
    clock.advance(600_000)
    site.answer = (_, response) => void response.writeHead(503).end()
    expect(await refresh(id)).toMatchObject({ isGood: false, error: expect.stringContaining('answered 503') })
    expect(await refresh(id)).toMatchObject({ isGood: false })
    const row = await rowOf(id)
    expect(row).toMatchObject({
      failures: 2,
      refreshed_at: new Date(goodMs),
      next_at: new Date(clock.now() + 1_200_000),
    })
    expect(await matchesNow()).toHaveLength(1)
    for (const text of ['<html>Sign in</html>', 'BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\n']) {
      serve(text)
      expect(await refresh(id)).toMatchObject({ isGood: false })
      expect(await matchesNow()).toHaveLength(1)
    }
    serve(icsOf([match('a', 2)]))
    expect(await refresh(id)).toMatchObject({ isGood: true })
    expect(await rowOf(id)).toMatchObject({ failures: 0, error: null })
  })

  it.each([
    ['http://127.0.0.1/x.ics', 'not a public address'],
    ['https://169.254.169.254/latest/meta-data', 'not a public address'],
    ['https://[::1]/x.ics', 'not a public address'],
    ['https://metadata.google.internal/x', 'machine of the platform'],
    ['http://example.org.localhost/x.ics', 'machine of the platform'],
  ])('that leads into the platform’s own network is refused: %s', async (url, words) => {
    const id = await addCalendar(workspace, eventId, url)
    const parts = { ...CALENDAR_PARTS, fetch: { allowCidrs: [] } }
    const said = await refreshCalendar({ ctx: workspace.asJob, input: { id }, parts })
    expect(said).toMatchObject({ isGood: false, error: expect.stringContaining(words) })
    expect(site.asked).toEqual([])
  })

  it('that is led on to such a network is refused there, and one led on three times is followed', async () => {
    const id = await addCalendar(workspace, eventId, `${site.url}/0`)
    site.answer = (_, response) => void response.writeHead(302, { location: 'http://169.254.169.254/' }).end()
    expect(await refresh(id)).toMatchObject({ isGood: false, error: expect.stringContaining('not a public address') })
    site.answer = ({ url }, response) => {
      const step = Number(url?.slice(1))
      if (step < 3) response.writeHead(307, { location: `/${step + 1}` }).end()
      else response.writeHead(200).end(icsOf([match('a', 2)]))
    }
    expect(await refresh(id)).toMatchObject({ isGood: true })
    site.answer = ({ url }, response) =>
      void response.writeHead(307, { location: `/${Number(url?.slice(1)) + 1}` }).end()
    expect(await refresh(id)).toMatchObject({ error: expect.stringContaining('leads on more than') })
  })

  it('that sends too much, packed or not, or never ends, is left after a bound', async () => {
    const id = await addCalendar(workspace, eventId, `${site.url}/large.ics`)
    const large = 'X'.repeat(11 * 1_024 * 1_024)
    serve(large)
    expect(await refresh(id)).toMatchObject({ error: expect.stringContaining('more than 10 MB') })
    site.answer = (_, response) => void response.writeHead(200, { 'content-encoding': 'gzip' }).end(gzipSync(large))
    expect(await refresh(id)).toMatchObject({ error: expect.stringContaining('more than 10 MB') })
    site.answer = (_, response) => void response.writeHead(200).write('BEGIN:VCALENDAR\r\n')
    const parts = { ...CALENDAR_PARTS, fetch: { allowCidrs: ['127.0.0.1/32'], timeoutMs: 300 } }
    const said = await refreshCalendar({ ctx: workspace.asJob, input: { id }, parts })
    expect(said.error).toContain('no complete answer within 0.3 s')
  })

  it('is given to one of two engines, and to another once its lease is over', async () => {
    const id = await addCalendar(workspace, eventId, site.url)
    const claim = (nowMs: number) => claimCalendars(db.engine, { limit: 50, nowMs, leaseMs: 120_000 })
    const nowMs = Date.now() + 1_000
    const both = (await Promise.all([claim(nowMs), claim(nowMs)])).flat().filter((one) => one.id === id)
    expect(both).toEqual([{ workspaceId: workspace.id, id }])
    expect((await claim(nowMs + 60_000)).filter((one) => one.id === id)).toEqual([])
    expect((await claim(nowMs + 121_000)).filter((one) => one.id === id)).toHaveLength(1)
  })

  it('that is removed is asked no more; its matches stay, or those to come go with it', async () => {
    for (const withMatches of [false, true]) {
      const { id } = await importFile(icsOf([match('a', 2)]), { name: `Calendar ${withMatches}` })
      await removeCalendar({ ctx, input: { id, withMatches } })
      expect(await matchesNow()).toHaveLength(1)
      await expect(removeCalendar({ ctx, input: { id, withMatches } })).rejects.toMatchObject({ code: 'not_found' })
    }
  })
})

describe('what is on air', () => {
  it('is told to whoever listens when windows, groups or servers change, once a transaction', async () => {
    const { default: pg } = await import('pg')
    const client = new pg.Client(db.urls.DATABASE_APP_URL)
    await client.connect()
    const heard: string[] = []
    client.on('notification', ({ payload }) => heard.push(payload ?? ''))
    await client.query('LISTEN groups')
    await importFile(icsOf([match('a', 2), match('b', 4)]))
    await setSchedule({ ctx, input: { id: eventId, audienceTimes: 3 } })
    await client.query('SELECT 1')
    await client.end()
    expect(heard.filter((said) => said.includes(workspace.id))).toHaveLength(2)
  })
})
