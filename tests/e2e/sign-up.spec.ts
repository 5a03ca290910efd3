import { expect, type Page, test } from '@playwright/test'
import { startAgent } from '../../server/testing/agent-simulator'
import { expectAccessible, linkMailedTo, stack } from './story'

const NEWCOMER = { name: 'Ada Newcomer', email: 'ada@newcomer.example', password: 'pier lantern ferry' }
const ANALYST = { name: 'Bo Analyst', email: 'bo@newcomer.example', password: 'harbour crane tide' }
const WITHIN_MS = 1_000

async function signInNewcomer(page: Page): Promise<void> {
  await page.goto(`${stack().webUrl}/sign-in`)
  await page.getByLabel('Email').fill(NEWCOMER.email)
  await page.getByLabel('Password').fill(NEWCOMER.password)
  await page.getByRole('button', { name: 'Sign in' }).click()
  await expect(page).toHaveURL(/\/newcomer-league$/)
}

test('from the prices to a workspace on trial: sign up, prove the address, and the first run begins', async ({
  page,
}) => {
  await page.goto(`${stack().webUrl}/pricing`)
  await page.getByLabel('Nodes', { exact: true }).fill('25')
  await expect(page.getByText('$249.75').first()).toBeVisible()
  await page.getByRole('link', { name: 'Start a trial' }).click()
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
  const guide = page.getByRole('region', { name: 'Your first server' })
  await expect(guide).toBeVisible()
  await expectAccessible(page)

  // The trial is said calmly, and what happens at its end.
  await page.getByText('What happens then').click()
  await expect(page.getByText('none is taken during an open incident or a live event')).toBeVisible()
  await expect(page.getByText(/Trial until .*, 6 days left/)).toBeVisible()
})

test('whoever may not add servers sees the same steps, and whom to ask', async ({ page, browser }) => {
  await signInNewcomer(page)
  const invited = await page.request.post(`${stack().webUrl}/api/trpc/members.invite`, {
    data: { workspace: 'newcomer-league', email: ANALYST.email, grant: { role: 'analyst' } },
  })
  expect(invited.status()).toBe(200)
  const context = await browser.newContext({ viewport: { width: 1280, height: 900 } })
  const guest = await context.newPage()
  await guest.goto(await linkMailedTo(ANALYST.email))
  await guest.getByLabel('Your name').fill(ANALYST.name)
  await guest.getByLabel('Password').fill(ANALYST.password)
  await guest.getByRole('button', { name: 'Accept and open' }).click()
  const guide = guest.getByRole('region', { name: 'Your first server' })
  await expect(guide).toContainText('Your role may read, not add servers')
  await expect(guide.getByRole('link', { name: NEWCOMER.email })).toBeVisible()
  await expect(guide.getByRole('button')).toHaveCount(0)
  // The bill is not theirs: neither is the trial.
  await expect(guest.getByText('What happens then')).toHaveCount(0)
  await expectAccessible(guest)
  await context.close()
})

test('from an empty fleet to a live node on one page: group, line, and it connects within a second', async ({
  page,
}) => {
  await signInNewcomer(page)
  const guide = page.getByRole('region', { name: 'Your first server' })
  // By keyboard alone: the name of the group, then the name of the node has the focus.
  await page.getByLabel('Name of the group').fill('Grand final')
  await page.keyboard.press('Enter')
  const nodeName = page.getByLabel('Name of the node')
  await expect(nodeName).toBeFocused()
  await expect(page.getByRole('checkbox', { name: /Grand final/ })).toBeChecked()

  // What is done follows from rows: a reload goes on where it stood.
  await page.reload()
  await nodeName.fill('match-01')
  await nodeName.press('Enter')
  await expect(page.getByRole('button', { name: 'Copy' })).toBeFocused()
  await expect(guide).toContainText('Waiting for match-01')
  await expectAccessible(page)
  await page.reload()
  await expect(guide).toContainText('A line for match-01 is good until')
  await page.getByRole('button', { name: 'Make a new line instead' }).click()
  const line = await page.getByText(/--token enrol_/).textContent()
  const token = /enrol_[A-Za-z0-9_-]+/.exec(line ?? '')?.[0] as string

  await expect(page.getByText('Live, every second')).toBeVisible()
  await page.evaluate(() => Object.assign(window, { neverReloaded: true }))
  const agent = await startAgent(stack().gatewayUrl, token, 'match-01')
  const connectedMs = Date.now()
  await expect(guide).toContainText('Connected at', { timeout: WITHIN_MS })
  expect(Date.now() - connectedMs).toBeLessThan(WITHIN_MS)
  await expect(guide).toContainText('in Grand final')
  expect(await page.evaluate(() => 'neverReloaded' in window)).toBe(true)
  await expectAccessible(page)
  await page.getByRole('button', { name: 'See the fleet' }).click()
  await expect(page.getByRole('heading', { level: 2, name: 'Grand final' })).toBeVisible()
  await expect(page.getByRole('listitem').filter({ hasText: 'match-01' })).toContainText('clean')
  await page.reload()
  await page.getByRole('link', { name: 'match-01' }).click()
  await expect(page.getByRole('heading', { level: 1 })).toContainText('match-01')
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

test('a second line for a server ends the first, and what is in a group already is offered for the next', async ({
  page,
}) => {
  const { gatewayUrl } = stack()
  await signInNewcomer(page)
  await page.getByRole('button', { name: 'Add a node' }).click()
  await page.getByLabel('Name of the node').fill('match-02')
  await page.getByRole('checkbox', { name: /Grand final/ }).check()
  await page.getByRole('button', { name: 'Create the line' }).click()
  const lineText = page.getByText(/--token enrol_/)
  const first = (await lineText.textContent()) ?? ''
  await page.getByRole('button', { name: 'New line' }).click()
  await expect(lineText).not.toHaveText(first)
  const tokenOf = (line: string | null) => /enrol_[A-Za-z0-9_-]+/.exec(line ?? '')?.[0] as string
  await expect(startAgent(gatewayUrl, tokenOf(first), 'match-02')).rejects.toThrow('was revoked')
  const agent = await startAgent(gatewayUrl, tokenOf(await lineText.textContent()), 'match-02')
  await page.getByRole('button', { name: 'Close' }).click()
  const section = page.getByRole('region', { name: 'Nodes' })
  await expect(section.getByRole('listitem').filter({ hasText: 'match-02' })).toBeVisible()
  await expect(section.getByText('In no match')).toHaveCount(0)
  agent.close()
})
