import { expect, test } from '@playwright/test'
import { type IdentityProvider, startIdentityProvider } from '../../server/testing/identity-provider'
import { addMember } from './neighbour'
import { expectAccessible, signIn, stack } from './story'

let provider: IdentityProvider
test.beforeAll(async () => {
  provider = await startIdentityProvider([`${stack().webUrl}/api/sso/callback`])
})
test.afterAll(() => provider.close())

test('an organisation signs its own people in: connected by the owner, used by a newcomer, refused to a stranger, ended', async ({
  page,
  browser,
}) => {
  test.slow()
  const { databaseUrl, neighbour, seeded, webUrl } = stack()
  const member = await addMember(databaseUrl, seeded.workspaceId, 'analyst')
  await signIn(page, seeded.owner)
  await page.goto(`${webUrl}/${seeded.workspaceSlug}/settings`)
  await page.getByRole('link', { name: 'Sign-in' }).click()
  await page.getByRole('button', { name: 'Connect your organisation' }).click()
  await expect(page.getByText(`${webUrl}/api/sso/callback`)).toBeVisible()
  await page.getByLabel('Issuer', { exact: true }).fill('https://169.254.169.254')
  await page.getByRole('button', { name: 'Test the issuer' }).click()
  await expect(page.getByText('is not a public address')).toBeVisible()
  await expectAccessible(page)
  await page.getByLabel('Issuer', { exact: true }).fill(provider.issuer)
  await page.getByRole('button', { name: 'Test the issuer' }).click()
  await expect(page.getByText('It answers.')).toBeVisible()
  await page.getByLabel('Client ID').fill(provider.clientId)
  await page.getByLabel('Client secret').fill(provider.clientSecret)
  await page.getByLabel('Mail domains').fill('gmail.com')
  await page.getByLabel('Newcomers').selectOption('analyst')
  await page.getByRole('button', { name: 'Save' }).click()
  await expect(page.getByRole('alert').filter({ hasText: 'domains of your own' })).toBeVisible()
  await page.getByLabel('Mail domains').fill('league.example, example.org')
  await page.getByRole('button', { name: 'Save' }).click()
  await expect(page.getByText('become analyst')).toBeVisible()
  await expectAccessible(page)

  const context = await browser.newContext({ viewport: { width: 1280, height: 900 } })
  const guest = await context.newPage()
  await guest.goto(`${webUrl}/sign-in`)
  await guest.getByRole('link', { name: 'Go there' }).click()
  await expectAccessible(guest)
  await guest.getByLabel('Workspace').fill('no-such-workspace')
  await guest.getByRole('button', { name: 'Go on' }).click()
  await expect(guest.getByText('has no sign-in of its own')).toBeVisible()
  await guest.goto(`${webUrl}/sign-in?workspace=${seeded.workspaceSlug}`)
  await expectAccessible(guest)
  const enter = guest.getByRole('link', { name: 'Sign in with Tournament' })
  provider.person = { sub: 'nova', email: 'nova@league.example', email_verified: false, name: 'Nova Newcomer' }
  await enter.click()
  await expect(guest.getByText('does not say that your mail address is verified')).toBeVisible()
  await expectAccessible(guest)
  provider.person = { ...provider.person, email_verified: true }
  await enter.click()
  await expect(guest.getByRole('heading', { level: 1, name: 'Fleet' })).toBeVisible()
  await expect(guest.getByText('Live, every second')).toBeVisible()
  await guest.goto(`${webUrl}/${seeded.workspaceSlug}/account`)
  await expect(guest.getByText('Your organisation signed you in')).toBeVisible()
  expect((await guest.request.get(`${webUrl}/${neighbour.slug}`)).status()).toBe(404)

  // Asked for one page, one is led back to it.
  const known = await browser.newContext({ viewport: { width: 1280, height: 900 } })
  const second = await known.newPage()
  provider.person = { sub: 'ana', email: member.email, email_verified: true, name: 'Ana' }
  await second.goto(`${webUrl}/${seeded.workspaceSlug}/incidents`)
  await second.getByRole('link', { name: 'Sign in with Tournament' }).click()
  await expect(second.getByRole('heading', { level: 1, name: 'Incidents' })).toBeVisible()
  await expect(second.getByRole('button', { name: /Account of Robin the analyst/ })).toBeVisible()

  await page.reload()
  await expect(page.getByText('2 members so far')).toBeVisible()
  await guest.goto(`${webUrl}/${seeded.workspaceSlug}`)
  await expect(guest.getByText('Live, every second')).toBeVisible()
  await page.getByRole('button', { name: 'Remove it' }).click()
  await page.getByRole('dialog').getByRole('button', { name: 'Remove it' }).click()
  const endedMs = Date.now()
  await expect(guest).toHaveURL(/sign-in/)
  expect(Date.now() - endedMs).toBeLessThan(5_000)
  await Promise.all([context.close(), known.close()])
})
