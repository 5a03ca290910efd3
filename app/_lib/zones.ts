/** Clocks of named zones. A wall is what a clock shows, written as a field of date and time holds it: 2026-11-22T18:30. */

const formats = new Map<string, Intl.DateTimeFormat>()

function formatOf(zone: string, options: Intl.DateTimeFormatOptions): Intl.DateTimeFormat {
  const key = `${zone} ${JSON.stringify(options)}`
  const known = formats.get(key)
  if (known) return known
  const made = new Intl.DateTimeFormat('en-GB', { ...options, timeZone: zone })
  formats.set(key, made)
  return made
}

const PARTS = {
  year: 'numeric',
  month: '2-digit',
  day: '2-digit',
  hour: '2-digit',
  minute: '2-digit',
  hourCycle: 'h23',
} as const

export function wallOf(ms: number, zone: string): string {
  const part = Object.fromEntries(
    formatOf(zone, PARTS)
      .formatToParts(ms)
      .map(({ type, value }) => [type, value]),
  )
  return `${part.year}-${part.month}-${part.day}T${part.hour}:${part.minute}`
}

const asUtc = (wall: string): number => Date.parse(`${wall.slice(0, 16)}Z`)

/** The moment at which the zone's clock shows this; null when it is no date and time. What it shows twice is the first. */
export function msOf(wall: string, zone: string): number | null {
  const shown = asUtc(wall)
  if (!Number.isFinite(shown)) return null
  const offsetAt = (ms: number): number => asUtc(wallOf(ms, zone)) - ms
  const offsets = [offsetAt(shown - 86_400_000), offsetAt(shown + 86_400_000)]
  const fits = offsets.map((offset) => shown - offset).find((ms) => asUtc(wallOf(ms, zone)) === shown)
  // An hour that the clock leaves out is counted on from before.
  return fits ?? shown - (offsets[0] as number)
}

export const dayOf = (ms: number, zone: string): string => wallOf(ms, zone).slice(0, 10)
export const clockOf = (ms: number, zone: string): string => wallOf(ms, zone).slice(11)

/** “Sunday, 22 November”. */
export const dayWords = (day: string): string =>
  formatOf('UTC', { weekday: 'long', day: 'numeric', month: 'long' }).format(asUtc(`${day}T12:00`))

/** “22 Nov, 18:00”. */
export const shortMoment = (ms: number, zone: string): string =>
  formatOf(zone, { day: 'numeric', month: 'short', hour: '2-digit', minute: '2-digit', hourCycle: 'h23' }).format(ms)

/** A span as one reads it: the day is said again only when it ends on another one. */
export function spanWords({ startsMs, endsMs }: { startsMs: number; endsMs: number }, zone: string): string {
  const end = dayOf(startsMs, zone) === dayOf(endsMs, zone) ? clockOf(endsMs, zone) : shortMoment(endsMs, zone)
  return `${shortMoment(startsMs, zone)} – ${end}`
}

/** Berlin, UTC: the last part of a name, as people say it. */
export const zoneWords = (zone: string): string => (zone.split('/').at(-1) ?? zone).replaceAll('_', ' ')

export const allZones = (): string[] => ['UTC', ...Intl.supportedValuesOf('timeZone').filter((zone) => zone !== 'UTC')]
