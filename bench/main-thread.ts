import type { Page } from '@playwright/test'

export type TraceEvent = {
  name: string
  ph: string
  ts: number
  dur?: number
  /** Time of the thread's own processor, less what others took meanwhile. */
  tdur?: number
  pid: number
  tid: number
  args?: { name?: string }
}

/**
 * Work of the main thread between one frame and the next, in ms of its own processor time: whatever else runs on the
 * machine does not count. `busyPercent` over all the time; `partsMsPerSecond`: what took most of it, parts in parts.
 */
export type FrameWork = {
  frames: number
  p50Ms: number
  p95Ms: number
  p99Ms: number
  maxMs: number
  busyPercent: number
  partsMsPerSecond: Record<string, number>
}

const PARTS_SHOWN = 8
const ownMs = ({ tdur, dur }: TraceEvent): number => (tdur ?? dur ?? 0) / 1_000

/** What the browser's own trace says of the next `forMs`. */
export async function recordTrace(page: Page, forMs: number): Promise<TraceEvent[]> {
  const session = await page.context().newCDPSession(page)
  const events: TraceEvent[] = []
  session.on('Tracing.dataCollected', ({ value }) => events.push(...(value as unknown as TraceEvent[])))
  const complete = new Promise((done) => session.once('Tracing.tracingComplete', done))
  await session.send('Tracing.start', {
    traceConfig: { includedCategories: ['toplevel', 'devtools.timeline'] },
    transferMode: 'ReportEvents',
  })
  await page.waitForTimeout(forMs)
  await session.send('Tracing.end')
  await complete
  return events
}

/** Sums the tasks of the page's main thread between animation frames. */
export function frameWork(events: readonly TraceEvent[]): FrameWork {
  const frames = events.filter(({ name }) => name === 'FireAnimationFrame').sort((a, b) => a.ts - b.ts)
  const first = frames[0]
  if (!first) throw new Error('the trace has no animation frame: the page did not draw')
  const tasks = events
    .filter(
      ({ name, ph, pid, tid }) => ph === 'X' && pid === first.pid && tid === first.tid && name.endsWith('RunTask'),
    )
    .sort((a, b) => a.ts - b.ts)
  // A frame begins where the task begins that fires its callbacks.
  const starts: number[] = []
  const work: number[] = []
  let frame = 0
  for (const task of tasks) {
    const { ts, dur = 0 } = task
    const fires = frame < frames.length && (frames[frame] as TraceEvent).ts < ts + dur
    while (frame < frames.length && (frames[frame] as TraceEvent).ts < ts + dur) frame += 1
    if (fires) {
      starts.push(ts)
      work.push(0)
    }
    if (work.length > 0) work[work.length - 1] = (work.at(-1) as number) + ownMs(task)
  }
  const spanMs = ((starts.at(-1) ?? 0) - (starts[0] ?? 0)) / 1_000
  const whole = work.slice(0, -1).sort((a, b) => a - b)
  const at = (share: number): number =>
    Number((whole[Math.min(whole.length - 1, Math.ceil(share * whole.length) - 1)] ?? 0).toFixed(1))
  const busy = whole.reduce((sum, each) => sum + each, 0)
  return {
    frames: whole.length,
    p50Ms: at(0.5),
    p95Ms: at(0.95),
    p99Ms: at(0.99),
    maxMs: at(1),
    busyPercent: Number(((busy / spanMs) * 100).toFixed(1)),
    partsMsPerSecond: partsOf(events, first, spanMs / 1_000),
  }
}

function partsOf(events: readonly TraceEvent[], { pid, tid }: TraceEvent, seconds: number): Record<string, number> {
  const sums = new Map<string, number>()
  for (const event of events) {
    if (event.ph !== 'X' || event.pid !== pid || event.tid !== tid || event.name.endsWith('RunTask')) continue
    sums.set(event.name, (sums.get(event.name) ?? 0) + ownMs(event))
  }
  const most = [...sums].sort((a, b) => b[1] - a[1]).slice(0, PARTS_SHOWN)
  return Object.fromEntries(most.map(([name, ms]) => [name, Number((ms / seconds).toFixed(1))]))
}
