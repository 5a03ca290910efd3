import { expect, test } from '@playwright/test'
import { expectAccessible, signIn, stack } from './story'

test('a session that is ended from another device ends its open pages within five seconds', async ({
  page,
  browser,
}) => {
  const { seeded } = stack()
  await signIn(page, seeded.owner)
  const elsewhere = await browser.newContext({
    viewport: { width: 1280, height: 900 },
    userAgent:
      'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36',
  })
  const other = await elsewhere.newPage()
  await signIn(other, seeded.owner)
  await expect(other.getByText('Live, every second')).toBeVisible()

  await page.getByRole('button', { name: /Account of/ }).click()
  await page.getByRole('menuitem', { name: 'Your account' }).click()
  await expect(page.getByRole('heading', { level: 1, name: 'Your account' })).toBeVisible()
  await expect(page.getByRole('row').filter({ hasText: '(this one)' })).toHaveCount(1)
  await expectAccessible(page)
  await page.getByRole('button', { name: 'End the session of Chrome on Windows' }).click()
  const endedMs = Date.now()
  await expect(other).toHaveURL(/sign-in/)
  expect(Date.now() - endedMs).toBeLessThan(5_000)
  await expect(page.getByRole('row').filter({ hasText: 'Chrome on Windows' })).toHaveCount(0)
  await elsewhere.close()
})
