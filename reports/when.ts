/** Times of one report, all in the same zone, which it names. */
export type When = ReturnType<typeof timesIn>

const memo = new Map<string, Intl.DateTimeFormat>()

function formatter(zone: string, options: Intl.DateTimeFormatOptions): Intl.DateTimeFormat {
  const key = `${zone} ${JSON.stringify(options)}`
  const known = memo.get(key) ?? new Intl.DateTimeFormat('en-GB', { ...options, timeZone: zone })
  memo.set(key, known)
  return known
}

const CLOCK = { hour: '2-digit', minute: '2-digit', second: '2-digit', hourCycle: 'h23' } as const
const DATE = { day: 'numeric', month: 'short', year: 'numeric' } as const

export const timesIn = (zone: string) => ({
  zone,
  clock: (ms: number): string => formatter(zone, CLOCK).format(ms),
  date: (ms: number): string => formatter(zone, DATE).format(ms),
  full: (ms: number): string => `${formatter(zone, DATE).format(ms)}, ${formatter(zone, CLOCK).format(ms)}`,
  precise: (ms: number): string =>
    `${formatter(zone, CLOCK).format(ms)}.${String(((Math.floor(ms) % 1_000) + 1_000) % 1_000).padStart(3, '0')}`,
})
