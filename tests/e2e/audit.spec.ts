import { readFile } from 'node:fs/promises'
import { expect, test } from '@playwright/test'
import pg from 'pg'
import { addMember } from './neighbour'
import { expectAccessible, signIn, stack } from './story'

test('the audit log is searched, exported and checked; a tampered row is named', async ({ page, browser }) => {
  const { databaseUrl, neighbour, seeded, webUrl } = stack()
  await signIn(page, seeded.owner)
  await page.goto(`${webUrl}/${seeded.workspaceSlug}/groups`)
  await page.getByRole('button', { name: 'Add a group' }).first().click()
  await page.getByLabel('Name', { exact: true }).fill('=HYPERLINK("x") <b>🎮')
  await page.getByRole('button', { name: 'Add the group' }).click()
  await expect(page.getByRole('row').filter({ hasText: '=HYPERLINK' })).toBeVisible()

  await page.getByRole('link', { name: 'Settings' }).click()
  await page.getByRole('link', { name: 'Audit log' }).click()
  const rows = page.getByRole('row')
  await expect(rows.filter({ hasText: 'Tournament owner made the group =HYPERLINK("x") <b>🎮' })).toBeVisible()
  await expectAccessible(page)
  await page.getByLabel('Search').fill('hyperlink("X")')
  await expect(page.getByText(/^(2|3) rows, all that fit\.$/)).toBeVisible()
  await page.getByLabel('About').selectOption('member')
  await expect(page.getByText('Nothing fits')).toBeVisible()
  await expectAccessible(page)
  await page.getByRole('button', { name: 'Show everything' }).click()
  await page.getByLabel('About').selectOption('group')
  await expect(rows.filter({ hasText: 'made the group' }).first()).toBeVisible()
  await expect(rows.filter({ hasText: 'enrol line' })).toHaveCount(0)

  const [csv] = await Promise.all([
    page.waitForEvent('download'),
    page.getByRole('link', { name: 'Export CSV' }).click(),
  ])
  const text = await readFile(await csv.path(), 'utf8')
  expect(text).toContain('seq,at,actor_kind')
  expect(text).toContain(`"'=HYPERLINK(""x"") <b>🎮"`)
  const [lines] = await Promise.all([
    page.waitForEvent('download'),
    page.getByRole('link', { name: 'Export JSON lines' }).click(),
  ])
  const parsed = (await readFile(await lines.path(), 'utf8'))
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line))
  expect(new Set(parsed.map(({ action }) => action.split('.')[0]))).toEqual(new Set(['group']))
  const exportUrl = (slug: string) => `${webUrl}/${slug}/settings/audit/export?format=csv`
  expect((await page.request.get(exportUrl(neighbour.slug))).status()).toBe(404)

  const official = await addMember(databaseUrl, seeded.workspaceId, 'official')
  const context = await browser.newContext()
  const guest = await context.newPage()
  await guest.goto(`${webUrl}/sign-in`)
  await guest.getByLabel('Email').fill(official.email)
  await guest.getByLabel('Password').fill(official.password)
  await guest.getByRole('button', { name: 'Sign in' }).click()
  await expect(guest.getByRole('heading', { level: 1, name: 'Incidents' })).toBeVisible()
  expect((await guest.request.get(exportUrl(seeded.workspaceSlug))).status()).toBe(403)
  expect((await guest.request.get(`${webUrl}/${seeded.workspaceSlug}/settings/audit`)).status()).toBe(403)
  await context.close()

  await page.getByRole('button', { name: 'Check the chain' }).click()
  await expect(page.getByText(/rows checked, the chain is whole/)).toBeVisible()
  await expectAccessible(page)
  const client = new pg.Client(databaseUrl)
  await client.connect()
  const tamper = (was: string, is: string) =>
    client.query('UPDATE audit_entry SET action = $3 WHERE workspace_id = $1 AND seq = 2 AND action = $2', [
      seeded.workspaceId,
      was,
      is,
    ])
  const { rows: kept } = await client.query('SELECT action FROM audit_entry WHERE workspace_id = $1 AND seq = 2', [
    seeded.workspaceId,
  ])
  await tamper(kept[0].action, 'group.archive')
  await page.getByRole('button', { name: 'Check the chain' }).click()
  await expect(page.getByText('Row 2 says something else than when it was written.')).toBeVisible()
  await expectAccessible(page)
  await tamper('group.archive', kept[0].action)
  await client.end()
})

test('a role is taken away at a press and given back by undo; removing somebody asks first', async ({ page }) => {
  const { databaseUrl, seeded, webUrl } = stack()
  await addMember(databaseUrl, seeded.workspaceId, 'broadcaster')
  await signIn(page, seeded.owner)
  await page.goto(`${webUrl}/${seeded.workspaceSlug}/settings/members`)
  const row = page.getByRole('row').filter({ hasText: 'Robin the broadcaster' })
  await expectAccessible(page)
  await row.getByRole('button', { name: 'Take the role broadcaster' }).click()
  await expect(row).toContainText('nothing any more')
  await expectAccessible(page)
  await page.getByRole('button', { name: 'Undo' }).click()
  await expect(row).toContainText('Broadcaster')
  await row.getByRole('button', { name: 'Remove Robin' }).click()
  await expectAccessible(page)
  await page.getByRole('dialog').getByRole('button', { name: 'Cancel' }).click()
  await expect(row).toBeVisible()
  await row.getByRole('button', { name: 'Remove Robin' }).click()
  await page.getByRole('dialog').getByRole('button', { name: 'Remove Robin the broadcaster' }).click()
  await expect(row).toHaveCount(0)
})
