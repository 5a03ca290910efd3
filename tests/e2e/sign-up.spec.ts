import { expect, test } from '@playwright/test'
import { startAgent } from '../../server/testing/agent-simulator'
import { expectAccessible, linkMailedTo, stack } from './story'

const NEWCOMER = { name: 'Ada Newcomer', email: 'ada@newcomer.example', password: 'pier lantern ferry' }

test('from nothing to a live node: sign up, prove the address, add a node and see it come', async ({ page }) => {
  await page.goto(`${stack().webUrl}/sign-in`)
  await page.getByRole('link', { name: 'Create a workspace' }).click()
  await expect(page.getByRole('heading', { level: 1, name: 'Create a workspace' })).toBeVisible()
  await expectAccessible(page)
  await page.getByLabel('Organisation').fill('Newcomer League')
  await page.getByLabel('Your name').fill(NEWCOMER.name)
  await page.getByLabel('Email').fill(NEWCOMER.email)
  await page.getByLabel('Password').fill('password12')
  await page.getByRole('button', { name: 'Create the workspace' }).click()
  await expect(page.getByRole('alert').filter({ hasText: 'most common' })).toBeVisible()
  await expectAccessible(page)
  await page.getByLabel('Password').fill(NEWCOMER.password)
  await page.getByRole('button', { name: 'Create the workspace' }).click()
  await expect(page.getByText(`Look into ${NEWCOMER.email}`)).toBeVisible()

  const link = await linkMailedTo(NEWCOMER.email)
  // A mail scanner looks first: that uses nothing up.
  expect((await page.request.get(link)).status()).toBe(200)
  await page.goto(link)
  await expectAccessible(page)
  await page.getByRole('button', { name: 'Confirm and open' }).click()
  await expect(page).toHaveURL(/\/newcomer-league$/)
  await expect(page.getByText('Your match servers belong here')).toBeVisible()

  await page.getByRole('button', { name: 'Add a node' }).click()
  await page.getByLabel('Name of the node').fill('match-01')
  await page.getByRole('button', { name: 'Create the line' }).click()
  const line = await page.getByText(/--token enrol_|enrol_/).textContent()
  const token = /enrol_[A-Za-z0-9_-]+/.exec(line ?? '')?.[0] as string
  await page.getByRole('button', { name: 'Close' }).click()
  const agent = await startAgent(stack().gatewayUrl, token, 'match-01')
  await expect(page.getByRole('listitem').filter({ hasText: 'match-01' })).toBeVisible()
  agent.close()
})

test('a link that was used opens nothing again, and one by mail signs in', async ({ page }) => {
  const { webUrl } = stack()
  const used = await linkMailedTo(NEWCOMER.email)
  await page.goto(used)
  await page.getByRole('button', { name: 'Confirm and open' }).click()
  await expect(page.getByRole('alert').filter({ hasText: 'good no more' })).toBeVisible()
  await page.goto(`${webUrl}/sign-in`)
  await page.getByLabel('Email').fill(NEWCOMER.email)
  await page.getByRole('button', { name: 'Mail me a link instead' }).click()
  await expect(page.getByRole('status').filter({ hasText: 'a link is on its way' })).toBeVisible()
  await expect(async () => expect(await linkMailedTo(NEWCOMER.email)).toContain('/sign-in/link')).toPass()
  await page.goto(await linkMailedTo(NEWCOMER.email))
  await page.getByRole('button', { name: 'Sign in' }).click()
  await expect(page).toHaveURL(/\/newcomer-league$/)
})
