import { expect, type Page, test } from '@playwright/test'
import type { AgentSimulator } from '../../server/testing/agent-simulator'
import type { Policy } from '../../wire/messages'
import { createFlood, reportFrom } from './flood'
import { addMember } from './neighbour'
import { enrolAgent, expectAccessible, signIn, stack } from './story'

const call = async (page: Page, path: string, input: object) => {
  const { webUrl, seeded } = stack()
  const data = { workspace: seeded.workspaceSlug, ...input }
  const reply = await page.request.post(`${webUrl}/api/trpc/${path}`, { data })
  return { status: reply.status(), body: (await reply.json()) as { result?: { data: { id: string } } } }
}

/** A group with this node, as its owner makes it on the groups page. */
async function addGroup(page: Page, name: string, nodeId: string): Promise<string> {
  const made = await call(page, 'groups.create', { kind: 'match', name })
  expect(made, JSON.stringify(made.body)).toMatchObject({ status: 200 })
  const id = made.body.result?.data.id as string
  expect(await call(page, 'groups.setNodes', { id, nodeIds: [nodeId] })).toMatchObject({ status: 200 })
  return id
}

/** What the node was told since, with the time; it says that it holds it, as an agent does. */
function follow(agent: AgentSimulator): { policy: Policy; atMs: number }[] {
  const told: { policy: Policy; atMs: number }[] = []
  const hold = ({ id = '', stoppedUntilMs = null }: { id?: string; stoppedUntilMs?: number | null }) =>
    agent.socket.emit('held', { id, stoppedUntilMs })
  agent.socket.on('policy', (policy) => {
    told.push({ policy, atMs: Date.now() })
    hold(policy)
  })
  hold(agent.welcome.policy)
  return told
}

const segment = (page: Page, label: string, words: string) =>
  page.getByRole('group', { name: label, exact: true }).getByRole('button', { name: words, exact: true })
const review = (page: Page) => page.getByRole('button', { name: 'Review and save' })

test('an admin gives a match its own policy after seeing what it would have done and confirming what may hurt; the node holds it', async ({
  page,
  browser,
}) => {
  const { webUrl, seeded, databaseUrl } = stack()
  const agent = await enrolAgent('semi-a')
  const told = follow(agent)
  const flood = createFlood({ startMs: Date.now() - 120_000 })
  await reportFrom(agent).flood(flood, 'opened', 'rule_installed', 'mitigated', 'ending', 'resolved')
  await signIn(page, seeded.owner)
  const group = await addGroup(page, 'Semi <script>final', agent.enrolment.nodeId)

  const context = await browser.newContext({ viewport: { width: 390, height: 800 } })
  const reader = await context.newPage()
  await signIn(reader, await addMember(databaseUrl, seeded.workspaceId, 'operator'))
  await reader.goto(`${webUrl}/${seeded.workspaceSlug}/mitigation?of=${group}`)
  await expect(reader.getByText('Your role may read, not change it.')).toBeVisible()
  await expect(review(reader)).toHaveCount(0)
  await expect(segment(reader, 'Doubtful vectors', 'Drop')).toBeDisabled()
  await expectAccessible(reader)
  expect(await reader.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(390)
  const settings = { certain: 'drop', doubtful: 'limit', newSourcePps: 300, holdMs: 25_000 }
  expect((await call(reader, 'policies.save', { id: group, settings, versionSeen: 0 })).status).toBe(403)
  await context.close()

  await page.getByRole('link', { name: 'Mitigation' }).click()
  await page.getByLabel('Policy of').selectOption(group)
  await expect(page.getByText('has no policy of its own')).toBeVisible()
  await segment(page, 'Doubtful vectors', 'Drop').click()
  await page.getByText('Reflection', { exact: true }).click()
  await segment(page, 'DNS reflection', 'Observe').click()
  await page.getByLabel('New sources, packets a second').fill('40')
  await page.getByRole('button', { name: 'Add a friends list' }).click()
  await page.getByLabel('Name of the list').fill('Casters')
  await page.getByLabel('Networks').fill('198.51.100.0/33')
  await expectAccessible(page)
  await review(page).click()
  await expect(page.getByRole('alert').filter({ hasText: '198.51.100.0/33' })).toContainText('is no network')
  await page.getByRole('button', { name: 'Back to the draft' }).click()
  await page.getByLabel('Networks').fill('198.51.100.7/24\n2001:db8::/32')
  await review(page).click()

  const dialog = page.getByRole('dialog')
  await expect(dialog.getByRole('row').filter({ hasText: 'DNS reflection' }).first()).toContainText('observe')
  await expect(dialog).toContainText('1 node would take this policy. Of one attack, one would have gone otherwise.')
  await expect(dialog.getByRole('row').filter({ hasText: 'semi-a' })).toContainText('drop → observe')
  await expectAccessible(page)
  await dialog.getByRole('button', { name: 'Continue: 3 warnings' }).click()
  const save = dialog.getByRole('button', { name: 'Save it all the same' })
  await expect(save).toBeDisabled()
  await expectAccessible(page)
  for (const box of await dialog.getByRole('checkbox').all()) await box.check()
  const savedMs = Date.now()
  await save.click()
  await expect
    .poll(() => told.at(-1)?.policy)
    .toMatchObject({
      version: 1,
      doubtful: 'drop',
      newSourcePps: 40,
      vectors: { dns_amp: 'observe' },
      friends: ['198.51.100.0/24', '2001:db8::/32'],
    })
  expect((told.at(-1)?.atMs ?? 0) - savedMs).toBeLessThan(2_000)
  await expect(page.getByText('its own policy, version 1, in force on 1 of 1 node.')).toBeVisible()

  await page.getByLabel('Quiet seconds until it is over').fill('30')
  await review(page).click()
  await dialog.getByRole('button', { name: 'Save', exact: true }).click()
  await expect(page.getByText('its own policy, version 2')).toBeVisible()
  await page.getByRole('button', { name: 'Restore version 1' }).click()
  await expect(page.getByLabel('Quiet seconds until it is over')).toHaveValue('25')
  await page.getByRole('button', { name: 'Discard' }).click()
  await expectAccessible(page)

  await page.goto(`${webUrl}/${seeded.workspaceSlug}/nodes/${agent.enrolment.nodeId}`)
  await expect(page.getByText('Semi <script>final, version 2')).toBeVisible()
  await expect(page.getByText('the node says so', { exact: true })).toBeVisible()
  await expectAccessible(page)
  agent.close()
})

test('an operator stops mitigation for a match: told within a second, said on every page, resumed at one press', async ({
  page,
  browser,
}) => {
  const { webUrl, seeded, databaseUrl } = stack()
  const agent = await enrolAgent('semi-b')
  const told = follow(agent)
  await reportFrom(agent).flood(createFlood({ startMs: Date.now() }), 'opened', 'rule_installed')
  await signIn(page, seeded.owner)
  const group = await addGroup(page, 'Semi final B', agent.enrolment.nodeId)

  const context = await browser.newContext({ viewport: { width: 1280, height: 900 } })
  const operator = await context.newPage()
  await signIn(operator, await addMember(databaseUrl, seeded.workspaceId, 'operator'))
  await operator.goto(`${webUrl}/${seeded.workspaceSlug}/mitigation?of=${group}`)
  await operator.getByRole('button', { name: 'Stop mitigation here' }).click()
  const dialog = operator.getByRole('dialog')
  await dialog.getByRole('button', { name: 'Continue' }).click()
  await expect(dialog.getByLabel('Why')).toBeFocused()
  await dialog.getByRole('button', { name: '1 hour' }).click()
  await dialog.getByLabel('Why').fill('Players cannot <b>connect</b>')
  await expectAccessible(operator)
  await dialog.getByRole('button', { name: 'Continue' }).click()
  await expect(dialog).toContainText('One attack is going on there')
  await expectAccessible(operator)
  const stop = dialog.getByRole('button', { name: 'Stop all mitigation now' })
  const pressedMs = Date.now()
  await stop.click()
  await expect.poll(() => told.at(-1)?.policy.stoppedUntilMs ?? 0).toBeGreaterThan(pressedMs + 59 * 60_000)
  expect((told.at(-1)?.atMs ?? 0) - pressedMs).toBeLessThan(2_000)

  // The owner's page was open all along.
  const banner = page.getByRole('status', { name: 'Stopped mitigation' })
  await expect(banner).toContainText('Mitigation is stopped in Semi final B')
  await expect(banner).toContainText('“Players cannot <b>connect</b>”')
  await expectAccessible(page)
  await page.getByRole('link', { name: 'Settings' }).click()
  await expect(banner).toContainText('Mitigation is stopped in Semi final B')
  await operator.goto(`${webUrl}/${seeded.workspaceSlug}/nodes/${agent.enrolment.nodeId}`)
  await expect(operator.getByText(/^stopped until/)).toBeVisible()

  await banner.getByRole('button', { name: 'Resume now' }).click()
  await expect(banner).not.toContainText('Mitigation is stopped')
  await expect.poll(() => told.at(-1)?.policy.stoppedUntilMs).toBeUndefined()
  await expect(operator.getByRole('status', { name: 'Stopped mitigation' })).not.toContainText('stopped in')
  await expect(operator.getByText(/^stopped until/)).toHaveCount(0)
  agent.close()
  await context.close()
})
