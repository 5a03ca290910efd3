/**
 * What is usual, per traffic class: quantile sketches by hour of week plus one of the last minutes.
 * Sketch: DDSketch (Masson et al. 2019), relative error 2 %. Never fed while a tripwire is crossed, so that an attack
 * cannot teach it.
 */
export const BASELINE_CLASSES = ['total', 'udp', 'syn', 'tcp'] as const
export type BaselineClass = (typeof BASELINE_CLASSES)[number]

/** Bucket counts by logarithmic index; index 0 is zero traffic. */
export type Sketch = { counts: Record<string, number>; total: number }

export type ClassBaseline = { recent: Sketch; hours: Record<string, Sketch> }
export type Baseline = Record<BaselineClass, ClassBaseline> & {
  seconds: number
  /** Upper edges before an expected audience came, and when one was expected last. */
  calm?: { ppsHigh: Record<BaselineClass, number>; lastUs: number } | null
}

/** Usual rate and its upper edge (99th percentile), packets each second. */
export type Band = { pps: number; ppsHigh: number }

const RELATIVE_ERROR = 0.02
const GAMMA = Math.log((1 + RELATIVE_ERROR) / (1 - RELATIVE_ERROR))
const RECENT_SECONDS = 300
/** Two weeks of one hour-of-week. */
const HOUR_SAMPLES_MAX = 7_200
const HOUR_SAMPLES_TRUSTED = 1_200
export const LEARNING_SECONDS = 8

const emptySketch = (): Sketch => ({ counts: {}, total: 0 })

export const emptyBaseline = (): Baseline => ({
  total: { recent: emptySketch(), hours: {} },
  udp: { recent: emptySketch(), hours: {} },
  syn: { recent: emptySketch(), hours: {} },
  tcp: { recent: emptySketch(), hours: {} },
  seconds: 0,
})

const bucketOf = (value: number): number => (value < 1 ? 0 : Math.max(1, Math.ceil(Math.log(value) / GAMMA)))
const rateOf = (bucket: number): number => (bucket === 0 ? 0 : Math.exp((bucket - 0.5) * GAMMA))

/** Adds one value; beyond `totalMax` older counts fade, so the sketch follows slow change. */
export function addToSketch(sketch: Sketch, value: number, totalMax: number): Sketch {
  const key = String(bucketOf(value))
  const counts = { ...sketch.counts, [key]: (sketch.counts[key] ?? 0) + 1 }
  if (sketch.total + 1 <= totalMax) return { counts, total: sketch.total + 1 }
  let total = 0
  for (const bucket of Object.keys(counts)) {
    const kept = (counts[bucket] ?? 0) * 0.5
    if (kept < 0.01) delete counts[bucket]
    else {
      counts[bucket] = kept
      total += kept
    }
  }
  return { counts, total }
}

/** Value below which the share `q` of what was added lies; 0 of an empty sketch. */
export function quantile(sketch: Sketch, q: number): number {
  let seen = 0
  // Keys that are whole numbers come in ascending order, by the language.
  for (const bucket of Object.keys(sketch.counts)) {
    seen += sketch.counts[bucket] ?? 0
    if (seen >= q * sketch.total) return rateOf(Number(bucket))
  }
  return 0
}

/** Hour of week in UTC, 0 is Thursday 00:00 (the epoch's weekday). */
export const hourOfWeek = (atUs: number): string => String(Math.floor(atUs / 3.6e9) % 168)

/** One peaceful second learned. */
export function learn(baseline: Baseline, atUs: number, rates: Record<BaselineClass, number>): Baseline {
  const hour = hourOfWeek(atUs)
  const next: Baseline = { ...baseline, seconds: baseline.seconds + 1 }
  for (const name of BASELINE_CLASSES) {
    const { recent, hours } = baseline[name]
    next[name] = {
      recent: addToSketch(recent, rates[name], RECENT_SECONDS),
      hours: { ...hours, [hour]: addToSketch(hours[hour] ?? emptySketch(), rates[name], HOUR_SAMPLES_MAX) },
    }
  }
  return next
}

/** The band for this moment; null until enough was learned. A known hour of week widens the recent band. */
export function bandOf(baseline: Baseline, name: BaselineClass, atUs: number): Band | null {
  if (baseline.seconds < LEARNING_SECONDS) return null
  const { recent, hours } = baseline[name]
  const hour = hours[hourOfWeek(atUs)]
  const band = { pps: quantile(recent, 0.5), ppsHigh: quantile(recent, 0.99) }
  if (!hour || hour.total < HOUR_SAMPLES_TRUSTED) return band
  return { pps: quantile(hour, 0.5), ppsHigh: Math.max(band.ppsHigh, quantile(hour, 0.99)) }
}
