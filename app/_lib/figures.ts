/** A number as people read it: value and unit apart, so that the unit can be quieter. */
export type Figure = { value: string; unit: string }

const STEPS = [
  { at: 1e12, prefix: 'T' },
  { at: 1e9, prefix: 'G' },
  { at: 1e6, prefix: 'M' },
  { at: 1e3, prefix: 'k' },
] as const

/** Three significant digits and never more: rates are measured, not known. */
function threeDigits(value: number): string {
  if (value >= 100) return value.toFixed(0)
  if (value >= 10) return value.toFixed(1)
  return value.toFixed(2)
}

function scaled(value: number, unit: string, wholeBelow: number): Figure {
  const step = STEPS.find(({ at }) => value >= at * 0.9995)
  if (!step || value < wholeBelow) return { value: Math.round(value).toString(), unit }
  return { value: threeDigits(value / step.at), unit: `${step.prefix}${unit}` }
}

export const packetRate = (pps: number): Figure => scaled(pps, 'pps', 1_000)
export const bitRate = (bps: number): Figure => scaled(bps, 'bit/s', 1_000)
export const byteCount = (bytes: number): Figure => scaled(bytes, 'B', 1_000)

/** Counts in words where a person would use them: 4.1 million packets. */
export function packetCount(packets: number): string {
  if (packets >= 1e9) return `${(packets / 1e9).toFixed(1)} billion`
  if (packets >= 1e6) return `${(packets / 1e6).toFixed(1)} million`
  return wholeNumber(packets)
}

export const wholeNumber = (value: number): string =>
  Math.round(value).toLocaleString('en-GB').replaceAll(',', '\u2009')

export const percent = (share: number, digits = 0): string => `${(share * 100).toFixed(digits)} %`

/** A span as measured: ms below 10 s, then seconds, minutes, hours. */
export function span(ms: number): string {
  if (ms < 10) return `${trim(ms.toFixed(1))} ms`
  if (ms < 1_000) return `${Math.round(ms)} ms`
  if (ms < 60_000) return `${trim((ms / 1_000).toFixed(ms < 10_000 ? 2 : 1))} s`
  if (ms < 3_600_000) return `${Math.floor(ms / 60_000)} min ${Math.round((ms % 60_000) / 1_000)} s`
  return `${Math.floor(ms / 3_600_000)} h ${Math.round((ms % 3_600_000) / 60_000)} min`
}

/** A round figure on a time axis: whole minutes without their zero seconds. */
export const axisSpan = (ms: number): string => (ms >= 60_000 && ms % 60_000 === 0 ? `${ms / 60_000} min` : span(ms))

const trim = (text: string): string => text.replace(/\.?0+$/, '')

/** "1.2× usual", or the plain truth when nothing usual is known. */
export function againstUsual(pps: number, usualPps: number | null): string {
  if (usualPps === null) return 'still learning'
  if (usualPps < 1) return pps < 1 ? 'quiet, as usual' : 'usually quiet'
  const times = pps / usualPps
  if (times >= 10) return `${wholeNumber(times)}× usual`
  return `${times.toFixed(1)}× usual`
}
