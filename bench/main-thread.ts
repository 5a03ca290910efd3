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
 * Work of the main thread in each task that drew a frame, in ms of its own processor time: whatever else runs on the
 * machine does not count. `otherMaxMs`: longest task that drew nothing. `busyPercent` over all the time;
 * `partsMsPerSecond`: what took most of it, parts in parts.
 */
export type FrameWork = {
  frames: number
  p50Ms: number
  p95Ms: number
  p99Ms: number
  maxMs: number
  otherMaxMs: number
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

/** Tasks of the page's main thread: those that fired an animation frame drew one, with style, layout and paint. */
export function frameWork(events: readonly TraceEvent[]): FrameWork {
  const fired = events.filter(({ name }) => name === 'FireAnimationFrame').sort((a, b) => a.ts - b.ts)
  const first = fired[0]
  if (!first) throw new Error('the trace has no animation frame: the page did not draw')
  const tasks = events
    .filter(
      ({ name, ph, pid, tid }) => ph === 'X' && pid === first.pid && tid === first.tid && name.endsWith('RunTask'),
    )
    .sort((a, b) => a.ts - b.ts)
  const frames: number[] = []
  let otherMaxMs = 0
  let busyMs = 0
  let next = 0
  for (const task of tasks) {
    const ms = ownMs(task)
    busyMs += ms
    const before = next
    while (next < fired.length && (fired[next] as TraceEvent).ts < task.ts + (task.dur ?? 0)) next += 1
    if (next > before) frames.push(ms)
    else otherMaxMs = Math.max(otherMaxMs, ms)
  }
  const seconds = ((tasks.at(-1)?.ts ?? 0) - (tasks[0]?.ts ?? 0)) / 1e6
  frames.sort((a, b) => a - b)
  const at = (share: number): number => Number((frames[Math.ceil(share * frames.length) - 1] ?? 0).toFixed(1))
  return {
    frames: frames.length,
    p50Ms: at(0.5),
    p95Ms: at(0.95),
    p99Ms: at(0.99),
    maxMs: at(1),
    otherMaxMs: Number(otherMaxMs.toFixed(1)),
    busyPercent: Number((busyMs / seconds / 10).toFixed(1)),
    partsMsPerSecond: partsOf(events, first, seconds),
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
