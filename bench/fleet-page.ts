import { chromium, type Page } from '@playwright/test'
import type { AgentSimulator } from '../server/testing/agent-simulator'
import startStack from '../tests/e2e/stack'
import { signIn, stack } from '../tests/e2e/story'
import { connectFleet, reportEachSecond } from './live-fleet'
import { type FrameWork, frameWork, recordTrace } from './main-thread'
import type { Result } from './result'

const NODES = 500
/** What a frame may cost: 60 a second. */
const LIMIT_MS = 16
/** A desk, and a wall on which nearly all tiles are on screen at once. */
const SCREENS = { desk: { width: 1440, height: 900 }, wall: { width: 3840, height: 2160 } } as const
const MEASURE_MS = 20_000

type Say = (line: string) => void
type Screen = keyof typeof SCREENS
export type FleetPageFigures = { nodes: number; frames: Record<Screen, FrameWork> }

/** What 500 nodes that report each second cost the browser's main thread on the fleet page. */
export async function fleetPage(_root: string, _runs: number, say: Say): Promise<Result<FleetPageFigures>> {
  const stop = await startStack()
  let agents: AgentSimulator[] = []
  let timer: NodeJS.Timeout | undefined
  try {
    const names = Array.from({ length: NODES }, (_, index) => `match-${String(index + 1).padStart(3, '0')}`)
    agents = await connectFleet(names, say)
    timer = await reportEachSecond(agents)
    const frames = await measureScreens(say)
    const figures: FleetPageFigures = { nodes: NODES, frames }
    const ratio = { desk: frames.desk.p95Ms / LIMIT_MS, wall: frames.wall.p95Ms / LIMIT_MS }
    return { name: 'fleet-page', figures, peer: `${LIMIT_MS} ms of main thread a frame, 95th percentile`, ratio }
  } finally {
    clearInterval(timer)
    for (const agent of agents) agent.close()
    await stop()
  }
}

async function measureScreens(say: Say): Promise<Record<Screen, FrameWork>> {
  const browser = await chromium.launch({
    executablePath: '/usr/bin/chromium',
    args: ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking'],
  })
  try {
    const measured: Partial<Record<Screen, FrameWork>> = {}
    for (const screen of Object.keys(SCREENS) as Screen[]) {
      const page = await browser.newPage({ viewport: SCREENS[screen], colorScheme: 'dark' })
      await openFleet(page)
      const events = await recordTrace(page, MEASURE_MS)
      const onScreen = await page.evaluate(
        () =>
          [...document.querySelectorAll<HTMLElement>('[data-part=chart]')].filter(
            (each) => each.getBoundingClientRect().top < innerHeight,
          ).length,
      )
      measured[screen] = frameWork(events)
      say(`${screen}, ${onScreen} tiles on screen: ${JSON.stringify(measured[screen])}`)
      await page.close()
    }
    return measured as Record<Screen, FrameWork>
  } finally {
    await browser.close()
  }
}

async function openFleet(page: Page): Promise<void> {
  // A page that always wants the next frame: every piece of work falls into one.
  await page.addInitScript(() => {
    const again = () => requestAnimationFrame(again)
    again()
  })
  await signIn(page, stack().seeded.owner)
  await page.getByText('Live, every second').waitFor()
  await page.waitForFunction(
    (count) =>
      [...document.querySelectorAll<HTMLElement>('[data-part=chart]')].filter((each) => Number(each.dataset.newest) > 0)
        .length >= count,
    40,
    { timeout: 60_000 },
  )
}
