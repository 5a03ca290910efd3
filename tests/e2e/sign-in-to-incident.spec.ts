import { createHash } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { expect, type Page, test } from '@playwright/test'
import { createBundle, upload } from './bundle'
import { createFlood, lastSeconds, reportFrom, sampleAt } from './flood'
import { enrolAgent, expectAccessible, signIn, stack } from './story'

test('from sign-in over the fleet to an incident, live and acknowledged', async ({ page }) => {
  const { seeded } = stack()
  await page.goto(stack().webUrl)
  await page.getByRole('link', { name: 'Sign in' }).first().click()
  await expect(page).toHaveURL(/sign-in/)
  await expectAccessible(page)
  await signIn(page, seeded.owner)

  const agent = await enrolAgent('match-01')
  const node = reportFrom(agent)
  await node.samples(lastSeconds(240).map((atMs) => sampleAt(atMs, { isFlooded: false })))
  const tile = page.getByRole('listitem').filter({ hasText: 'match-01' })
  await expect(tile).toContainText('clean')
  await expect(page.getByText('Live, every second')).toBeVisible()
  // Figures are written where they can be seen, and of a node that did not fall silent for 15 s.
  await tile.scrollIntoViewIfNeeded()
  await expect(async () => {
    await node.samples(lastSeconds(1).map((atMs) => sampleAt(atMs, { isFlooded: false })))
    await expect(tile).toContainText('usual', { timeout: 1_000 })
  }).toPass()
  await expectAccessible(page)

  const flood = createFlood({ startMs: Date.now() - 10 })
  await node.flood(flood, 'opened', 'rule_installed')
  await expect(tile).toContainText('under attack')
  await expectAccessible(page)
  await tile.getByRole('link', { name: 'Open incident' }).click()

  const sentence = page.getByRole('heading', { level: 1 })
  await expect(sentence).toContainText('DNS reflection against match-01')
  await expect(sentence).toContainText('Dropped since 9.4 ms.')
  await node.flood(flood, 'mitigated')
  await expect(sentence).toContainText('22 of 22 players unaffected.')
  await expect(page.getByText('mitigated', { exact: true })).toBeVisible()
  await expect(page.getByText('Rule in the kernel: drop UDP from source port 53')).toBeVisible()
  await expectAccessible(page)

  await page.keyboard.press('a')
  await expect(page.getByText(/Acknowledged by/)).toBeVisible()

  await node.flood(flood, 'ending', 'resolved')
  await expect(sentence).toContainText('over after 42.2 s.')
  const bundle = createBundle(agent, flood.id, Date.now())
  await node.evidence(bundle.body)
  await expect(page.getByText('On the node.', { exact: true })).toBeVisible()
  await upload(stack().gatewayUrl, agent, bundle)
  const [download] = await Promise.all([
    page.waitForEvent('download'),
    page.getByRole('link', { name: 'Download bundle' }).click(),
  ])
  expect(await hashOfFile(await download.path())).toBe(bundle.sha256)
  await expectToFit(page)
  await page.getByRole('link', { name: 'Incidents' }).first().click()
  await expect(page.getByRole('link', { name: 'DNS reflection against match-01' }).first()).toBeVisible()
  await expectAccessible(page)
  await expectToFit(page)
  agent.close()
})

test('a wrong password is refused in words', async ({ page }) => {
  await page.goto(`${stack().webUrl}/sign-in`)
  await page.getByLabel('Email').fill(stack().seeded.owner.email)
  await page.getByLabel('Password').fill('not the password')
  await page.getByRole('button', { name: 'Sign in' }).click()
  await expect(page.getByRole('alert').filter({ hasText: 'do not belong together' })).toBeVisible()
  await expectAccessible(page)
})

test('signing out ends the session at once, also for a cookie that was kept', async ({ page, context }) => {
  await signIn(page, stack().seeded.owner)
  const kept = await context.cookies()
  await page.getByRole('button', { name: /Account of/ }).click()
  await page.getByRole('menuitem', { name: 'Sign out' }).click()
  await expect(page).toHaveURL(/sign-in/)
  await context.addCookies(kept)
  await page.goto(`${stack().webUrl}/${stack().seeded.workspaceSlug}`)
  await expect(page).toHaveURL(/sign-in/)
})

const hashOfFile = async (path: string): Promise<string> =>
  createHash('sha256')
    .update(await readFile(path))
    .digest('hex')

/** Nothing scrolls sideways, from a phone to a wide screen. */
async function expectToFit(page: Page): Promise<void> {
  for (const width of [390, 1280, 1920]) {
    await page.setViewportSize({ width, height: 900 })
    expect(await page.evaluate(() => document.documentElement.scrollWidth - innerWidth)).toBeLessThanOrEqual(0)
  }
  await page.setViewportSize({ width: 1280, height: 900 })
}
