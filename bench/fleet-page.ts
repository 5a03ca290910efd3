import { chromium, type Page } from '@playwright/test'
import { openAppDb } from '../server/db/pool'
import { createEnrolmentToken } from '../server/services/nodes/create-enrolment-token'
import { type AgentSimulator, startAgent } from '../server/testing/agent-simulator'
import { lastSeconds, sampleAt } from '../tests/e2e/flood'
import startStack from '../tests/e2e/stack'
import { signIn, stack } from '../tests/e2e/story'
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
  const agents: AgentSimulator[] = []
  let timer: NodeJS.Timeout | undefined
  try {
    await enrolAll(agents, say)
    timer = reportEachSecond(agents)
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

async function enrolAll(agents: AgentSimulator[], say: Say): Promise<void> {
  const { databaseUrl, gatewayUrl, seeded } = stack()
  const db = openAppDb(databaseUrl)
  const ctx = { workspaceId: seeded.workspaceId, actor: { kind: 'job', name: 'bench' } as const, db }
  const names = Array.from({ length: NODES }, (_, index) => `match-${String(index + 1).padStart(3, '0')}`)
  for (let at = 0; at < NODES; at += 20) {
    const some = names.slice(at, at + 20).map(async (nodeName) => {
      const { token } = await createEnrolmentToken({ ctx, input: { nodeName } })
      agents.push(await startAgent(gatewayUrl, token, nodeName))
    })
    await Promise.all(some)
  }
  await db.close()
  say(`${agents.length} nodes are connected`)
}

/** Five minutes of past first, as after a day of running; then each node its second, spread over the second like real ones. */
function reportEachSecond(agents: AgentSimulator[]): NodeJS.Timeout {
  const past = lastSeconds(300)
  for (const agent of agents) {
    for (let seq = 0; seq < 3; seq += 1) {
      const samples = past.slice(seq * 100, seq * 100 + 100).map((atMs) => sampleAt(atMs, { isFlooded: false }))
      void agent.push('samples', seq + 1, { type: 'samples', samples }).catch(() => {})
    }
  }
  const next = new Map(agents.map((agent) => [agent, { seq: 4, atMs: (past.at(-1) as number) + 1_000 }]))
  let slot = 0
  return setInterval(() => {
    slot = (slot + 1) % 20
    agents.forEach((agent, index) => {
      const turn = next.get(agent)
      if (index % 20 !== slot || !turn) return
      while (turn.atMs <= Date.now()) {
        const samples = [sampleAt(turn.atMs, { isFlooded: index % 50 === 0 })]
        void agent.push('samples', turn.seq, { type: 'samples', samples }).catch(() => {})
        turn.seq += 1
        turn.atMs += 1_000
      }
    })
  }, 50)
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
          [...document.querySelectorAll('canvas')].filter((each) => each.getBoundingClientRect().top < innerHeight)
            .length,
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
      [...document.querySelectorAll('canvas')].filter((each) => Number(each.dataset.newest) > 0).length >= count,
    40,
    { timeout: 60_000 },
  )
}
