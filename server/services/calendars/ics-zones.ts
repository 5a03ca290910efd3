import ICAL from 'ical.js'
import { DAY_MS, SECOND_MS } from '../../core/units'
import type { Block } from './ics-blocks'
import { isBounded } from './ics-recurrence'

/** A clock reading, as if it were UTC. */
export type WallMs = number
/** Milliseconds that a zone's clock is ahead of UTC when it shows this. */
type OffsetAt = (wallMs: WallMs) => number

export type Zones = {
  /** UTC of a clock reading in a zone; null when the zone is not known. `tzid` null: the calendar's own. */
  toUtcMs: (wallMs: WallMs, tzid: string | null) => number | null
}

const ZONES_MAX = 200
const RULES_MAX = 200

/** The zones that the file defines first, then those the runtime knows by name. */
export function readZones(blocks: readonly Block[], ownZone: string): Zones {
  const defined = new Map<string, OffsetAt>()
  for (const { text } of blocks.slice(0, ZONES_MAX)) {
    const zone = readZone(text)
    if (zone) defined.set(zone.tzid, zone.offsetAt)
  }
  const known = new Map<string, OffsetAt | null>()
  const offsetOf = (tzid: string): OffsetAt | null => {
    const given = defined.get(tzid)
    if (given) return given
    const found = known.get(tzid)
    if (found !== undefined) return found
    const made = namedZone(tzid)
    known.set(tzid, made)
    return made
  }
  return {
    toUtcMs: (wallMs, tzid) => {
      const offsetAt = offsetOf(tzid ?? ownZone)
      return offsetAt === null ? null : wallMs - settled(offsetAt, wallMs)
    },
  }
}

/**
 * Twice a year a clock shows an hour twice, or not at all. As RFC 5545 has it: the first of the two, and what does not exist
 * is counted as if the clock had not been put forward yet.
 */
function settled(offsetAt: OffsetAt, wallMs: WallMs): number {
  const offset = offsetAt(wallMs)
  const before = offsetAt(wallMs - DAY_MS)
  if (offset === before) return offset
  return offsetAt(wallMs - Math.abs(offset - before)) === before ? before : offset
}

function readZone(text: string): { tzid: string; offsetAt: OffsetAt } | null {
  try {
    const component = new ICAL.Component(ICAL.parse(text) as unknown[])
    const parts = component.getAllSubcomponents()
    const rules = parts.flatMap((part) =>
      part.getAllProperties('rrule').map((one) => one.getFirstValue() as ICAL.Recur),
    )
    if (parts.length > RULES_MAX || !rules.every((rule) => isBounded(rule))) return null
    const tzid = String(component.getFirstPropertyValue('tzid'))
    const zone = new ICAL.Timezone({ component, tzid })
    return { tzid, offsetAt: (wallMs) => zone.utcOffset(toTime(wallMs)) * SECOND_MS }
  } catch {
    // Its name may still be one that is known.
    return null
  }
}

export const toTime = (wallMs: WallMs): ICAL.Time =>
  ICAL.Time.fromDateTimeString(new Date(wallMs).toISOString().slice(0, 19))

/** `/example.org/20260101/Europe/Berlin` means Europe/Berlin; some names have three parts. */
const namesIn = (tzid: string): string[] =>
  tzid.startsWith('/') ? [tzid.split('/').slice(-3).join('/'), tzid.split('/').slice(-2).join('/')] : [tzid]

const namedZone = (tzid: string): OffsetAt | null =>
  namesIn(tzid).reduce<OffsetAt | null>((found, name) => found ?? offsetsOf(name), null)

function offsetsOf(timeZone: string): OffsetAt | null {
  try {
    const format = new Intl.DateTimeFormat('en-GB', {
      timeZone,
      hourCycle: 'h23',
      year: 'numeric',
      month: 'numeric',
      day: 'numeric',
      hour: 'numeric',
      minute: 'numeric',
      second: 'numeric',
    })
    const shownAt = (utcMs: number): WallMs => {
      const part = Object.fromEntries(format.formatToParts(utcMs).map(({ type, value }) => [type, Number(value)]))
      return Date.UTC(part.year ?? 0, (part.month ?? 1) - 1, part.day, part.hour, part.minute, part.second)
    }
    return (wallMs) => {
      // What it is ahead at that moment, found from two guesses: offsets change by an hour at most.
      const guess = shownAt(wallMs) - wallMs
      return shownAt(wallMs - guess) - (wallMs - guess)
    }
  } catch {
    return null
  }
}
