import { expect, test } from '@playwright/test'
import { createFlood, reportFrom } from './flood'
import { enrolAgent, expectAccessible, linkMailedTo, signIn, stack } from './story'

const OFFICIAL = { name: 'Olga Official', email: 'olga@league.example', password: 'harbour crane tide' }

test('an official is invited for one match, sees its incidents and no others, and loses it within five seconds', async ({
  page,
  browser,
}) => {
  const { webUrl, seeded } = stack()
  const [theirs, other] = [await enrolAgent('final-a'), await enrolAgent('final-b')]
  const floods = [createFlood({ startMs: Date.now() }), createFlood({ startMs: Date.now() })] as const
  const node = reportFrom(theirs)
  await node.flood(floods[0], 'opened', 'rule_installed')
  await reportFrom(other).flood(floods[1], 'opened', 'rule_installed')

  await signIn(page, seeded.owner)
  await page.getByRole('link', { name: 'Groups' }).click()
  await page.getByRole('button', { name: 'Add a group' }).first().click()
  await page.getByLabel('Name', { exact: true }).fill('Grand final A')
  await page.getByLabel('final-a').check()
  await expectAccessible(page)
  await page.getByRole('button', { name: 'Add the group' }).click()
  await expect(page.getByRole('row').filter({ hasText: 'Grand final A' })).toContainText('final-a')
  await expectAccessible(page)

  await page.getByRole('link', { name: 'Settings' }).click()
  await expect(page.getByRole('link', { name: 'Members' })).toHaveAttribute('aria-current', 'page')
  await page.getByRole('button', { name: 'Invite somebody' }).click()
  const invite = page.getByRole('dialog')
  await invite.getByLabel('Email').fill(OFFICIAL.email)
  await invite.getByLabel('Role').selectOption('official')
  await invite.getByLabel('Where').selectOption({ label: 'Grand final A' })
  await expectAccessible(page)
  await page.getByRole('button', { name: 'Send the invitation' }).click()
  await expect(page.getByRole('row').filter({ hasText: OFFICIAL.email })).toContainText('Official of Grand final A')

  const context = await browser.newContext({ viewport: { width: 1280, height: 900 } })
  const guest = await context.newPage()
  await guest.goto(await linkMailedTo(OFFICIAL.email))
  await expect(guest.getByRole('heading', { level: 1, name: /^Join / })).toBeVisible()
  await expectAccessible(guest)
  await guest.getByLabel('Your name').fill(OFFICIAL.name)
  await guest.getByLabel('Password').fill(OFFICIAL.password)
  await guest.getByRole('button', { name: 'Accept and open' }).click()
  await expect(guest.getByRole('heading', { level: 1, name: 'Incidents' })).toBeVisible()
  await expect(guest.getByRole('row').filter({ hasText: 'final-a' })).toBeVisible()
  await expect(guest.getByRole('row').filter({ hasText: 'final-b' })).toHaveCount(0)
  await expect(guest.getByRole('link', { name: 'Fleet' })).toHaveCount(0)
  await expectAccessible(guest)
  const idOf = (flood: { id: string }) => `inc_${flood.id.replaceAll('-', '')}`
  const elsewhere = await guest.request.get(`${webUrl}/${seeded.workspaceSlug}/incidents/${idOf(floods[1])}`)
  expect(elsewhere.status()).toBe(403)
  await guest.getByRole('link', { name: /against final-a/ }).click()
  await expect(guest.getByText('Who was told')).toHaveCount(0)
  await node.flood(floods[0], 'mitigated')
  await expect(guest.getByText('mitigated', { exact: true })).toBeVisible()

  await page.reload()
  const take = page.getByRole('button', { name: `Take the role official from ${OFFICIAL.name}` })
  await take.click()
  const revokedMs = Date.now()
  await expect(guest.getByText('There is nothing here')).toBeVisible({ timeout: 8_000 })
  expect(Date.now() - revokedMs).toBeLessThan(5_000)
  for (const agent of [theirs, other]) agent.close()
  await context.close()
})
