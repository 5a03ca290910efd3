import { mkdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { type Browser, type BrowserContextOptions, chromium } from '@playwright/test'
import sharp from 'sharp'
import startStack from './e2e/stack'
import { signIn, stack } from './e2e/story'
import { pathsOfPages } from './pages'
import { type Scene, setScene } from './scene'

/** `npm run screens [-- WORD…]`: every page whose path holds a word, in docs/screens, in three widths and both schemes. */

const ROOT = fileURLToPath(new URL('..', import.meta.url)).replace(/\/$/, '')
const FOLDER = join(ROOT, 'docs/screens')
const WIDTHS = { 390: 844, 1280: 800, 1920: 1080 } as const
const SCHEMES = ['light', 'dark'] as const
/** A long page is shown down to here; what follows repeats it. */
const HEIGHT_MAX = 2_600
const SETTLE_MS = 1_500

const wanted = process.argv.slice(2)
const stop = await startStack()
let scene: Scene | undefined
try {
  scene = await setScene()
  const browser = await chromium.launch({
    executablePath: '/usr/bin/chromium',
    args: ['--no-sandbox', '--disable-gpu'],
  })
  const state = await signedIn(browser)
  mkdirSync(FOLDER, { recursive: true })
  if (wanted.length === 0) rmSync(FOLDER, { recursive: true, force: true })
  for (const path of [...publicPaths(scene), ...pathsOfPages(ROOT, 'app/(console)', scene.ids)]) {
    if (wanted.length > 0 && !wanted.some((word) => path.includes(word))) continue
    const isPublic = publicPaths(scene).includes(path)
    await takeAll(browser, path, isPublic ? {} : { storageState: state })
  }
  await browser.close()
} finally {
  await scene?.stop()
  await stop()
}

function publicPaths({ ids, publicPaths: more }: Scene): string[] {
  return [...pathsOfPages(ROOT, 'app/(site)', ids), '/sign-in', '/sign-up', stack().seeded.statusPageUrlPath, ...more]
}

async function signedIn(browser: Browser) {
  const page = await browser.newPage()
  await signIn(page, stack().seeded.owner)
  const state = await page.context().storageState()
  await page.close()
  return state
}

async function takeAll(browser: Browser, path: string, options: BrowserContextOptions): Promise<void> {
  const name = nameOf(path)
  for (const [width, height] of Object.entries(WIDTHS)) {
    for (const colorScheme of SCHEMES) {
      const viewport = { width: Number(width), height }
      const context = await browser.newContext({ ...options, viewport, colorScheme, reducedMotion: 'reduce' })
      const page = await context.newPage()
      await page.goto(stack().webUrl + path, { waitUntil: 'load' })
      // Live figures come a moment after the page.
      await page.waitForTimeout(SETTLE_MS)
      const shown = await page.evaluate(() => document.documentElement.scrollHeight)
      const overflow = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth)
      const clip = { x: 0, y: 0, width: viewport.width, height: Math.min(Math.max(shown, height), HEIGHT_MAX) }
      // What is off the screen is not drawn: the screen is as tall as the picture.
      await page.setViewportSize({ width: viewport.width, height: clip.height })
      await page.waitForTimeout(SETTLE_MS)
      const png = await page.screenshot({ fullPage: true, clip })
      mkdirSync(FOLDER, { recursive: true })
      const file = join(FOLDER, `${name}-${width}-${colorScheme}.webp`)
      await sharp(png).webp({ quality: 60, effort: 5 }).toFile(file)
      if (overflow > 0) process.exitCode = 1
      console.log(`${file.slice(ROOT.length + 1)}${overflow > 0 ? `  SCROLLS SIDEWAYS by ${overflow} px` : ''}`)
      await context.close()
    }
  }
}

/** The path without the workspace and with `x` for an id. */
function nameOf(path: string): string {
  const parts = path.split('?')[0]?.split('/').filter(Boolean) ?? []
  if (parts[0] === stack().seeded.workspaceSlug) parts[0] = 'console'
  const words = parts.map((part) => (/^[a-z]+_[0-9a-f]{32}$/.test(part) || part.length >= 32 ? 'one' : part))
  return words.join('-') || 'site'
}
