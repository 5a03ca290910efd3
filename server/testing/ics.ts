const stamp = (ms: number): string => new Date(ms).toISOString().replace(/[-:]|\.\d+/g, '')

export type IcsMatch = {
  uid: string
  title: string
  startsMs: number
  hours?: number
  location?: string
  more?: string[]
}

/** A calendar file as a league would export it. */
export function icsOf(matches: readonly IcsMatch[], more: readonly string[] = []): string {
  const events = matches.flatMap(({ uid, title, startsMs, hours = 2, location = '', more: lines = [] }) => [
    'BEGIN:VEVENT',
    `UID:${uid}`,
    `DTSTART:${stamp(startsMs)}`,
    `DTEND:${stamp(startsMs + hours * 3_600_000)}`,
    `SUMMARY:${title}`,
    `LOCATION:${location}`,
    ...lines,
    'END:VEVENT',
  ])
  return ['BEGIN:VCALENDAR', 'VERSION:2.0', 'PRODID:-//league//EN', ...more, ...events, 'END:VCALENDAR', ''].join(
    '\r\n',
  )
}
