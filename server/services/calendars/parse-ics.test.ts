import { describe, expect, it } from 'vitest'
import { icsOf } from '../../testing/ics'
import { ENTRIES_MAX, type IcsCalendar, parseIcs } from './parse-ics'

const NOW_MS = Date.parse('2026-10-20T12:00:00Z')
const HOUR = 3_600_000
const DAY = 24 * HOUR

const read = (text: string, zone = 'UTC'): Promise<IcsCalendar> => parseIcs(text, { nowMs: NOW_MS, zone })
/** One VEVENT with these lines, beside whatever else the calendar holds. */
const event = (lines: string[], more: string[] = []) =>
  [
    'BEGIN:VCALENDAR',
    'VERSION:2.0',
    ...more,
    'BEGIN:VEVENT',
    'UID:a@league',
    ...lines,
    'END:VEVENT',
    'END:VCALENDAR',
  ].join('\r\n')
const startsOf = ({ entries }: IcsCalendar): string[] =>
  entries.map(({ startsMs }) => new Date(startsMs).toISOString().slice(0, 16))

const CUSTOM_ZONE = [
  'BEGIN:VTIMEZONE',
  'TZID:Arena time',
  'BEGIN:STANDARD',
  'DTSTART:19701025T030000',
  'RRULE:FREQ=YEARLY;BYMONTH=10;BYDAY=-1SU',
  'TZOFFSETFROM:+0400',
  'TZOFFSETTO:+0300',
  'END:STANDARD',
  'BEGIN:DAYLIGHT',
  'DTSTART:19700329T020000',
  'RRULE:FREQ=YEARLY;BYMONTH=3;BYDAY=-1SU',
  'TZOFFSETFROM:+0300',
  'TZOFFSETTO:+0400',
  'END:DAYLIGHT',
  'END:VTIMEZONE',
]

describe('what an entry says', () => {
  it('is its title, place and times, folded lines and escapes read as they were meant', async () => {
    const { entries } = await read(
      event([
        'DTSTART:20261022T180000Z',
        'DTEND:20261022T203000Z',
        'SUMMARY:Final\\, A vs',
        '  B 🏆',
        'LOCATION:match-03',
      ]),
    )
    expect(entries).toEqual([
      {
        uid: 'a@league',
        recurrence: '',
        title: 'Final, A vs B 🏆',
        location: 'match-03',
        startsMs: Date.parse('2026-10-22T18:00:00Z'),
        endsMs: Date.parse('2026-10-22T20:30:00Z'),
        isCancelled: false,
      },
    ])
  })

  it('loses what cannot be seen, and never more than a name has room for', async () => {
    const { entries } = await read(
      event(['DTSTART:20261022T180000Z', `SUMMARY:\u202e\u200bevil\u0007 ${'👾'.repeat(200)}`]),
    )
    expect(entries[0]?.title.startsWith('evil 👾')).toBe(true)
    expect([...(entries[0]?.title ?? '')].length).toBeLessThanOrEqual(80)
  })

  it('lasts two hours where no end is given, and the whole day where only a day is', async () => {
    const [timed] = (await read(event(['DTSTART:20261022T180000Z']))).entries
    expect((timed?.endsMs ?? 0) - (timed?.startsMs ?? 0)).toBe(2 * HOUR)
    const [whole] = (await read(event(['DTSTART;VALUE=DATE:20261022']), 'Europe/Berlin')).entries
    expect(new Date(whole?.startsMs ?? 0).toISOString()).toBe('2026-10-21T22:00:00.000Z')
    expect((whole?.endsMs ?? 0) - (whole?.startsMs ?? 0)).toBe(DAY)
  })
})

describe('time zones', () => {
  it('follow the VTIMEZONE of the file, in summer and in winter', async () => {
    const calendar = await read(
      event(['DTSTART;TZID=Arena time:20261024T180000', 'RRULE:FREQ=DAILY;COUNT=3'], CUSTOM_ZONE),
    )
    expect(startsOf(calendar)).toEqual(['2026-10-24T14:00', '2026-10-25T15:00', '2026-10-26T15:00'])
  })

  it('are known by name where the file defines none, also by an Olson path', async () => {
    const starts = async (tzid: string) => startsOf(await read(event([`DTSTART;TZID=${tzid}:20261024T180000`])))
    expect(await starts('Europe/Berlin')).toEqual(['2026-10-24T16:00'])
    expect(await starts('/example.org/Tzfile/Europe/Berlin')).toEqual(['2026-10-24T16:00'])
  })

  it('are the calendar’s own, or else the event’s, for times that name none', async () => {
    const floating = ['DTSTART:20261024T180000']
    expect(startsOf(await read(event(floating), 'America/New_York'))).toEqual(['2026-10-24T22:00'])
    expect(startsOf(await read(event(floating, ['X-WR-TIMEZONE:Asia/Seoul']), 'America/New_York'))).toEqual([
      '2026-10-24T09:00',
    ])
  })

  it('take the first of an hour that the clock shows twice, and count on through one that it leaves out', async () => {
    expect(startsOf(await read(event(['DTSTART;TZID=Europe/Berlin:20261025T023000'])))).toEqual(['2026-10-25T00:30'])
    const spring = await parseIcs(event(['DTSTART;TZID=Europe/Berlin:20260329T023000']), {
      nowMs: Date.parse('2026-03-28T00:00:00Z'),
      zone: 'UTC',
    })
    expect(startsOf(spring)).toEqual(['2026-03-29T01:30'])
  })

  it('that nobody knows are said, with the entry left as it was', async () => {
    const { entries, problems, unreadable } = await read(event(['DTSTART;TZID=Mars/Base:20261024T180000']))
    expect(entries).toEqual([])
    expect(problems[0]?.words).toContain('Mars/Base')
    expect(unreadable).toEqual(new Set(['a@league']))
  })
})

describe('series', () => {
  it('are unrolled by the clock of their zone, within the horizon alone', async () => {
    const calendar = await read(event(['DTSTART;TZID=Europe/Berlin:20261018T180000', 'RRULE:FREQ=WEEKLY;BYDAY=SU']))
    expect(startsOf(calendar).slice(0, 3)).toEqual(['2026-10-18T16:00', '2026-10-25T17:00', '2026-11-01T17:00'])
    expect(calendar.entries.at(-1)?.startsMs).toBeLessThan(NOW_MS + 121 * DAY)
    expect(calendar.entries.length).toBe(18)
  })

  it('end with their UNTIL in UTC, leave out EXDATE and take RDATE', async () => {
    const calendar = await read(
      event([
        'DTSTART;TZID=Europe/Berlin:20261021T180000',
        'RRULE:FREQ=DAILY;UNTIL=20261024T160000Z',
        'EXDATE;TZID=Europe/Berlin:20261022T180000',
        'RDATE;TZID=Europe/Berlin:20261030T200000',
      ]),
    )
    expect(startsOf(calendar)).toEqual(['2026-10-21T16:00', '2026-10-23T16:00', '2026-10-24T16:00', '2026-10-30T19:00'])
  })

  it('follow one that is moved or cancelled by its original start', async () => {
    const moved = [
      'BEGIN:VEVENT',
      'UID:a@league',
      'RECURRENCE-ID:20261022T180000Z',
      'DTSTART:20261022T210000Z',
      'SUMMARY:Moved',
      'END:VEVENT',
      'BEGIN:VEVENT',
      'UID:a@league',
      'RECURRENCE-ID:20261023T180000Z',
      'DTSTART:20261023T180000Z',
      'STATUS:CANCELLED',
      'END:VEVENT',
    ]
    const { entries } = await read(
      event(['DTSTART:20261021T180000Z', 'RRULE:FREQ=DAILY;COUNT=3', 'SUMMARY:Daily'], moved),
    )
    expect(entries.map(({ title, recurrence, isCancelled }) => [title, recurrence, isCancelled])).toEqual([
      ['Daily', '2026-10-21T18:00:00.000Z', false],
      ['Moved', '2026-10-22T18:00:00.000Z', false],
      ['Untitled match', '2026-10-23T18:00:00.000Z', true],
    ])
  })

  it.each([
    'FREQ=DAILY;BYMONTH=2;BYMONTHDAY=30',
    'FREQ=DAILY;INTERVAL=7;BYDAY=MO',
    'FREQ=SECONDLY',
    'FREQ=MINUTELY;INTERVAL=1',
    'FREQ=MONTHLY;INTERVAL=12;BYMONTH=3',
    'FREQ=MONTHLY;BYDAY=9MO',
    'FREQ=MONTHLY;BYDAY=1MO;BYMONTHDAY=20',
    'FREQ=YEARLY;BYMONTH=13',
    'FREQ=YEARLY;BYWEEKNO=53;BYDAY=SU',
  ])('that would be searched for ever are refused at once: %s', async (rule) => {
    const { entries, problems } = await read(event(['DTSTART:20261020T180000Z', `RRULE:${rule}`]))
    expect(entries).toEqual([])
    expect(problems).toHaveLength(1)
  })

  it('that began long ago and happen too often are refused, not walked through', async () => {
    const { problems } = await read(event(['DTSTART:19000101T180000Z', 'RRULE:FREQ=DAILY']))
    expect(problems[0]?.words).toContain('too often')
  })
})

describe('files that are not what they should be', () => {
  it.each([
    ['', 'empty'],
    ['<!doctype html><title>Sign in</title>', 'no calendar'],
    ['BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\nUID:a\r\n', 'breaks off'],
    ['BEGIN:VCALENDAR\r\nEND:VEVENT\r\n', 'broken'],
  ])('are refused in words: %j', async (text, words) => {
    await expect(read(text)).rejects.toMatchObject({ code: 'validation', message: expect.stringContaining(words) })
  })

  it('lose only the entry that is broken, and say where it is', async () => {
    const good = icsOf([{ uid: 'good', title: 'Good', startsMs: NOW_MS + HOUR }])
    const broken = good.replace(
      'BEGIN:VEVENT',
      'BEGIN:VEVENT\r\nUID:bad\r\nDTSTART:tomorrow\r\nEND:VEVENT\r\nBEGIN:VEVENT',
    )
    const { entries, problems, unreadable } = await read(broken)
    expect(entries.map(({ uid }) => uid)).toEqual(['good'])
    expect(problems).toEqual([{ line: 4, words: expect.any(String) }])
    expect(unreadable).toEqual(new Set(['bad']))
  })

  it('with an entry nobody can tell leave it open what is gone', async () => {
    const { unreadable } = await read(event(['DTSTART:20261020T180000Z']).replace('UID:a@league\r\n', ''))
    expect(unreadable).toBeNull()
  })
})

describe('large calendars', () => {
  it('of ten thousand entries are read within bounds, the next thousand are taken, and others get their turns meanwhile', async () => {
    const text = icsOf(
      Array.from({ length: 10_000 }, (_, index) => ({
        uid: `m${index}@league`,
        title: `Match ${index}`,
        startsMs: NOW_MS + index * 600_000,
      })),
    )
    let turns = 0
    const others = setInterval(() => {
      turns += 1
    }, 0)
    const heapBefore = process.memoryUsage().heapUsed
    const calendar = await read(text)
    clearInterval(others)
    expect(calendar.seen).toBe(10_000)
    expect(calendar.inHorizon).toBe(10_000)
    expect(calendar.entries).toHaveLength(ENTRIES_MAX)
    expect(calendar.entries[0]?.title).toBe('Match 0')
    expect(calendar.cutMs).toBe(NOW_MS + ENTRIES_MAX * 600_000)
    expect(turns).toBeGreaterThan(10)
    expect(process.memoryUsage().heapUsed - heapBefore).toBeLessThan(250 * 1_024 * 1_024)
  })

  it('beyond what can be read are refused', async () => {
    const many = Array.from({ length: 30_001 }, () => 'BEGIN:VEVENT\r\nUID:x\r\nEND:VEVENT').join('\r\n')
    await expect(read(`BEGIN:VCALENDAR\r\n${many}\r\nEND:VCALENDAR`)).rejects.toMatchObject({ code: 'limit_exceeded' })
  })
})
