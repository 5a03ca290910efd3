import { LimitExceededError, ValidationError } from '../../core/errors'
import { DAY_MS } from '../../core/units'
import { cutBlocks, NotACalendar } from './ics-blocks'
import { type IcsEvent, readEvent, UnreadableEntry } from './ics-events'
import { isBounded } from './ics-recurrence'
import { readZones } from './ics-zones'

/** One match as the calendar has it. `recurrence`: which of a series, by its original start; empty for one that stands alone. */
export type IcsEntry = {
  uid: string
  recurrence: string
  title: string
  location: string
  startsMs: number
  endsMs: number
  isCancelled: boolean
}

export type IcsProblem = { line: number; words: string }

export type IcsCalendar = {
  name: string | null
  /** How many entries the file has, series counted once. */
  seen: number
  /** How many happen within the horizon. */
  inHorizon: number
  /** The next of those, by start. */
  entries: IcsEntry[]
  /** Entries from here on were left out, because there are too many; null when none was. */
  cutMs: number | null
  problems: IcsProblem[]
  /** Entries that could not be read: they are not gone. Null: it is not even known which. */
  unreadable: ReadonlySet<string> | null
}

export const ICS_BYTES_MAX = 10 * 1_024 * 1_024
const BLOCKS_MAX = 30_000
/** As many matches as one event can be followed by people. */
export const ENTRIES_MAX = 1_000
const STEPS_A_SERIES_MAX = 6_000
const STEPS_MAX = 400_000
const PROBLEMS_MAX = 50
/** Longest stretch without letting others in: an incident must not wait for a calendar. */
const SLICE_MS = 8
const WORK_MS_MAX = 15_000

export const HORIZON = { backMs: 2 * DAY_MS, aheadMs: 120 * DAY_MS } as const

type Options = { nowMs: number; zone: string }

/** Reads a calendar, series unrolled over the horizon. @throws ValidationError when it is none, LimitExceededError when it is too much */
export async function parseIcs(text: string, { nowMs, zone }: Options): Promise<IcsCalendar> {
  const breathe = createBreather()
  const { properties, blocks, oversized } = await cut(text, breathe)
  const ofKind = (kind: string) => blocks.filter((block) => block.kind === kind)
  const events = ofKind('VEVENT')
  if (events.length > BLOCKS_MAX)
    throw new LimitExceededError(
      `The calendar has ${events.length} entries; ${BLOCKS_MAX} can be read. Export a shorter span.`,
    )
  const ownZone = properties.get('X-WR-TIMEZONE') || zone
  const zones = readZones(ofKind('VTIMEZONE'), ownZone)
  const problems: IcsProblem[] = oversized.map((line) => ({ line, words: 'an entry is larger than 64 kB' }))
  const unread: (string | null)[] = oversized.map(() => null)
  const read: IcsEvent[] = []
  for (const { text: block, line } of events) {
    await breathe()
    try {
      read.push(readEvent(block, zones))
    } catch (error) {
      if (!(error instanceof UnreadableEntry)) throw error
      problems.push({ line, words: error.message })
      unread.push(error.uid)
    }
  }
  const span = { fromMs: nowMs - HORIZON.backMs, toMs: nowMs + HORIZON.aheadMs }
  const { entries, refused } = await unroll(read, span, breathe)
  for (const { uid, words } of refused) {
    problems.push({ line: 0, words })
    unread.push(uid)
  }
  entries.sort((left, right) => left.startsMs - right.startsMs || (left.uid < right.uid ? -1 : 1))
  return {
    name: properties.get('X-WR-CALNAME')?.replace(/\p{C}/gu, '').slice(0, 80) || null,
    seen: events.length + oversized.length,
    inHorizon: entries.length,
    entries: entries.slice(0, ENTRIES_MAX),
    cutMs: entries[ENTRIES_MAX]?.startsMs ?? null,
    problems: problems.slice(0, PROBLEMS_MAX),
    unreadable: unread.includes(null) ? null : new Set(unread as string[]),
  }
}

async function cut(text: string, breathe: Breathe) {
  try {
    return await cutBlocks(text, breathe)
  } catch (error) {
    if (error instanceof NotACalendar)
      throw new ValidationError(`${error.message} Export the calendar as iCalendar (.ics) and try again.`, 'text')
    throw error
  }
}

type Breathe = () => Promise<void>

/** Lets others in after each slice of work, and ends work that takes too long. */
function createBreather(): Breathe {
  let sliceMs = performance.now()
  let workMs = 0
  return async () => {
    const nowMs = performance.now()
    if (nowMs - sliceMs < SLICE_MS) return
    workMs += nowMs - sliceMs
    if (workMs > WORK_MS_MAX)
      throw new LimitExceededError('The calendar takes too long to read. Export a shorter span.')
    await new Promise((resolve) => setImmediate(resolve))
    sliceMs = performance.now()
  }
}

type SpanMs = { fromMs: number; toMs: number }
type Refused = { uid: string; words: string }

/** Every occurrence within the span; what replaces one of a series stands in its place, moved or cancelled. */
async function unroll(events: readonly IcsEvent[], span: SpanMs, breathe: Breathe) {
  const replaced = new Map<string, IcsEvent>()
  const masters = new Map<string, IcsEvent>()
  for (const event of events) {
    const key = event.replacesMs === null ? event.uid : keyOf(event.uid, event.replacesMs)
    const kept = event.replacesMs === null ? masters : replaced
    // Of two versions of one entry the later counts.
    if ((kept.get(key)?.sequence ?? -1) <= event.sequence) kept.set(key, event)
  }
  const entries: IcsEntry[] = []
  const refused: Refused[] = []
  const add = (
    event: IcsEvent,
    recurrence: string,
    startsMs = event.startsMs,
    isCancelled = event.isCancelled,
  ): void => {
    const endsMs = startsMs + event.endsMs - event.startsMs
    if (endsMs <= span.fromMs || startsMs >= span.toMs) return
    const { uid, title, location } = event
    entries.push({ uid, recurrence, title, location, startsMs, endsMs, isCancelled })
  }
  let stepsLeft = STEPS_MAX
  for (const master of masters.values()) {
    await breathe()
    if (master.series === null) {
      add(master, '')
      continue
    }
    const { startsMs, steps, words } = await occurrences(master, span, breathe, stepsLeft)
    stepsLeft -= steps
    if (words !== null) refused.push({ uid: master.uid, words: `“${master.title}” ${words}` })
    for (const atMs of startsMs) if (!replaced.has(keyOf(master.uid, atMs))) add(master, nameOf(atMs), atMs)
  }
  for (const event of replaced.values()) {
    const isCancelled = event.isCancelled || masters.get(event.uid)?.isCancelled === true
    add(event, nameOf(event.replacesMs as number), event.startsMs, isCancelled)
  }
  return { entries, refused }
}

const keyOf = (uid: string, atMs: number): string => `${uid}\n${atMs}`
const nameOf = (atMs: number): string => new Date(atMs).toISOString()

/** Starts of a series that touch the span. `words`: why it could not be unrolled whole. */
async function occurrences(
  { series, startsMs, endsMs }: IcsEvent,
  { fromMs, toMs }: SpanMs,
  breathe: Breathe,
  stepsMax: number,
) {
  if (series === null) return { startsMs: [], steps: 0, words: null }
  const lengthMs = endsMs - startsMs
  const found = new Set([startsMs, ...series.alsoMs])
  let steps = 0
  for (const rule of series.rules) {
    if (!isBounded(rule))
      return { startsMs: [], steps, words: 'repeats by a rule that is not supported: use days, weeks, months or years' }
    const iterator = rule.iterator(series.startWall)
    for (let next = iterator.next(); next; next = iterator.next()) {
      await breathe()
      steps += 1
      if (steps > Math.min(STEPS_A_SERIES_MAX, stepsMax))
        return { startsMs: [], steps, words: 'repeats too often to be unrolled' }
      const atMs = series.toUtcMs(next)
      if (atMs > series.untilMs || atMs >= toMs) break
      if (atMs + lengthMs > fromMs) found.add(atMs)
    }
  }
  return { startsMs: [...found].filter((atMs) => !series.leftOutMs.has(atMs)), steps, words: null }
}
