import AxeBuilder from '@axe-core/playwright'
import { expect, type Page, request } from '@playwright/test'
import { type AgentSimulator, startAgent } from '../../server/testing/agent-simulator'

export type Person = { email: string; password: string }
export type Seeded = {
  workspaceId: string
  workspaceSlug: string
  owner: Person
  statusPageSlug: string
  statusPageUrlPath: string
  enrolmentTokens: { nodeName: string; token: string }[]
}
export type Stack = {
  webUrl: string
  gatewayUrl: string
  controlUrl: string
  databaseUrl: string
  seeded: Seeded
  neighbour: { slug: string; owner: Person }
}

const VARIABLE = 'E2E_STACK'

export function describeStack(stack: Stack): void {
  process.env[VARIABLE] = JSON.stringify(stack)
}

export function stack(): Stack {
  return JSON.parse(process.env[VARIABLE] ?? '{}') as Stack
}

export async function signIn(page: Page, person: Person): Promise<void> {
  await page.goto(`${stack().webUrl}/sign-in`)
  await page.getByLabel('Email').fill(person.email)
  await page.getByLabel('Password').fill(person.password)
  await page.getByRole('button', { name: 'Sign in' }).click()
  await expect(page.getByRole('heading', { level: 1, name: 'Fleet' })).toBeVisible()
}

/** Does this to the gateway and waits until it is done. */
export async function gateway(action: 'start' | 'stop' | 'kill'): Promise<void> {
  const reply = await fetch(`${stack().controlUrl}/${action}`, { method: 'POST' })
  if (!reply.ok) throw new Error(`the gateway did not ${action}: ${await reply.text()}`)
}

/** The link in the newest mail to this address, once it is there. */
export async function linkMailedTo(address: string): Promise<string> {
  let link: string | undefined
  await expect(async () => {
    const reply = await fetch(`${stack().controlUrl}/mails`)
    const mails = (await reply.json()) as { to: string[]; text: string }[]
    const mail = mails.findLast(({ to }) => to.includes(address))
    link = /https?:\/\/\S+token=\S+/.exec(mail?.text ?? '')?.[0]
    expect(link).toBeDefined()
  }).toPass()
  return link as string
}

/** A token for a node of the seeded workspace, as its owner would make it on the fleet page. */
export async function mintToken(nodeName: string): Promise<string> {
  const { webUrl, seeded } = stack()
  const api = await request.newContext({ baseURL: webUrl })
  const { csrfToken } = (await (await api.get('/api/auth/csrf')).json()) as { csrfToken: string }
  await api.post('/api/auth/callback/credentials', { form: { csrfToken, json: 'true', ...seeded.owner } })
  const reply = await api.post('/api/trpc/nodes.createEnrolment', {
    data: { workspace: seeded.workspaceSlug, nodeName },
  })
  const body = (await reply.json()) as { result: { data: { token: string } } }
  await api.dispose()
  return body.result.data.token
}

export const enrolAgent = async (nodeName: string): Promise<AgentSimulator> =>
  startAgent(stack().gatewayUrl, await mintToken(nodeName), nodeName)

const RULES = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa']

/** No accessibility fault, in the light and in the dark scheme. `except` names rules the page answers in another way. */
export async function expectAccessible(page: Page, except: string[] = []): Promise<void> {
  for (const colorScheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' })
    const { violations } = await new AxeBuilder({ page }).withTags(RULES).disableRules(except).analyze()
    expect(
      violations.map(({ id, nodes }) => `${colorScheme}: ${id}: ${nodes.map((node) => node.html).join(' | ')}`),
    ).toEqual([])
  }
}
