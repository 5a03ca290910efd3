import type { inferRouterOutputs } from '@trpc/server'
import type { AppRouter } from '@/server/trpc/router'
import type { Sample } from '@/wire/sample'

export type SeriesAnswer = inferRouterOutputs<AppRouter>['nodes']['series']
type Column = (number | null)[]
export type SeriesKey = Exclude<keyof SeriesAnswer['columns'], 'at_ms'>

/** Points of one node on an even grid: a missing one is `null` in every column, never a line. */
export type Grid = { resolutionMs: number; timesS: number[]; columns: Record<SeriesKey, Column> }

/** Lays an answer on a grid. Points that are there already and lie in its span stay, unless the answer knows better. */
export function toGrid({ resolutionMs, columns, fromMs }: SeriesAnswer, before: Grid | null = null): Grid {
  const { at_ms: times, ...values } = columns
  const known = before?.resolutionMs === resolutionMs ? before : null
  const newestMs = Math.max(times.at(-1) ?? 0, (known?.timesS.at(-1) ?? 0) * 1_000)
  const firstMs = Math.ceil((fromMs + 1) / resolutionMs) * resolutionMs
  const length = Math.max(0, Math.round((newestMs - firstMs) / resolutionMs) + 1)
  const keys = Object.keys(values) as SeriesKey[]
  const grid = emptyGrid(keys, firstMs, resolutionMs, length)
  const place = (from: readonly number[], read: (key: SeriesKey) => Column) => {
    const slots = from.map((atMs) => Math.round((atMs - firstMs) / resolutionMs))
    for (const key of keys) {
      const source = read(key)
      slots.forEach((slot, index) => {
        if (slot >= 0 && slot < length && source[index] != null) grid.columns[key][slot] = source[index] as number
      })
    }
  }
  if (known)
    place(
      known.timesS.map((s) => s * 1_000),
      (key) => known.columns[key],
    )
  place(times, (key) => values[key])
  return grid
}

function emptyGrid(keys: readonly SeriesKey[], firstMs: number, resolutionMs: number, length: number): Grid {
  const timesS = Array.from({ length }, (_, index) => (firstMs + index * resolutionMs) / 1_000)
  const columns = Object.fromEntries(keys.map((key) => [key, new Array<number | null>(length).fill(null)]))
  return { resolutionMs, timesS, columns: columns as Grid['columns'] }
}

/** Adds seconds that came live, in any order; the oldest leave when the grid is longer than `spanMs`. */
export function addSamples(grid: Grid, samples: readonly Sample[], spanMs: number): Grid {
  const { resolutionMs } = grid
  const firstMs = (grid.timesS[0] ?? Math.min(...samples.map(({ atMs }) => atMs)) / 1_000) * 1_000
  const newestMs = Math.max((grid.timesS.at(-1) ?? 0) * 1_000, ...samples.map(({ atMs }) => atMs))
  const keptFromMs = Math.max(firstMs, newestMs - spanMs + resolutionMs)
  const length = Math.round((newestMs - keptFromMs) / resolutionMs) + 1
  const shift = Math.round((keptFromMs - firstMs) / resolutionMs)
  const keys = Object.keys(grid.columns) as SeriesKey[]
  const next = emptyGrid(keys, keptFromMs, resolutionMs, length)
  for (const key of keys) {
    const kept = grid.columns[key].slice(shift)
    next.columns[key] = kept.concat(next.columns[key].slice(kept.length))
  }
  for (const sample of samples) {
    const slot = Math.round((sample.atMs - keptFromMs) / resolutionMs)
    if (slot < 0) continue
    const values = valuesOf(sample)
    for (const key of keys) next.columns[key][slot] = values[key]
  }
  return next
}

const valuesOf = (sample: Sample): Record<SeriesKey, number | null> => ({
  wire_pps: sample.wire.pps,
  wire_bps: sample.wire.bps,
  delivered_pps: sample.delivered.pps,
  delivered_bps: sample.delivered.bps,
  baseline_pps: sample.baseline?.pps ?? null,
  baseline_pps_high: sample.baseline?.ppsHigh ?? null,
  tripwire_pps: sample.tripwirePps,
  tripwire_burst: sample.tripwireBurst ?? null,
  udp_in_pps: sample.protocols.udp.in.pps,
  tcp_in_pps: sample.protocols.tcp.in.pps,
  icmp_in_pps: sample.protocols.icmp.in.pps,
  other_in_pps: sample.protocols.other.in.pps,
  syn_pps: sample.synPps,
  connections: sample.connections,
  syn_backlog: sample.synBacklog,
  listen_drops_pps: sample.listenDropsPps,
  socket_drops_pps: sample.socketDropsPps,
  softnet_drops_pps: sample.softnetDropsPps,
  verified_clients: sample.verifiedClients,
})

/** Points that are known, and those missing between the first and the last of them. */
export function countPoints({ columns }: Grid): { known: number; missing: number } {
  const wire = columns.wire_pps
  const known = wire.filter((value) => value !== null).length
  const first = wire.findIndex((value) => value !== null)
  const last = wire.findLastIndex((value) => value !== null)
  return { known, missing: known === 0 ? 0 : last - first + 1 - known }
}

/** "1 s", "5 min", "1 h": how resolutions are said. */
export function resolutionWords(resolutionMs: number): string {
  if (resolutionMs < 60_000) return `${resolutionMs / 1_000} s`
  return resolutionMs < 3_600_000 ? `${resolutionMs / 60_000} min` : `${resolutionMs / 3_600_000} h`
}
