import { randomUUID } from 'node:crypto'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import Provider from 'oidc-provider'

/** Whom the provider signs in. */
export type Person = { sub: string; email?: string; email_verified?: boolean; name?: string }

export type IdentityProvider = {
  issuer: string
  clientId: string
  clientSecret: string
  /** Who is signed in from now on, without being asked. */
  person: Person
  /** Follows an authorization address as a browser would, to where it is sent back. */
  walk: (url: URL) => Promise<URL>
  close: () => Promise<void>
}

/** npm's oidc-provider on loopback: real discovery, keys, codes and tokens. It asks nobody anything. */
export async function startIdentityProvider(redirectUris: string[], port = 0): Promise<IdentityProvider> {
  const client = { clientId: 'console', clientSecret: randomUUID() }
  const answer: { provider?: Provider; person: Person } = { person: { sub: 'nobody' } }
  const server = createServer((request, response) => {
    const { provider } = answer
    if (!provider) return void response.writeHead(503).end()
    if (request.url?.startsWith('/interaction/')) void consent(provider, answer.person, request, response)
    else void provider.callback()(request, response)
  })
  await new Promise<void>((done) => server.listen(port, '127.0.0.1', done))
  const issuer = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  answer.provider = createProvider(issuer, client, redirectUris, () => answer.person)
  return {
    issuer,
    ...client,
    get person() {
      return answer.person
    },
    set person(person) {
      answer.person = person
    },
    walk: (url) => walk(url, redirectUris),
    close: async () => {
      server.closeAllConnections()
      await new Promise((done) => server.close(done))
    },
  }
}

type Client = { clientId: string; clientSecret: string }

function createProvider(issuer: string, client: Client, redirectUris: string[], person: () => Person): Provider {
  const people = new Map<string, Person>()
  return new Provider(issuer, {
    clients: [
      {
        client_id: client.clientId,
        client_secret: client.clientSecret,
        redirect_uris: redirectUris,
        token_endpoint_auth_method: 'client_secret_post',
      },
    ],
    claims: { openid: ['sub'], email: ['email', 'email_verified'], profile: ['name'] },
    cookies: { keys: [randomUUID()] },
    features: { devInteractions: { enabled: false } },
    interactions: { url: (_ctx, { uid }) => `/interaction/${uid}` },
    findAccount: (_ctx, sub) => {
      if (person().sub === sub) people.set(sub, person())
      return { accountId: sub, claims: () => ({ ...people.get(sub), sub }) }
    },
  })
}

/** Signs the person in and lets the client have all it asks for. */
async function consent(provider: Provider, person: Person, request: IncomingMessage, response: ServerResponse) {
  const { params } = await provider.interactionDetails(request, response)
  const grant = new provider.Grant({ accountId: person.sub, clientId: String(params.client_id) })
  grant.addOIDCScope('openid email profile')
  const grantId = await grant.save()
  const result = { login: { accountId: person.sub, remember: false }, consent: { grantId } }
  await provider.interactionFinished(request, response, result, { mergeWithLastSubmission: false })
}

const STEPS_MAX = 10

async function walk(from: URL, redirectUris: string[]): Promise<URL> {
  const jar = new Map<string, string>()
  let url = from
  for (let step = 0; step < STEPS_MAX; step++) {
    if (redirectUris.includes(`${url.origin}${url.pathname}`)) return url
    const cookie = [...jar].map(([name, value]) => `${name}=${value}`).join('; ')
    const reply = await fetch(url, { redirect: 'manual', headers: { cookie } })
    for (const line of reply.headers.getSetCookie()) {
      const [name = '', value = ''] = (line.split(';')[0] ?? '').split('=')
      jar.set(name, value)
    }
    const next = reply.headers.get('location')
    if (next === null) throw new Error(`${url} answered ${reply.status} and led nowhere: ${await reply.text()}`)
    url = new URL(next, url)
  }
  throw new Error(`${from} led to nowhere in ${STEPS_MAX} steps`)
}
