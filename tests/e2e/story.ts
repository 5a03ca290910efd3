import AxeBuilder from '@axe-core/playwright'
import { expect, type Page } from '@playwright/test'

export type Person = { email: string; password: string }
export type Seeded = {
  workspaceId: string
  workspaceSlug: string
  owner: Person
  statusPageSlug: string
  statusPageUrlPath: string
  enrolmentTokens: { nodeName: string; token: string }[]
}
export type Stack = { webUrl: string; gatewayUrl: string; seeded: Seeded; neighbour: { slug: string; owner: Person } }

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
