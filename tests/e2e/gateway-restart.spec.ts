import { expect, type Page, test } from '@playwright/test'
import { type LivingNode, startLivingNode } from './living-node'
import { gateway, signIn, stack } from './story'

let node: LivingNode | null = null
test.afterEach(async () => {
  await node?.stop()
  node = null
})

/** Notes whatever looks like an error from the first moment on, however short it stands there. */
async function noteErrors(page: Page): Promise<() => Promise<string[]>> {
  const thrown: string[] = []
  page.on('pageerror', (error) => thrown.push(error.message))
  await page.addInitScript(() => {
    const seen: string[] = []
    Object.assign(globalThis, { seenErrors: seen })
    const look = () => {
      const text = document.body?.textContent ?? ''
      for (const words of ['could not be loaded', 'Something failed', 'Application error', 'session has ended'])
        if (text.includes(words) && !seen.includes(words)) seen.push(words)
    }
    new MutationObserver(look).observe(document, { childList: true, subtree: true, characterData: true })
  })
  return async () => [
    ...thrown,
    ...(await page.evaluate(() => (globalThis as unknown as { seenErrors: string[] }).seenErrors)),
  ]
}

/** Newest second on the fleet's tile, and how many are missing in its five minutes. */
async function tileSeconds(page: Page, name: string) {
  const chart = page.getByRole('listitem').filter({ hasText: name }).locator('[data-part=chart]')
  return {
    newestS: Number(await chart.getAttribute('data-newest')),
    missing: Number(await chart.getAttribute('data-missing')),
  }
}

const LIVE = 'Live, every second'

for (const end of ['stop', 'kill'] as const) {
  test(`fleet and node page live through a gateway that ends by ${end}: calm words, and no second is missing after`, async ({
    page,
    context,
  }) => {
    test.setTimeout(90_000)
    const name = `match-2${end === 'stop' ? 1 : 2}`
    node = await startLivingNode(name, 120)
    const fleetErrors = await noteErrors(page)
    await signIn(page, stack().seeded.owner)
    const nodePage = await context.newPage()
    const nodeErrors = await noteErrors(nodePage)
    await nodePage.goto(`${stack().webUrl}/${stack().seeded.workspaceSlug}/nodes/${node.id}`)
    const points = nodePage.locator('[data-part=resolution]')
    for (const each of [page, nodePage]) await expect(each.getByText(LIVE)).toBeVisible()
    await expect(points).toHaveText('1 point = 1 s, none missing')
    await expect.poll(async () => (await tileSeconds(page, name)).newestS).toBeGreaterThan(0)

    await gateway(end)
    const measuredBefore = node.measured()
    for (const each of [page, nodePage]) await expect(each.getByText('Live figures paused')).toBeVisible()
    // Out for long enough that seconds are measured which nobody could be shown.
    const living = node
    await expect.poll(() => living.measured() - measuredBefore, { timeout: 15_000 }).toBeGreaterThan(5)
    await gateway('start')
    const startedS = Date.now() / 1_000

    for (const each of [page, nodePage]) await expect(each.getByText(LIVE)).toBeVisible({ timeout: 20_000 })
    await expect
      .poll(async () => (await tileSeconds(page, name)).newestS, { timeout: 30_000 })
      .toBeGreaterThan(startedS + 2)
    await expect.poll(async () => (await tileSeconds(page, name)).missing).toBe(0)
    await expect(points).toHaveText('1 point = 1 s, none missing', { timeout: 20_000 })
    await expect
      .poll(async () => Number(await points.getAttribute('data-points')))
      .toBeGreaterThanOrEqual(measuredBefore + 6)
    expect([...(await fleetErrors()), ...(await nodeErrors())]).toEqual([])
    expect(node.isWatched()).toBe(true)
  })
}

test('a node sends each second while somebody looks, and batches when the last page is left', async ({ page }) => {
  node = await startLivingNode('match-23', 20)
  const living = node
  await signIn(page, stack().seeded.owner)
  await expect.poll(() => living.isWatched()).toBe(true)
  await page.getByRole('link', { name: 'Incidents' }).first().click()
  await expect(page.getByRole('heading', { level: 1, name: 'Incidents' })).toBeVisible()
  await expect.poll(() => living.isWatched()).toBe(false)
  await page.goto(`${stack().webUrl}/${stack().seeded.workspaceSlug}/nodes/${living.id}`)
  await expect.poll(() => living.isWatched()).toBe(true)
  await page.close()
  await expect.poll(() => living.isWatched()).toBe(false)
})
