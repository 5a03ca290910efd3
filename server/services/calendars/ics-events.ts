import ICAL from 'ical.js'
import { DAY_MS, HOUR_MS } from '../../core/units'
import type { WallMs, Zones } from './ics-zones'

/** One VEVENT, its times in UTC. */
export type IcsEvent = {
  uid: string
  /** Original start of the one of a series that this replaces. */
  replacesMs: number | null
  sequence: number
  title: string
  location: string
  startsMs: number
  endsMs: number
  isCancelled: boolean
  /** Null: happens once. */
  series: Series | null
}

export type Series = {
  rules: ICAL.Recur[]
  /** First start, as the clock of its zone shows it. */
  startWall: ICAL.Time
  toUtcMs: (time: ICAL.Time) => number
  untilMs: number
  leftOutMs: Set<number>
  alsoMs: number[]
}

/** The entry cannot be read; the words say why. `uid` where that much is known. */
export class UnreadableEntry extends Error {
  constructor(
    readonly uid: string | null,
    message: string,
  ) {
    super(message)
  }
}

/** An entry without an end is taken to last this long. */
export const ASSUMED_MS = 2 * HOUR_MS

const TITLE_CHARACTERS_MAX = 80
const UID_CHARACTERS_MAX = 400

/** What somebody wrote, as one line without what cannot be seen. */
const plain = (value: unknown, charactersMax: number): string =>
  [
    ...String(value ?? '')
      .replace(/\s+/g, ' ')
      .replace(/\p{C}/gu, '')
      .trim(),
  ]
    .slice(0, charactersMax)
    .join('')
    .trim()

export function readEvent(text: string, zones: Zones): IcsEvent {
  const uid = /^UID(?:;[^:\r\n]*)?:(.+)/im.exec(text)?.[1]?.trim().slice(0, UID_CHARACTERS_MAX) ?? null
  try {
    return read(new ICAL.Component(ICAL.parse(text) as unknown[]), zones)
  } catch (error) {
    if (error instanceof UnreadableEntry) throw error
    throw new UnreadableEntry(uid, error instanceof Error ? plain(error.message, 120) : 'it cannot be read')
  }
}

function read(event: ICAL.Component, zones: Zones): IcsEvent {
  const uid = plain(event.getFirstPropertyValue('uid'), UID_CHARACTERS_MAX)
  if (uid === '') throw new UnreadableEntry(null, 'it has no UID, by which changes could be followed')
  const start = momentOf(event.getFirstProperty('dtstart'), zones, uid)
  if (start === null) throw new UnreadableEntry(uid, 'it has no start')
  const endsMs = endOf(event, zones, uid, start)
  return {
    uid,
    replacesMs: momentOf(event.getFirstProperty('recurrence-id'), zones, uid)?.utcMs ?? null,
    sequence: Number(event.getFirstPropertyValue('sequence') ?? 0) || 0,
    title: plain(event.getFirstPropertyValue('summary'), TITLE_CHARACTERS_MAX) || 'Untitled match',
    location: plain(event.getFirstPropertyValue('location'), 200),
    startsMs: start.utcMs,
    endsMs: endsMs > start.utcMs ? endsMs : start.utcMs + ASSUMED_MS,
    isCancelled: String(event.getFirstPropertyValue('status') ?? '').toUpperCase() === 'CANCELLED',
    series: seriesOf(event, zones, uid, start),
  }
}

type Moment = { utcMs: number; time: ICAL.Time; tzid: string | null }

const wallMsOf = (time: ICAL.Time): WallMs =>
  Date.UTC(
    time.year,
    time.month - 1,
    time.day,
    time.isDate ? 0 : time.hour,
    time.isDate ? 0 : time.minute,
    time.isDate ? 0 : time.second,
  )

const isUtc = (time: ICAL.Time): boolean => time.zone === ICAL.Timezone.utcTimezone

function utcOf(time: ICAL.Time, tzid: string | null, zones: Zones, uid: string): number {
  const wallMs = wallMsOf(time)
  const utcMs = isUtc(time) ? wallMs : zones.toUtcMs(wallMs, tzid)
  if (utcMs === null)
    throw new UnreadableEntry(uid, `its time zone ${plain(tzid, 60)} is not known and not defined in the file`)
  if (!Number.isFinite(utcMs)) throw new UnreadableEntry(uid, 'its time cannot be read')
  return utcMs
}

const tzidOf = (property: ICAL.Property): string | null => {
  const tzid = property.getFirstParameter('tzid') as string | undefined
  return tzid ? String(tzid) : null
}

function momentOf(property: ICAL.Property | null, zones: Zones, uid: string): Moment | null {
  const time = property?.getFirstValue()
  if (!property || !(time instanceof ICAL.Time)) return null
  const tzid = tzidOf(property)
  return { utcMs: utcOf(time, tzid, zones, uid), time, tzid }
}

function endOf(event: ICAL.Component, zones: Zones, uid: string, start: Moment): number {
  const end = momentOf(event.getFirstProperty('dtend'), zones, uid)
  if (end) return end.utcMs
  const duration = event.getFirstPropertyValue('duration')
  if (duration instanceof ICAL.Duration) return start.utcMs + duration.toSeconds() * 1_000
  // A whole day where only a day is given.
  return start.time.isDate ? start.utcMs + DAY_MS : start.utcMs + ASSUMED_MS
}

function seriesOf(event: ICAL.Component, zones: Zones, uid: string, start: Moment): Series | null {
  const rules = event.getAllProperties('rrule').map((property) => property.getFirstValue() as ICAL.Recur)
  const alsoMs = momentsOf(event, 'rdate', zones, uid)
  if (rules.length === 0 && alsoMs.length === 0) return null
  const toUtcMs = (time: ICAL.Time): number => utcOf(time, isUtc(start.time) ? 'UTC' : start.tzid, zones, uid)
  const untils = rules.map(({ until }) => (until ? untilOf(until, toUtcMs) : Number.POSITIVE_INFINITY))
  // Compared in UTC: the rule's own end is in UTC, its days are in the zone's clock.
  for (const rule of rules) rule.until = null as unknown as ICAL.Time
  const startWall = start.time.clone()
  startWall.zone = ICAL.Timezone.localTimezone
  return {
    rules,
    startWall,
    toUtcMs,
    untilMs: Math.max(...untils, Number.NEGATIVE_INFINITY),
    leftOutMs: new Set(momentsOf(event, 'exdate', zones, uid)),
    alsoMs,
  }
}

function untilOf(until: ICAL.Time, toUtcMs: (time: ICAL.Time) => number): number {
  if (isUtc(until)) return wallMsOf(until)
  return until.isDate ? toUtcMs(until) + DAY_MS - 1 : toUtcMs(until)
}

/** Of EXDATE and RDATE: several values a property, several properties. */
function momentsOf(event: ICAL.Component, name: string, zones: Zones, uid: string): number[] {
  return event.getAllProperties(name).flatMap((property) =>
    property.getValues().flatMap((value: unknown) => {
      const time = value instanceof ICAL.Period ? value.start : value
      return time instanceof ICAL.Time ? [utcOf(time, tzidOf(property), zones, uid)] : []
    }),
  )
}
