import { expect, test } from '@playwright/test'
import { createFlood, reportFrom } from './flood'
import { enrolAgent, expectAccessible, signIn, stack } from './story'

test('a member of another workspace finds nothing of this one, by page or by call', async ({ page }) => {
  const { webUrl, seeded, neighbour } = stack()
  const { incidentId, nodeId } = await openIncident()
  await signIn(page, neighbour.owner)
  await expect(page.getByText('Your first server, in three steps')).toBeVisible()
  await expectAccessible(page)

  const foreign = seeded.workspaceSlug
  for (const path of [
    '',
    '/incidents',
    `/incidents/${incidentId}`,
    `/incidents/${incidentId}/evidence`,
    `/nodes/${nodeId}`,
  ]) {
    const reply = await page.request.get(`${webUrl}/${foreign}${path}`)
    expect(reply.status(), path).toBe(404)
  }
  // Their own slug does not open another's incident either.
  expect((await page.request.get(`${webUrl}/${neighbour.slug}/incidents/${incidentId}`)).status()).toBe(404)

  for (const [procedure, input] of [
    ['nodes.tiles', { workspace: foreign }],
    ['nodes.seconds', { workspace: foreign, since: { spanMs: 60_000 } }],
    ['nodes.get', { workspace: foreign, id: nodeId }],
    ['nodes.get', { workspace: neighbour.slug, id: nodeId }],
    ['nodes.series', { workspace: neighbour.slug, id: nodeId, since: { spanMs: 60_000 } }],
    ['incidents.list', { workspace: foreign }],
    ['incidents.get', { workspace: foreign, id: incidentId }],
    ['incidents.get', { workspace: neighbour.slug, id: incidentId }],
    ['incidents.samples', { workspace: neighbour.slug, id: incidentId }],
  ] as const) {
    const query = encodeURIComponent(JSON.stringify(input))
    const reply = await page.request.get(`${webUrl}/api/trpc/${procedure}?input=${query}`)
    expect(reply.status(), procedure).toBe(404)
  }
  const acknowledge = await page.request.post(`${webUrl}/api/trpc/incidents.acknowledge`, {
    data: { workspace: neighbour.slug, id: incidentId },
  })
  expect(acknowledge.status()).toBe(404)
})

test('without a session a page leads to sign-in and a call is refused', async ({ request }) => {
  const { webUrl, seeded } = stack()
  const page = await request.get(`${webUrl}/${seeded.workspaceSlug}`)
  expect(page.url()).toContain('/sign-in')
  const query = encodeURIComponent(JSON.stringify({ workspace: seeded.workspaceSlug }))
  expect((await request.get(`${webUrl}/api/trpc/incidents.list?input=${query}`)).status()).toBe(401)
})

async function openIncident(): Promise<{ incidentId: string; nodeId: string }> {
  const flood = createFlood({ startMs: Date.now() })
  const agent = await enrolAgent('match-09')
  await reportFrom(agent).flood(flood, 'opened', 'rule_installed', 'mitigated', 'ending', 'resolved')
  agent.close()
  return { incidentId: `inc_${flood.id.replaceAll('-', '')}`, nodeId: agent.enrolment.nodeId }
}
