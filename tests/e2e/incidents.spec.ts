import { readFile } from 'node:fs/promises'
import { expect, type Page, test } from '@playwright/test'
import { extractText, getDocumentProxy } from 'unpdf'
import { createBundle, upload } from './bundle'
import { createFlood, lastSeconds, reportFrom, sampleAt } from './flood'
import { enrolAgent, expectAccessible, linkMailedTo, signIn, stack } from './story'

const OFFICIAL = { name: 'Ruth Referee', email: 'ruth@league.example', password: 'quiet lantern jetty' }
const idOf = (flood: { id: string }): string => `inc_${flood.id.replaceAll('-', '')}`

/** A whole flood on a node of this name, its bundle uploaded. */
async function attacked(name: string) {
  const agent = await enrolAgent(name)
  const node = reportFrom(agent)
  const startMs = Date.now() - 60_000
  await node.samples(
    lastSeconds(120).map((atMs) => sampleAt(atMs, { isFlooded: atMs > startMs && atMs < startMs + 33_000 })),
  )
  const flood = createFlood({ startMs })
  await node.flood(flood, 'opened', 'rule_installed', 'mitigated', 'ending', 'resolved')
  const bundle = createBundle(agent, flood.id, startMs)
  await node.evidence(bundle.body)
  await upload(stack().gatewayUrl, agent, bundle)
  agent.close()
  return { id: idOf(flood), sha256: bundle.sha256 }
}

async function textOfPdf(page: Page, press: () => Promise<void>): Promise<string> {
  const [download] = await Promise.all([page.waitForEvent('download'), press()])
  expect(download.suggestedFilename()).toMatch(/\.pdf$/)
  const pdf = await getDocumentProxy(new Uint8Array(await readFile(await download.path())))
  return (await extractText(pdf, { mergePages: true })).text.replaceAll(/\s+/g, ' ')
}

test('an operator writes notes, acknowledges, gives feedback, sees the sources and takes the report', async ({
  page,
}) => {
  const { id, sha256 } = await attacked('stage-a-1')
  await signIn(page, stack().seeded.owner)
  await page.goto(`${stack().webUrl}/${stack().seeded.workspaceSlug}/incidents/${id}`)

  const sources = page.getByRole('region', { name: 'Where it came from' })
  await expect(sources.getByText('8.8.8.0/24')).toBeVisible({ timeout: 30_000 })
  await expect(sources.getByText('AS15169')).toBeVisible()
  await expect(sources.getByText('can be forged')).toBeVisible()
  await expect(sources.getByText('22 packets from 22 addresses that already spoke')).toBeVisible()
  await expect(page.getByRole('region', { name: 'Vectors over time' })).toContainText('for 32 s')

  const notes = page.getByRole('region', { name: 'Notes' })
  const text = '<script>alert(1)</script> Called the uplink 🌊 ملاحظة'
  await notes.getByLabel('New note').fill(text)
  await notes.getByLabel('New note').press('Control+Enter')
  await expect(notes.getByRole('listitem')).toHaveText(/Called the uplink/)
  await expect(notes.getByText(text)).toBeVisible()
  await notes.getByRole('button', { name: 'Edit' }).click()
  await notes.getByLabel('Your note').fill('Called the uplink; they saw it too.')
  await notes.getByRole('button', { name: 'Save' }).click()
  await expect(notes.getByText('they saw it too')).toBeVisible()
  await expect(notes.getByText('edited')).toBeVisible()
  await notes.getByRole('button', { name: 'Remove' }).click()
  await expect(notes.getByRole('listitem')).toHaveCount(0)
  await page.getByRole('button', { name: 'Undo' }).click()
  await expect(notes.getByText('they saw it too')).toBeVisible()

  await page.locator('body').press('a')
  await expect(page.getByText(/Acknowledged by/)).toBeVisible()

  const feedback = page.getByRole('region', { name: 'Rightly an attack?' })
  await feedback.getByRole('button', { name: 'Was this right?' }).click()
  await expect(feedback.getByText('changes no rule, no policy, no name and no baseline')).toBeVisible()
  await expect(feedback.getByText('3.3 million packets were dropped as certain')).toBeVisible()
  await feedback.getByLabel('An attack, and named rightly').check()
  await feedback.getByLabel('How do you know?').fill('The uplink confirmed it.')
  await expectAccessible(page)
  await feedback.getByRole('button', { name: 'Keep this' }).click()
  await expect(feedback.getByText('The uplink confirmed it.')).toBeVisible()
  await expectAccessible(page)
  await expectToFit(page)

  await page.getByRole('link', { name: 'Report', exact: true }).click()
  await expect(page.getByRole('heading', { level: 1 })).toContainText('DNS reflection against stage-a-1')
  await expect(page.getByText(sha256)).toBeVisible()
  await expectAccessible(page)
  await expectToFit(page)
  const pdf = () => page.getByRole('link', { name: 'PDF' }).click()
  const league = await textOfPdf(page, pdf)
  expect(league).toContain('Integrity report for the league')
  expect(league.replaceAll(' ', '')).toContain(sha256)
  expect(league).toContain('stage-a-1')
  expect(league).toContain('9.4 ms')

  await page.getByRole('link', { name: 'Retrospective' }).click()
  await expect(page.getByText('they saw it too')).toBeVisible()
  await expectAccessible(page)
  const inner = await textOfPdf(page, pdf)
  for (const words of [
    'Times of each stage',
    'they saw it too',
    'an attack, and named rightly',
    'Drop UDP from source port 53',
  ])
    expect(inner).toContain(words)

  await page.getByRole('link', { name: 'Sponsor' }).click()
  await expect(page.getByText('Players who were connected lost nothing to it.')).toBeVisible()
  await expectAccessible(page)
  const outer = await textOfPdf(page, pdf)
  for (const secret of ['203.0.113.10', 'pps', '27015']) expect(outer).not.toContain(secret)
})

test('the list is narrowed, grouped and taken along, and its address says how', async ({ page }) => {
  await attacked('stage-b-1')
  await attacked('stage-b-2')
  await signIn(page, stack().seeded.owner)
  await page.keyboard.press('g')
  await page.keyboard.press('i')
  await expect(page.getByRole('heading', { level: 1, name: 'Incidents' })).toBeVisible()
  await page.keyboard.press('/')
  await page.keyboard.type('stage-b')
  await expect(page).toHaveURL(/q=stage-b/)
  const rows = page.getByRole('table').getByRole('link')
  await expect(rows).toHaveCount(2)
  await page.keyboard.press('Tab')
  await page.getByLabel('State', { exact: true }).selectOption('Over')
  await page.getByLabel('Order').selectOption('Oldest first')
  await expect(page).toHaveURL(/state=over.*sort=oldest/)
  await expect(rows.first()).toHaveText('DNS reflection against stage-b-1')
  await expectAccessible(page)
  await expectToFit(page)
  await page.reload()
  await expect(rows).toHaveCount(2)
  await expect(page.getByLabel('Order')).toHaveValue('oldest')

  await page.getByRole('heading', { level: 1 }).click()
  await page.keyboard.press('j')
  await expect(rows.first()).toBeFocused()
  await page.keyboard.press('j')
  await expect(rows.nth(1)).toBeFocused()

  const [download] = await Promise.all([page.waitForEvent('download'), page.getByRole('link', { name: 'CSV' }).click()])
  const csv = await readFile(await download.path(), 'utf8')
  expect(csv.split('\r\n').filter(Boolean)).toHaveLength(3)
  expect(csv).toContain('stage-b-2')
  expect(csv).not.toContain('stage-a')

  await page.getByRole('button', { name: 'By campaign' }).click()
  await expect(page.getByRole('button', { name: /DNS reflection against 2 nodes/ })).toBeVisible()
  await expect(page.getByRole('table').getByRole('link')).toHaveCount(2)
  await expectAccessible(page)
  await page.getByRole('button', { name: 'By node' }).click()
  await expect(page.getByRole('button', { name: /^stage-b-/ })).toHaveCount(2)
  await page.getByRole('searchbox').fill('nothing like that')
  await expect(page.getByText('No incident fits this filter')).toBeVisible()
  await page.getByRole('button', { name: 'Show all incidents' }).click()
  await expect(page).not.toHaveURL(/q=/)

  // What happens now comes up by itself.
  await page.getByRole('button', { name: 'One by one' }).click()
  const agent = await enrolAgent('stage-b-3')
  await reportFrom(agent).flood(createFlood({ startMs: Date.now() }), 'opened')
  await expect(page.getByRole('link', { name: 'DNS reflection against stage-b-3' })).toBeVisible()
  agent.close()
})

test('an official reads and takes what was granted, and is refused the rest', async ({ page, browser }) => {
  const { webUrl, seeded } = stack()
  const [theirs, other] = [await attacked('stage-c-1'), await attacked('stage-c-2')]
  await signIn(page, seeded.owner)
  await page.getByRole('link', { name: 'Groups' }).click()
  await page.getByRole('button', { name: 'Add a group' }).first().click()
  await page.getByLabel('Name', { exact: true }).fill('Semi-final C')
  await page.getByLabel('stage-c-1').check()
  await page.getByRole('button', { name: 'Add the group' }).click()
  await expect(page.getByRole('row').filter({ hasText: 'Semi-final C' })).toContainText('stage-c-1')
  await page.getByRole('link', { name: 'Settings' }).click()
  await page.getByRole('button', { name: 'Invite somebody' }).click()
  const invite = page.getByRole('dialog')
  await invite.getByLabel('Email').fill(OFFICIAL.email)
  await invite.getByLabel('Role').selectOption('official')
  await invite.getByLabel('Where').selectOption({ label: 'Semi-final C' })
  await page.getByRole('button', { name: 'Send the invitation' }).click()
  await expect(page.getByRole('row').filter({ hasText: OFFICIAL.email })).toBeVisible()

  const context = await browser.newContext({ viewport: { width: 1280, height: 900 } })
  const guest = await context.newPage()
  await guest.goto(await linkMailedTo(OFFICIAL.email))
  await guest.getByLabel('Your name').fill(OFFICIAL.name)
  await guest.getByLabel('Password').fill(OFFICIAL.password)
  await guest.getByRole('button', { name: 'Accept and open' }).click()
  await guest.getByRole('link', { name: /against stage-c-1/ }).click()
  await expect(guest.getByRole('region', { name: 'Where it came from' })).toBeVisible()
  await expect(guest.getByLabel('New note')).toHaveCount(0)
  await expect(guest.getByRole('button', { name: 'Was this right?' })).toHaveCount(0)
  await expectAccessible(guest)

  const at = (path: string): string => `${webUrl}/${seeded.workspaceSlug}${path}`
  const statusOf = async (path: string): Promise<number> => (await guest.request.get(at(path))).status()
  for (const edition of ['league', 'sponsor', 'retrospective']) {
    expect(await statusOf(`/incidents/${theirs.id}/report.pdf?for=${edition}`)).toBe(200)
    expect(await statusOf(`/incidents/${other.id}/report.pdf?for=${edition}`)).toBe(403)
  }
  expect(await statusOf(`/incidents/${other.id}/report`)).toBe(403)
  const csv = await (await guest.request.get(at('/incidents/export?format=csv'))).text()
  expect(csv).toContain('stage-c-1')
  expect(csv).not.toContain('stage-c-2')
  const note = await guest.request.post(`${webUrl}/api/trpc/notes.add`, {
    data: { workspace: seeded.workspaceSlug, id: theirs.id, text: 'mine' },
  })
  expect(note.status()).toBe(403)

  await guest.goto(at('/reports'))
  await guest.getByLabel('About').selectOption({ label: 'Match: Semi-final C' })
  await expectAccessible(guest)
  await guest.getByRole('button', { name: 'Make the report' }).click()
  await expect(guest.getByRole('heading', { level: 1, name: /^Semi-final C, / })).toBeVisible()
  await expectAccessible(guest)
  await expectToFit(guest)
  const pdf = await textOfPdf(guest, () => guest.getByRole('link', { name: 'PDF' }).click())
  expect(pdf).toContain('Semi-final C')
  expect(pdf.replaceAll(' ', '')).toContain(theirs.sha256)
  expect(pdf).not.toContain('stage-c-2')
  await context.close()
})

/** Nothing scrolls sideways, from a phone to a wide screen. */
async function expectToFit(page: Page): Promise<void> {
  for (const width of [390, 1280, 1920]) {
    await page.setViewportSize({ width, height: 900 })
    expect(await page.evaluate(() => document.documentElement.scrollWidth - innerWidth)).toBeLessThanOrEqual(0)
  }
  await page.setViewportSize({ width: 1280, height: 900 })
}
