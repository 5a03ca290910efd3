import { expect, type Page, test } from '@playwright/test'
import { expectAccessible, linkMailedTo, signIn, stack } from './story'

const PAGES = ['/', '/product', '/esports', '/streaming', '/pricing', '/faq', '/guide', '/measured', '/book'] as const

/** What a page asked for, by host, and what it left behind. */
async function visit(page: Page, path: string) {
  const hosts = new Set<string>()
  page.on('request', (request) => hosts.add(new URL(request.url()).host))
  const reply = await page.goto(`${stack().webUrl}${path}`)
  await page.waitForLoadState('networkidle')
  return { status: reply?.status(), headers: reply?.headers() ?? {}, hosts: [...hosts] }
}

for (const path of PAGES) {
  test(`${path} is open to everybody, sets no cookie, asks no other host, and is accessible in both schemes`, async ({
    page,
    context,
  }) => {
    const errors: string[] = []
    page.on('console', (message) => message.type() === 'error' && errors.push(message.text()))
    const { status, headers, hosts } = await visit(page, path)
    expect(status).toBe(200)
    expect(hosts).toEqual([new URL(stack().webUrl).host])
    expect(headers['set-cookie']).toBeUndefined()
    expect(await context.cookies()).toEqual([])
    expect(errors).toEqual([])
    await expect(page.getByRole('heading', { level: 1 })).toHaveCount(1)
    await expect(page.locator('meta[name="description"]')).toHaveAttribute('content', /.{50,}/)
    await expect(page.locator('meta[property="og:title"]')).toHaveAttribute('content', /.+/)
    await expect(page.locator('meta[name="robots"]')).toHaveAttribute('content', 'index, follow')
    await expectAccessible(page)
    for (const width of [390, 1920]) {
      await page.setViewportSize({ width, height: 900 })
      const overflow = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth)
      expect(overflow, `${path} at ${width} px`).toBeLessThanOrEqual(0)
    }
  })
}

test('search engines find the public pages, and neither consoles nor links of mails', async ({ request }) => {
  const { webUrl, seeded } = stack()
  const sitemap = await (await request.get(`${webUrl}/sitemap.xml`)).text()
  expect(sitemap).toContain(`<loc>${webUrl}/pricing</loc>`)
  expect(sitemap).not.toContain(seeded.workspaceSlug)
  const robots = await (await request.get(`${webUrl}/robots.txt`)).text()
  expect(robots).toContain(`Sitemap: ${webUrl}/sitemap.xml`)
  for (const closed of ['/api/', '/invite', '/guide/open']) expect(robots).toContain(`Disallow: ${closed}`)
  expect(robots).not.toContain(seeded.workspaceSlug)
  expect(await (await request.get(`${webUrl}/sign-in`)).text()).toContain('content="noindex"')
})

test('whoever is signed in gets to their servers from every public page, and from the root at once', async ({
  page,
}) => {
  const { webUrl, seeded } = stack()
  await signIn(page, seeded.owner)
  await page.goto(webUrl)
  await expect(page).toHaveURL(`${webUrl}/${seeded.workspaceSlug}`)
  await page.goto(`${webUrl}/product`)
  await page.getByRole('link', { name: 'Open your workspace' }).click()
  await expect(page).toHaveURL(`${webUrl}/${seeded.workspaceSlug}`)
  // Made by bin/up or a seed: nothing here is on trial.
  await expect(page.getByText('What happens then')).toHaveCount(0)
})

test('the calculator follows the price table: monthly, by the year, white-label, graduated sources', async ({
  page,
}) => {
  await page.goto(`${stack().webUrl}/pricing`)
  const estimate = page.getByRole('region', { name: 'Estimate' })
  const nodes = page.getByLabel('Nodes', { exact: true })
  await nodes.fill('25')
  await expect(estimate).toContainText('$249.75')
  await page.getByRole('button', { name: 'Annual' }).click()
  await expect(estimate).toContainText('$199.75')
  await expect(estimate).toContainText('$2,397.00')
  await page.getByRole('button', { name: 'White-label' }).click()
  await expect(estimate).toContainText('$200.00')
  await expect(estimate).toContainText('covers the first bill of this size, and $0.25 of the next')
  const sources = page.getByLabel('Flow sources', { exact: true })
  for (const [count, cost] of [
    ['5', '$95.00'],
    ['6', '$112.00'],
    ['21', '$365.00'],
    ['101', '$1,562.00'],
  ] as const) {
    await sources.fill(count)
    await expect(estimate).toContainText(cost)
  }
  await nodes.fill('abc')
  await expect(nodes).toHaveValue('')
  await nodes.blur()
  await expect(nodes).toHaveValue('0')
  await nodes.press('ArrowUp')
  await expect(nodes).toHaveValue('1')
})

test('a booking is taken once, hostile words or not, and confirmed by mail without a word of them', async ({
  page,
}) => {
  await page.goto(`${stack().webUrl}/book`)
  await page.getByRole('button', { name: 'Send the request' }).click()
  await expect(page.getByRole('alert').filter({ hasText: 'not valid' }).first()).toBeVisible()
  await expectAccessible(page)
  await page.getByLabel('Your name').fill('<script>alert(1)</script> محمد')
  await page.getByLabel('Organisation').fill('X'.repeat(80))
  await page.getByLabel('Email').fill('asks@league.example')
  await page.getByLabel('How many servers').selectOption('11 to 50')
  await page.getByLabel('What we should know').fill('Visit https://evil.example\nnow')
  await page.getByRole('button', { name: 'Send the request' }).dblclick()
  await expect(page.getByText('Your request is here.')).toBeVisible()
  await expectAccessible(page)
  const toAsker = await mailsTo('asks@league.example', 1)
  expect(toAsker[0]?.text).not.toContain('evil.example')
  expect(toAsker[0]?.text).not.toContain('script')
  const toOwner = await mailsTo('owner@platform.example', 1)
  expect(toOwner[0]?.text).toContain('https://evil.example')
  expect(toOwner[0]?.text).toContain('11 to 50')
})

test('the guide opens by the newest mailed link after one press; an older one is refused in words', async ({
  page,
}) => {
  const { webUrl } = stack()
  const address = 'reader@league.example'
  const ask = async () => {
    await page.goto(`${webUrl}/guide`)
    await page.getByLabel('Where to send it').fill(address)
    await page.getByRole('button', { name: 'Mail me the guide' }).click()
    await expect(page.getByText(`Look into ${address}`)).toBeVisible()
    return linkMailedTo(address)
  }
  const old = await ask()
  await ask()
  await expect(async () => expect(await linkMailedTo(address)).not.toBe(old)).toPass()
  const link = await linkMailedTo(address)
  await page.goto(old)
  await expect(page.getByRole('heading', { name: 'This link is good no more' })).toBeVisible()
  await expect(page.getByText('A newer link was asked for')).toBeVisible()
  await expectAccessible(page)
  // A mail scanner looks first: that opens nothing.
  expect(await (await page.request.get(link)).text()).not.toContain('Before you begin')
  await page.goto(link)
  await expectAccessible(page)
  await page.getByRole('button', { name: 'Open the guide' }).click()
  await expect(page.getByRole('heading', { name: 'Before you begin' })).toBeVisible()
  await expectAccessible(page)
  await page.reload()
  await expect(page.getByRole('heading', { name: 'A rehearsal, and the evening' })).toBeVisible()
  await page.goto(`${webUrl}/guide/open?token=made-up`)
  await expect(page.getByText('cut short on its way')).toBeVisible()
  await page.goto(`${webUrl}/guide`)
  await page.getByLabel('Where to send it').fill('no address')
  await page.getByRole('button', { name: 'Mail me the guide' }).click()
  await expect(page.getByRole('alert').filter({ hasText: 'name@example.org' })).toBeVisible()
})

async function mailsTo(address: string, count: number): Promise<{ subject: string; text: string }[]> {
  let found: { to: string[]; subject: string; text: string }[] = []
  await expect(async () => {
    const reply = await fetch(`${stack().controlUrl}/mails`)
    const mails = (await reply.json()) as typeof found
    found = mails.filter(({ to }) => to.includes(address))
    expect(found).toHaveLength(count)
  }).toPass()
  return found
}
