/**
 * Signs in as a browser would and reads the fleet: `read-fleet.ts URL EMAIL PASSWORD`, or with the cookie of an earlier
 * sign-in in place of the two. Prints one JSON object.
 */
const [url = '', ...credentials] = process.argv.slice(2)

/** The cookies that an answer sets, as a Cookie header. */
const cookiesOf = (reply: Response): string =>
  reply.headers
    .getSetCookie()
    .map((cookie) => cookie.split(';')[0])
    .join('; ')

async function signIn(email: string, password: string): Promise<string> {
  const asked = await fetch(`${url}/api/auth/csrf`)
  const { csrfToken } = (await asked.json()) as { csrfToken: string }
  const reply = await fetch(`${url}/api/auth/callback/credentials`, {
    method: 'POST',
    headers: { cookie: cookiesOf(asked), 'content-type': 'application/x-www-form-urlencoded' },
    body: new URLSearchParams({ csrfToken, email, password, json: 'true' }),
    redirect: 'manual',
  })
  const session = reply.headers.getSetCookie().find((cookie) => /^(__Host-)?session=/.test(cookie))
  if (session === undefined) throw new Error(`sign-in was refused: ${reply.status} ${await reply.text()}`)
  return session.split(';')[0] as string
}

async function ask<Answer>(cookie: string, procedure: string, input?: object): Promise<Answer> {
  const query = input === undefined ? '' : `?input=${encodeURIComponent(JSON.stringify(input))}`
  const reply = await fetch(`${url}/api/trpc/${procedure}${query}`, { headers: { cookie } })
  if (!reply.ok) throw new Error(`${procedure} answered ${reply.status}: ${await reply.text()}`)
  return ((await reply.json()) as { result: { data: Answer } }).result.data
}

const [first = '', password] = credentials
const cookie = password === undefined ? first : await signIn(first, password)
const [workspace] = await ask<{ slug: string }[]>(cookie, 'workspaces.list')
if (workspace === undefined) throw new Error('the account belongs to no workspace')
const tiles = await ask<object[]>(cookie, 'nodes.tiles', { workspace: workspace.slug })
console.log(JSON.stringify({ cookie, slug: workspace.slug, tiles }))

export {}
