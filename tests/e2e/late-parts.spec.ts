import { expect, test } from '@playwright/test'
import { signIn, stack } from './story'

const CHUNKS = '**/_next/static/chunks/**'

test('a page left open over an upgrade loads itself anew when a part of it is gone, and goes on', async ({ page }) => {
  await signIn(page, stack().seeded.owner)
  await page.evaluate(() => Object.assign(window, { isOld: true }))
  for (const open of [
    () => page.getByRole('button', { name: /^Account of/ }).click(),
    () => page.keyboard.press('Control+k'),
    () => page.keyboard.press('?'),
  ]) {
    await page.evaluate(() => Object.assign(window, { isOld: true }))
    await page.route(CHUNKS, (route) => route.fulfill({ status: 404, body: '' }))
    // The page itself answers, its old files do not; the new page has files of its own.
    const anew = page.waitForRequest((request) => request.isNavigationRequest())
    await open()
    await anew
    await page.unroute(CHUNKS)
    await page.reload()
    await expect(page.getByRole('heading', { level: 1, name: 'Fleet' })).toBeVisible()
    expect(await page.evaluate(() => 'isOld' in window)).toBe(false)
  }
  await page.getByRole('button', { name: /^Account of/ }).click()
  await expect(page.getByRole('menuitem', { name: 'Sign out' })).toBeVisible()
  await page.keyboard.press('Escape')
  await page.keyboard.press('?')
  await expect(page.getByRole('dialog', { name: 'Keys' })).toBeVisible()
})
