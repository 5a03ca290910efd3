import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { type Browser, expect, type Page, test } from '@playwright/test'
import { icsOf } from '../../server/testing/ics'
import { createFlood, lastSeconds, reportFrom, sampleAt } from './flood'
import { addMember } from './neighbour'
import { enrolAgent, expectAccessible, gateway, signIn, stack } from './story'

const HOUR = 3_600_000

test.describe.configure({ timeout: 180_000 })

let calendar: { server: Server; url: string; serve: (text: string | number) => void }
test.beforeAll(async () => {
  let answer: string | number = 404
  const server = createServer((_, response) => {
    if (typeof answer === 'number') response.writeHead(answer).end()
    else response.writeHead(200, { 'content-type': 'text/calendar' }).end(answer)
  })
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done))
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/league.ics`
  calendar = {
    server,
    url,
    serve: (next) => {
      answer = next
    },
  }
})
test.afterAll(() => void calendar.server.close())

const path = (rest: string): string => `${stack().webUrl}/${stack().seeded.workspaceSlug}${rest}`

async function addEvent(page: Page, name: string): Promise<void> {
  await page.goto(path('/events'))
  await page.getByRole('button', { name: 'Add an event' }).first().click()
  await page.getByLabel('Name', { exact: true }).fill(name)
  const wall = (hours: number) => new Date(Date.now() + hours * HOUR).toISOString().slice(0, 16)
  await page.getByLabel('Start of time 1').fill(wall(-1))
  await page.getByLabel('End of time 1').fill(wall(8))
  await page.getByRole('button', { name: 'Add the event' }).click()
  await expect(page.getByRole('heading', { level: 1, name })).toBeVisible({ timeout: 30_000 })
}

async function importFromAddress(page: Page): Promise<void> {
  await page.getByRole('button', { name: 'Import a calendar' }).click()
  const dialog = page.getByRole('dialog')
  await dialog.getByLabel('Address').fill(calendar.url)
  await dialog.getByRole('button', { name: 'Show what would change' }).click()
}

/** Nothing scrolls sideways, from a phone to a wide screen. */
async function expectToFit(page: Page): Promise<void> {
  for (const width of [390, 1280, 1920]) {
    await page.setViewportSize({ width, height: 900 })
    expect(
      await page.evaluate(() => document.documentElement.scrollWidth - innerWidth),
      `${width} px`,
    ).toBeLessThanOrEqual(0)
  }
  await page.setViewportSize({ width: 1280, height: 900 })
}

/** A screen in a hall: no account, no cookie. */
async function openScreen(browser: Browser, url: string): Promise<Page> {
  const context = await browser.newContext({ viewport: { width: 1920, height: 1080 } })
  const page = await context.newPage()
  await page.goto(url)
  return page
}

async function makeLink(page: Page, name: string): Promise<string> {
  await page.getByRole('button', { name: 'Make a link' }).click()
  await page.getByLabel('For whom').fill(name)
  await page.getByRole('button', { name: 'Make the link' }).click()
  return page.getByLabel('Board, for a screen').inputValue()
}

test('an event by calendar, its match on a board without an account, a flood on it within a second, the link taken back', async ({
  page,
  browser,
}) => {
  await signIn(page, stack().seeded.owner)
  await addEvent(page, 'Winter Major')
  await expectAccessible(page)
  const agent = await enrolAgent('arena-01')
  const node = reportFrom(agent)
  await page.reload()

  calendar.serve(
    icsOf([
      { uid: 'semi', title: 'Semi-final', startsMs: Date.now() - HOUR / 2, location: 'arena-01' },
      { uid: 'final', title: 'Grand final <script>alert(1)</script> 🏆', startsMs: Date.now() + 26 * HOUR },
    ]),
  )
  await importFromAddress(page)
  const preview = page.getByRole('region', { name: 'What would change' })
  await expect(preview).toContainText('2 new, 0 changed')
  await expect(preview.getByRole('row').filter({ hasText: 'Semi-final' })).toContainText('location names arena-01')
  await expect(preview.getByRole('row').filter({ hasText: 'Grand final <script>' })).toContainText('none fits')
  await expectAccessible(page)
  await page.getByRole('button', { name: 'Import this' }).click()
  await expect(page.getByRole('row').filter({ hasText: 'Semi-final' })).toContainText('arena-01')
  await expect(page.getByRole('region', { name: 'Readiness' })).toContainText('never uploaded evidence yet')
  await expectAccessible(page)
  await expectToFit(page)

  const url = await makeLink(page, 'Studio wall')
  await expectAccessible(page)
  const screen = await openScreen(browser, url)
  const semi = screen.getByRole('listitem').filter({ hasText: 'Semi-final' })
  await expect(semi).toHaveAttribute('data-board-state', 'clean')
  await expect(screen.getByText('Live', { exact: true })).toBeVisible()
  expect(await screen.context().cookies()).toEqual([])
  await expectAccessible(screen)
  expect(await screen.evaluate(() => document.documentElement.scrollHeight - innerHeight)).toBeLessThanOrEqual(0)

  const overlay = await openScreen(browser, `${url}/overlay`)
  await expect(overlay.getByRole('heading', { name: 'Semi-final' })).toBeVisible()
  await expect(overlay.getByText('Clean')).toBeVisible()

  const flood = createFlood({ startMs: Date.now() - 10 })
  const floodedMs = Date.now()
  await node.flood(flood, 'opened', 'rule_installed')
  await expect(semi).toHaveAttribute('data-board-state', 'under_mitigation', { timeout: 1_000 })
  expect(Date.now() - floodedMs).toBeLessThan(1_000)
  await expect(semi).toContainText('An attack is being dropped.')
  await expectAccessible(screen)
  await expect(overlay.getByText('Under mitigation')).toBeVisible()
  const corner = await overlay.screenshot({ omitBackground: true, clip: { x: 236, y: 60, width: 4, height: 4 } })
  expect(await isTransparent(overlay, corner)).toBe(true)
  const shown = (await screen.content()) + (await overlay.content())
  expect(shown).not.toMatch(/arena-01|203\.0\.113|27015|pps|dns/i)

  await page.getByRole('link', { name: 'Semi-final' }).click()
  await expect(page.getByRole('status').filter({ hasText: 'Under mitigation' })).toBeVisible()
  await expect(page.getByText('not measured')).toBeVisible()
  await expect(page.getByRole('listitem').filter({ hasText: 'arena-01' }).first()).toContainText('under attack')
  await node.samples(lastSeconds(2).map((atMs) => sampleAt(atMs, { isFlooded: true })))
  await expect(page.locator('[data-part=figures]')).toContainText('22')
  await expectAccessible(page)
  await expectToFit(page)

  await page.goBack()
  await page.getByRole('button', { name: /Take back/ }).click()
  const revokedMs = Date.now()
  for (const each of [screen, overlay]) await expect(each.getByText('Semi-final')).toHaveCount(0, { timeout: 6_000 })
  expect(Date.now() - revokedMs).toBeLessThan(5_000)
  await expect(screen.getByRole('heading', { level: 1, name: 'This board is not shown here any more' })).toBeVisible()
  const again = await screen.goto(url)
  expect(again?.status()).toBe(404)
  await expect(screen.getByText('Ask whoever gave it to you for a new one.')).toBeVisible()
  await expectAccessible(screen)
  await node.flood(flood, 'mitigated', 'ending', 'resolved')
  for (const each of [screen, overlay]) await each.context().close()
  agent.close()
})

/** Whether nothing was painted in this picture, as a browser sees it. */
const isTransparent = (page: Page, picture: Buffer): Promise<boolean> =>
  page.evaluate(
    async (bytes) => {
      const bitmap = await createImageBitmap(new Blob([new Uint8Array(bytes)]))
      const canvas = new OffscreenCanvas(bitmap.width, bitmap.height)
      const context = canvas.getContext('2d') as OffscreenCanvasRenderingContext2D
      context.drawImage(bitmap, 0, 0)
      return context.getImageData(0, 0, bitmap.width, bitmap.height).data.every((value) => value === 0)
    },
    [...picture],
  )

test('a calendar that is bad, gone or huge: clear words, what was good stays, ten thousand entries are taken a thousand at a time', async ({
  page,
}) => {
  await signIn(page, stack().seeded.owner)
  await addEvent(page, 'Open League')
  const alert = page.getByRole('dialog').getByRole('alert')
  for (const [text, words] of [
    [404, 'there is no calendar at this address'],
    ['<!doctype html><title>Sign in</title>', 'This is no calendar'],
    ['BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\nUID:a\r\n', 'breaks off before its end'],
  ] as const) {
    calendar.serve(text)
    await importFromAddress(page)
    await expect(alert).toContainText(words)
    await page.getByRole('button', { name: 'Cancel' }).click()
  }
  await expect(page.getByText('No calendar is imported.')).toBeVisible()

  const many = Array.from({ length: 10_000 }, (_, index) => ({
    uid: `m${index}`,
    title: `Match ${index}`,
    startsMs: Date.now() + (index + 1) * 900_000,
  }))
  calendar.serve(icsOf(many))
  await importFromAddress(page)
  const preview = page.getByRole('region', { name: 'What would change' })
  await expect(preview).toContainText('The first thousand are taken', { timeout: 60_000 })
  await page.getByRole('button', { name: 'Import this' }).click()
  await expect(page.getByRole('link', { name: 'Match 0', exact: true })).toBeVisible({ timeout: 60_000 })

  calendar.serve(503)
  await page.getByRole('button', { name: /Refresh now/ }).click()
  await expect(page.getByText(/Not refreshed, last .*answered 503/)).toBeVisible({ timeout: 60_000 })
  await expect(page.getByRole('link', { name: 'Match 0', exact: true })).toBeVisible()
  calendar.serve(icsOf(many.slice(1)))
  await page.getByRole('button', { name: /Refresh now/ }).click()
  await expect(page.getByRole('link', { name: 'Match 0', exact: true })).toHaveCount(0, { timeout: 60_000 })
  await page.getByRole('button', { name: /^Remove/ }).click()
  await page.getByRole('button', { name: 'Archive those to come' }).click()
  await expect(page.getByText('No calendar is imported.')).toBeVisible()
  await expect(page.getByText('No matches yet.')).toBeVisible({ timeout: 60_000 })
})

test('a broadcaster has the calendar and the board by account, and neither servers, incidents nor links', async ({
  page,
}) => {
  const { databaseUrl, seeded, webUrl } = stack()
  await signIn(page, seeded.owner)
  await addEvent(page, 'Summer Cup')
  const eventUrl = page.url()
  await page.getByRole('button', { name: 'Add a match' }).click()
  await page.getByLabel('Name', { exact: true }).fill('Quarter-final')
  await page
    .getByLabel(/^match-0|arena/)
    .first()
    .check()
  await page.getByRole('button', { name: 'Add the match' }).click()
  await expect(page.getByRole('link', { name: 'Quarter-final' })).toBeVisible()

  await page.context().clearCookies()
  const person = await addMember(databaseUrl, seeded.workspaceId, 'broadcaster')
  await page.goto(`${webUrl}/sign-in`)
  await page.getByLabel('Email').fill(person.email)
  await page.getByLabel('Password').fill(person.password)
  await page.getByRole('button', { name: 'Sign in' }).click()
  await expect(page.getByRole('heading', { level: 1, name: 'Events' })).toBeVisible({ timeout: 30_000 })
  await expectAccessible(page)
  await expect(page.getByRole('button', { name: 'Add an event' })).toHaveCount(0)
  await page.goto(eventUrl)
  await expect(page.getByRole('heading', { level: 1, name: 'Summer Cup' })).toBeVisible()
  for (const region of ['Readiness', 'Board links', 'Calendars'])
    await expect(page.getByRole('region', { name: region })).toHaveCount(0)
  expect(await page.content()).not.toMatch(/match-0\d|arena-0/)
  await page.getByRole('link', { name: 'Quarter-final' }).click()
  await expect(page.getByRole('heading', { level: 1, name: 'Quarter-final' })).toBeVisible()
  await expect(page.getByRole('region', { name: 'Servers' })).toHaveCount(0)
  await expectAccessible(page)
  const boardUrl = (await page.getByRole('link', { name: 'Open the board' }).getAttribute('href')) ?? ''
  await page.goto(webUrl + boardUrl)
  await expect(page.getByRole('listitem').filter({ hasText: 'Quarter-final' })).toBeVisible()
  await expect(page.getByText('Live', { exact: true })).toBeVisible()
  expect(await page.content()).not.toMatch(/match-0\d|arena-0|pps/)
  const input = encodeURIComponent(JSON.stringify({ workspace: seeded.workspaceSlug }))
  for (const procedure of ['nodes.tiles', 'incidents.list', 'members.list'])
    expect((await page.request.get(`${webUrl}/api/trpc/${procedure}?input=${input}`)).status(), procedure).toBe(403)
})

test('a board left open over a gateway restart says so, keeps what it knew, and goes on by itself', async ({
  page,
  browser,
}) => {
  await signIn(page, stack().seeded.owner)
  await addEvent(page, 'Night Cup')
  const screen = await openScreen(browser, await makeLink(page, 'Wall'))
  await expect(screen.getByText('Live', { exact: true })).toBeVisible()
  await gateway('kill')
  await expect(screen.getByText(/^As of .*Reconnecting\.$/)).toBeVisible()
  await expect(screen.getByRole('listitem').filter({ hasText: 'Night Cup' })).toBeVisible()
  await expect(screen.getByRole('list')).toHaveAttribute('data-stale', 'true')
  await expectAccessible(screen)
  await gateway('start')
  await expect(screen.getByText('Live', { exact: true })).toBeVisible({ timeout: 20_000 })
  await expect(screen.getByRole('list')).not.toHaveAttribute('data-stale', 'true')
  await screen.context().close()
})

test('the calendar by keyboard: months, days, both views, an event opened and left', async ({ page }) => {
  await signIn(page, stack().seeded.owner)
  await addEvent(page, 'Keyboard Cup')
  await page.keyboard.press('g')
  await page.keyboard.press('e')
  await expect(page.getByRole('heading', { level: 1, name: 'Events' })).toBeVisible()
  const today = new Date()
  const words = (monthsAhead: number) =>
    new Intl.DateTimeFormat('en-GB', { month: 'long', year: 'numeric' }).format(
      new Date(today.getFullYear(), today.getMonth() + monthsAhead, 1),
    )
  await expect(page.locator('[data-part=now]')).toBeVisible()
  await expectAccessible(page)
  await expectToFit(page)
  await page.keyboard.press('n')
  await expect(page.getByRole('heading', { name: words(1) })).toBeVisible()
  await page.keyboard.press('t')
  await expect(page.getByRole('heading', { name: words(0) })).toBeVisible()
  await page.keyboard.press('m')
  const days = page.getByRole('table', { name: 'Days' })
  await expect(days).toBeVisible()
  await expectAccessible(page)
  await expectToFit(page)
  await days.locator('[aria-current=date]').focus()
  await page.keyboard.press('ArrowDown')
  await page.keyboard.press('ArrowLeft')
  const focused = page.locator('[data-day]:focus')
  const expected = new Date(today.getTime() + 6 * 24 * HOUR).toISOString().slice(0, 10)
  await expect(focused).toHaveAttribute('data-day', expected)
  await page.keyboard.press('PageDown')
  await expect(page.getByRole('heading', { name: new RegExp(expected.slice(0, 4)) })).toBeVisible()
  await page.keyboard.press('a')
  await page
    .getByRole('link', { name: /Keyboard Cup/ })
    .first()
    .focus()
  await page.keyboard.press('Enter')
  await expect(page.getByRole('heading', { level: 1, name: 'Keyboard Cup' })).toBeVisible()
})
