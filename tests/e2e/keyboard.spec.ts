import { expect, test } from '@playwright/test'
import { createFlood, lastSeconds, reportFrom, sampleAt } from './flood'
import { enrolAgent, expectAccessible, stack } from './story'

test('an operator signs in, finds a node, opens its incident and acknowledges it without a mouse', async ({ page }) => {
  const { webUrl, seeded } = stack()
  const agent = await enrolAgent('keys-01')
  const node = reportFrom(agent)
  await node.samples(lastSeconds(60).map((atMs) => sampleAt(atMs, { isFlooded: false })))
  const { keyboard } = page

  await page.goto(`${webUrl}/sign-in`)
  await page.getByLabel('Email').focus()
  await keyboard.type(seeded.owner.email)
  await keyboard.press('Tab')
  await keyboard.type(seeded.owner.password)
  await keyboard.press('Enter')
  await expect(page.getByRole('heading', { level: 1, name: 'Fleet' })).toBeVisible()
  await expect(page.getByText('Live, every second')).toBeVisible()

  await keyboard.press('Control+k')
  const field = page.getByRole('combobox', { name: 'Find a page, node, group or incident' })
  await expect(field).toBeFocused()
  await expectAccessible(page)
  await keyboard.type('no such thing')
  await expect(page.getByText('Nothing here is called “no such thing”.')).toBeVisible()
  await keyboard.press('Control+a')
  await keyboard.type('keys')
  await expect(page.getByRole('option', { name: 'keys-01' })).toBeVisible()
  await keyboard.press('Enter')
  await expect(page.getByRole('heading', { level: 1, name: 'keys-01' })).toBeVisible()
  await expect(field).toHaveCount(0)

  await node.flood(createFlood({ startMs: Date.now() - 10 }), 'opened', 'rule_installed')
  await keyboard.press('g')
  await keyboard.press('i')
  await expect(page.getByRole('heading', { level: 1, name: 'Incidents' })).toBeVisible()
  await expect(page.getByRole('link', { name: 'DNS reflection against keys-01' })).toBeVisible()
  await keyboard.press('j')
  await expect(page.locator('[data-row]:focus')).toHaveText(/keys-01/)
  await keyboard.press('Enter')
  await expect(page.getByRole('heading', { level: 1 })).toContainText('DNS reflection against keys-01')
  await keyboard.press('a')
  await expect(page.getByText(/Acknowledged by/)).toBeVisible()
  agent.close()
})
