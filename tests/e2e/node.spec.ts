import { expect, type Page, test } from '@playwright/test'
import { createFlood, lastSeconds, reportFrom, sampleAt } from './flood'
import { addMember } from './neighbour'
import { enrolAgent, expectAccessible, signIn, stack } from './story'

const open = (page: Page, id: string) => page.goto(`${stack().webUrl}/${stack().seeded.workspaceSlug}/nodes/${id}`)
const points = (page: Page) => page.locator('[data-part=resolution]')

test('a node page shows its seconds, its incidents as flags, and its own worst case; zoom leads in and back', async ({
  page,
}) => {
  const agent = await enrolAgent('match-31')
  const node = reportFrom(agent)
  const seconds = lastSeconds(900)
  const floodFromMs = Date.now() - 300_000
  const isFlooded = (atMs: number) => atMs > floodFromMs && atMs < floodFromMs + 32_000
  // Seconds that nobody measured stay a gap and are counted.
  const measured = seconds.filter((_, index) => index < 100 || index > 104)
  await node.samples(measured.map((atMs) => sampleAt(atMs, { isFlooded: isFlooded(atMs) })))
  const flood = createFlood({ startMs: floodFromMs })
  await node.flood(flood, 'opened', 'rule_installed', 'mitigated', 'ending', 'resolved')
  await signIn(page, stack().seeded.owner)
  await open(page, agent.enrolment.nodeId)

  await expect(page.getByRole('heading', { level: 1 })).toContainText('match-31 is fine.')
  await expect(points(page)).toHaveText('1 point = 1 s, 5 missing: gaps are gaps')
  await expect(page.getByRole('img', { name: /^Packets of match-31/ })).toBeVisible()
  await expect(page.getByText('wakes it after 2 ms at worst')).toBeVisible()
  await expectAccessible(page)

  const chart = page.getByRole('img', { name: /^Bits of match-31/ })
  const box = (await chart.boundingBox())!
  await page.mouse.move(box.x + box.width * 0.8, box.y + 40)
  await page.mouse.down()
  await page.mouse.move(box.x + box.width * 0.95, box.y + 40, { steps: 4 })
  await page.mouse.up()
  await expect(page.getByRole('button', { name: 'Back', exact: true })).toBeVisible()
  await page.mouse.dblclick(box.x + box.width / 2, box.y + 40)
  await expect(page.getByRole('button', { name: 'Back', exact: true })).toBeHidden()

  for (const [range, words] of [
    ['24 h', '1 point = 1 min'],
    ['7 d', '1 point = 5 min'],
    ['90 d', '1 point = 1 h'],
    ['5 min', '1 point = 1 s'],
  ] as const) {
    // Minutes are rolled up some seconds after they are over.
    await expect(async () => {
      await page.getByRole('button', { name: '1 h', exact: true }).click()
      await page.getByRole('button', { name: range, exact: true }).click()
      await expect(points(page)).toContainText(words, { timeout: 3_000 })
    }).toPass({ timeout: 30_000 })
  }
  await page.getByRole('button', { name: '1 h', exact: true }).click()
  await page.getByRole('list', { name: 'Incidents on the time axis' }).getByRole('link').click()
  await expect(page.getByRole('heading', { level: 1 })).toContainText('DNS reflection against match-31')
  agent.close()
})

test('a node under attack shows its rules with their hits as they grow, and how its agent fares', async ({ page }) => {
  const agent = await enrolAgent('match-37')
  const node = reportFrom(agent)
  const second = () => node.samples(lastSeconds(1).map((atMs) => sampleAt(atMs, { isFlooded: true })))
  await second()
  const health = { startedMs: Date.now() - 3_600_000, cpuPercent: 0.25, residentBytes: 31_000_000, spooled: 1_204 }
  agent.socket.emit('health', { ...health, disk: 'full' })
  await signIn(page, stack().seeded.owner)
  await open(page, agent.enrolment.nodeId)
  await expect(page.getByText('None: everything is delivered.')).toBeVisible()
  const facts = [/^0\.25 % of one core$/, /^31(\.0)?\s*MB$/, /^1\s204$/, /^full: the oldest samples give way/]
  for (const fact of facts) await expect(page.getByRole('definition').filter({ hasText: fact })).toBeVisible()

  const flood = createFlood({ startMs: Date.now() - 10 })
  await node.flood(flood, 'opened', 'rule_installed')
  const rules = page.getByRole('region', { name: 'Rules in force' })
  const rule = rules.getByRole('listitem')
  await expect(rule).toContainText('Drop UDP from source port 53')
  const packets = (step: 'rule_installed' | 'mitigated') => flood.body(step).report.rules[0]?.packets ?? 0
  await expect(rule).toContainText(`${packets('rule_installed')}`)
  await node.flood(flood, 'mitigated')
  await expect(rule).not.toContainText(`${packets('rule_installed')}`)
  await rule.getByText('Drop UDP').click()
  await expect(rule.getByText('udp sport 53')).toBeVisible()
  await expectAccessible(page)
  await node.flood(flood, 'ending', 'resolved')
  await expect(rules).toContainText('None')
  agent.close()
})

test('a node that is cut off says since when, and one that was never enrolled says what to do', async ({ page }) => {
  const agent = await enrolAgent('match-32')
  await reportFrom(agent).samples(lastSeconds(30).map((atMs) => sampleAt(atMs, { isFlooded: false })))
  agent.close()
  await signIn(page, stack().seeded.owner)
  await open(page, agent.enrolment.nodeId)
  await expect(page.getByRole('heading', { level: 1 })).toContainText('match-32 is not connected.')
  await expect(page.getByRole('heading', { level: 1 })).toContainText('Last seen')
  await expectAccessible(page)

  await page.goto(`${stack().webUrl}/${stack().seeded.workspaceSlug}`)
  await page.getByRole('link', { name: 'match-02', exact: true }).click()
  await expect(page.getByRole('heading', { level: 1 })).toContainText('match-02 is not enrolled yet.')
  await expectAccessible(page)
  await page.getByRole('button', { name: 'New enrolment line' }).click()
  await expect(page.getByRole('dialog')).toContainText('--token')
  await expectAccessible(page)
})

test('a key is revoked and a node archived after one question, and who may not do it is not offered it', async ({
  page,
  browser,
}) => {
  const agent = await enrolAgent('match-33')
  const cut = new Promise((done) => agent.socket.once('disconnect', done))
  await signIn(page, stack().seeded.owner)
  await open(page, agent.enrolment.nodeId)
  await page.getByRole('button', { name: 'Revoke key' }).click()
  await expectAccessible(page)
  await page.getByRole('dialog').getByRole('button', { name: 'Revoke key' }).click()
  await cut
  await expect(page.getByText('revoked just now')).toBeVisible()
  await page.getByRole('button', { name: 'Archive' }).click()
  await page.getByRole('dialog').getByRole('button', { name: 'Archive' }).click()
  await expect(page.getByRole('heading', { level: 1, name: 'Fleet' })).toBeVisible()
  await expect(page.getByRole('listitem').filter({ hasText: 'match-33' })).toBeHidden()

  const { seeded, databaseUrl, webUrl } = stack()
  const reader = await browser.newPage()
  await signIn(reader, await addMember(databaseUrl, seeded.workspaceId, 'analyst'))
  await open(reader, agent.enrolment.nodeId)
  await expect(reader.getByRole('heading', { level: 1 })).toContainText('match-33 is archived.')
  await reader.getByRole('link', { name: 'Fleet' }).first().click()
  await reader.getByRole('link', { name: 'match-02', exact: true }).click()
  await expect(reader.getByText('Your role may read, not enrol.')).toBeVisible()
  for (const action of ['Archive', 'Revoke key', 'New enrolment line'])
    await expect(reader.getByRole('button', { name: action })).toHaveCount(0)
  expect(
    (await reader.request.get(`${webUrl}/${stack().neighbour.slug}/nodes/${agent.enrolment.nodeId}`)).status(),
  ).toBe(404)
  await reader.close()
})
