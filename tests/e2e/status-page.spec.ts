import { expect, test } from '@playwright/test'
import { createFlood, reportFrom } from './flood'
import { enrolAgent, expectAccessible, stack } from './story'

test('the public page shows an incident at once, without script or cookie, and returns to calm', async ({
  browser,
}) => {
  const { webUrl, seeded } = stack()
  const agent = await enrolAgent('match-02')
  const node = reportFrom(agent)
  const context = await browser.newContext({ javaScriptEnabled: true })
  const page = await context.newPage()
  const address = webUrl + seeded.statusPageUrlPath
  const headline = page.locator('.headline')

  await page.goto(address)
  await expect(headline).toHaveText('Everything is running normally')
  // The page loads itself again; its own link stops that, so the rule against timed refreshes is answered.
  await expectAccessible(page, ['meta-refresh'])
  expect((await headline.boundingBox())?.y).toBeLessThan(200)

  const flood = createFlood({ startMs: Date.now() - 20 })
  await node.flood(flood, 'opened', 'rule_installed')
  const shown = await firstShowing(`${address}/status.json`, flood.id)
  expect(shown.afterMs).toBeLessThan(300)
  await page.reload()
  await expect(headline).toContainText('is under attack')
  await expectAccessible(page, ['meta-refresh'])

  await node.flood(flood, 'mitigated')
  await expect.poll(async () => page.reload().then(() => headline.textContent())).toContain('is held off')
  await expectAccessible(page, ['meta-refresh'])

  await node.flood(flood, 'ending', 'resolved')
  await expect.poll(async () => page.reload().then(() => headline.textContent())).toBe('Everything is running normally')
  await expect(page.getByText('Attack on Match 2, over').first()).toBeVisible()

  expect(await context.cookies()).toEqual([])
  expect(await page.locator('script').count()).toBe(0)
  await expectNothingPrivate(await page.content())
  await expectNothingPrivate(JSON.stringify(await (await fetch(`${address}/status.json`)).json()))
  await context.close()
  agent.close()
})

test('an unknown page is not found', async ({ request }) => {
  expect((await request.get(`${stack().webUrl}/s/no-such-page`)).status()).toBe(404)
  expect((await request.get(`${stack().webUrl}/s/no-such-page/status.json`)).status()).toBe(404)
})

type Status = { incidents: { id: string }[] }

async function firstShowing(url: string, incidentId: string): Promise<{ afterMs: number }> {
  const beganMs = performance.now()
  const hex = incidentId.replaceAll('-', '')
  for (;;) {
    const status = (await (await fetch(url)).json()) as Status
    const afterMs = performance.now() - beganMs
    if (status.incidents.some(({ id }) => id.endsWith(hex)) || afterMs > 5_000) return { afterMs }
  }
}

/** Addresses, rates and thresholds are the workspace's own business. */
async function expectNothingPrivate(text: string): Promise<void> {
  expect(text).not.toMatch(/203\.0\.113|27015|pps|bit\/s|nft|tripwire/i)
}
