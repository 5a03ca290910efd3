import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { type Browser, chromium, type Page } from '@playwright/test'
import { formatId } from '../server/core/ids'
import { openAppDb } from '../server/db/pool'
import type { AgentSimulator } from '../server/testing/agent-simulator'
import { openStack } from '../tests/e2e/stack'
import { signIn, stack } from '../tests/e2e/story'
import { pathsOfPages } from '../tests/pages'
import { connectFleet, reportEachSecond } from './live-fleet'
import { frameWork, recordTrace } from './main-thread'
import { type PageTimes, timePages } from './page-times'
import type { Result } from './result'

type Say = (line: string) => void

const LIMITS = { serverP95Ms: 100, dashboardJsKb: 180, usableMs: 1_500, consoleKBps: 30, longTaskMaxMs: 50 } as const
export type ConsoleFigures = Record<keyof typeof LIMITS, number> & {
  pages: Record<string, PageTimes>
  /** The same while 500 nodes report each second to gateway and database on the same cores. */
  liveServerP95Ms: number
  liveUsableMs: number
  livePages: Record<string, PageTimes>
}

const THROTTLE = 4
const OPENINGS = 5
const MEASURE_MS = 20_000
const DESK = { width: 1440, height: 900 }
const PAGES = 'app/(console)'

/** What the console costs with a fleet of a big organiser: 500 nodes that report each second, a month of minutes, 400 incidents. */
export async function consolePages(root: string, _runs: number, say: Say): Promise<Result<ConsoleFigures>> {
  const stop = await openStack({ seed: 'major', data: join(root, '.data/bench/major') })
  let agents: AgentSimulator[] = []
  let timer: NodeJS.Timeout | undefined
  try {
    const seeded = await readSeed()
    const paths = pathsOfPages(root, PAGES, seeded.ids)
    const pages = await timePages(root, paths, say)
    const browser = await measureBrowser(async () => {
      agents = await connectFleet(seeded.names, say)
      timer = await reportEachSecond(agents)
    }, say)
    const livePages = await timePages(root, paths, say)
    const figures = {
      serverP95Ms: worstOf(pages),
      ...browser,
      liveServerP95Ms: worstOf(livePages),
      pages,
      livePages,
    }
    const names = Object.keys(LIMITS) as (keyof typeof LIMITS)[]
    const ratio = Object.fromEntries(names.map((name) => [name, round(figures[name] / LIMITS[name])]))
    return { name: 'console', figures, peer: `limits: ${JSON.stringify(LIMITS)}`, ratio }
  } finally {
    clearInterval(timer)
    for (const agent of agents) agent.close()
    await stop()
  }
}

const round = (value: number): number => Number(value.toFixed(2))
const worstOf = (pages: Record<string, PageTimes>): number =>
  Math.max(...Object.values(pages).map(({ p95Ms }) => p95Ms))

type Seed = { names: string[]; ids: Record<string, string> }

async function readSeed(): Promise<Seed> {
  const { databaseUrl, seeded } = stack()
  const db = openAppDb(databaseUrl)
  const where = { workspaceId: seeded.workspaceId }
  const nodes = await db.prisma.node.findMany({ where, select: { id: true, name: true }, orderBy: { name: 'asc' } })
  const incident = await db.prisma.incident.findFirstOrThrow({ where, orderBy: { openedAt: 'desc' } })
  const match = await db.prisma.nodeGroup.findFirstOrThrow({ where: { ...where, kind: 'match' } })
  const event = await db.prisma.nodeGroup.findFirstOrThrow({ where: { ...where, kind: 'event' } })
  await db.close()
  return {
    names: nodes.map(({ name }) => name),
    ids: {
      workspace: seeded.workspaceSlug,
      nodes: formatId('nd', nodes[0]?.id as string),
      incidents: formatId('inc', incident.id),
      matches: formatId('grp', match.id),
      events: formatId('grp', event.id),
    },
  }
}

type BrowserFigures = Pick<
  ConsoleFigures,
  'dashboardJsKb' | 'usableMs' | 'consoleKBps' | 'longTaskMaxMs' | 'liveUsableMs'
>

/** The compiler names functions by this helper, which a page does not have. */
const NAMES = 'globalThis.__name ??= (target) => target'

async function measureBrowser(connect: () => Promise<void>, say: Say): Promise<BrowserFigures> {
  const browser = await chromium.launch({
    executablePath: '/usr/bin/chromium',
    args: ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking'],
  })
  try {
    const page = await browser.newPage({ viewport: DESK, colorScheme: 'dark' })
    await page.addInitScript(NAMES)
    await signIn(page, stack().seeded.owner)
    await page.getByText('Live, every second').waitFor()
    const state = await page.context().storageState()
    const rest = await openThrottled(browser, state, say)
    await connect()
    const live = await watchLive(page)
    say(`live page: ${JSON.stringify(live)}`)
    await page.close()
    const { usableMs: liveUsableMs } = await openThrottled(browser, state, say)
    return { ...rest, ...live, liveUsableMs }
  } finally {
    await browser.close()
  }
}

/** Bytes that one open fleet page is sent, and its longest task, in processor time of its own. */
async function watchLive(page: Page): Promise<Pick<BrowserFigures, 'consoleKBps' | 'longTaskMaxMs'>> {
  let bytes = 0
  page.on('websocket', (socket) =>
    socket.on('framereceived', ({ payload }) => {
      bytes += Buffer.byteLength(payload)
    }),
  )
  await page.reload()
  await page.getByText('Live, every second').waitFor()
  await page.evaluate(() => {
    const again = () => requestAnimationFrame(again)
    again()
  })
  await page.waitForTimeout(5_000)
  bytes = 0
  const { maxMs, otherMaxMs } = frameWork(await recordTrace(page, MEASURE_MS))
  return { consoleKBps: round(bytes / MEASURE_MS), longTaskMaxMs: Math.max(maxMs, otherMaxMs) }
}

/** From the request to the moment at which every chart on screen shows its seconds and the filter takes what is typed. */
async function openThrottled(
  browser: Browser,
  storageState: Awaited<ReturnType<ReturnType<Page['context']>['storageState']>>,
  say: Say,
): Promise<Pick<BrowserFigures, 'usableMs' | 'dashboardJsKb'>> {
  const found: { ms: number; jsKb: number }[] = []
  for (let time = 0; time < OPENINGS; time += 1) {
    const context = await browser.newContext({ viewport: DESK, colorScheme: 'dark', storageState })
    const page = await context.newPage()
    const scripts: Promise<Buffer>[] = []
    page.on('response', (response) => {
      if (response.request().resourceType() === 'script') scripts.push(response.body())
    })
    await page.addInitScript(NAMES)
    await page.addInitScript(noteUsable)
    const session = await context.newCDPSession(page)
    await session.send('Emulation.setCPUThrottlingRate', { rate: THROTTLE })
    await page.goto(`${stack().webUrl}/${stack().seeded.workspaceSlug}`)
    const handle = await page.waitForFunction(() => (window as unknown as { usableMs?: number }).usableMs, undefined, {
      timeout: 60_000,
    })
    const ms = Math.round(Number(await handle.jsonValue()))
    const jsKb = (await Promise.all(scripts)).reduce((sum, body) => sum + gzipSync(body).length, 0) / 1_000
    found.push({ ms, jsKb: round(jsKb) })
    await context.close()
  }
  say(`openings on a processor ${THROTTLE} times slower: ${JSON.stringify(found)}`)
  const usableMs = found.map(({ ms }) => ms).sort((a, b) => a - b)[Math.floor(OPENINGS / 2)] as number
  return { usableMs, dashboardJsKb: found[0]?.jsKb as number }
}

/** Runs in the page: looks at every frame whether all charts on screen are drawn and the filter answers. */
function noteUsable(): void {
  const look = () => {
    const charts = [...document.querySelectorAll<HTMLElement>('[data-part=chart]')].filter((each) => {
      const { top, bottom } = each.getBoundingClientRect()
      return bottom > 0 && top < innerHeight
    })
    const field = document.querySelector('input[type=search]')
    // React marks what it has hydrated.
    const isHydrated = field !== null && Object.keys(field).some((key) => key.startsWith('__reactProps'))
    const isDrawn = charts.length > 0 && charts.every((each) => Number(each.dataset.newest) > 0)
    if (isHydrated && isDrawn) (window as unknown as { usableMs?: number }).usableMs = performance.now()
    else requestAnimationFrame(look)
  }
  addEventListener('DOMContentLoaded', () => requestAnimationFrame(look))
}
