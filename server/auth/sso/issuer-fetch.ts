import type { CustomFetch } from 'openid-client'
import { fetch as undiciFetch } from 'undici'
import { createGuardedAgent } from '../../notify/guarded-agent'

/** The way to an issuer, whose address a workspace typed. */
export type IssuerFetch = CustomFetch

const ANSWER_MS_MAX = 6_000
const ANSWER_BYTES_MAX = 512 * 1024

/** Guarded at connect time like webhooks: no private address, no redirect, no endless answer. `allowCidrs`: OIDC_ALLOW_CIDRS. */
export function createIssuerFetch(allowCidrs: readonly string[]): IssuerFetch {
  const dispatcher = createGuardedAgent({ allowCidrs })
  return async (url, { method, headers, body }) => {
    const reply = await undiciFetch(url, {
      method,
      headers,
      body: body as string | undefined,
      redirect: 'manual',
      dispatcher,
      signal: AbortSignal.timeout(ANSWER_MS_MAX),
    })
    const text = await readCapped(reply.body)
    const isEmpty = [204, 205, 304].includes(reply.status)
    return new Response(isEmpty ? null : text, { status: reply.status, headers: [...reply.headers] })
  }
}

async function readCapped(body: AsyncIterable<Uint8Array> | null): Promise<string> {
  const parts: Uint8Array[] = []
  let bytes = 0
  for await (const part of body ?? []) {
    bytes += part.length
    if (bytes > ANSWER_BYTES_MAX) throw new Error(`the answer is longer than ${ANSWER_BYTES_MAX} bytes`)
    parts.push(part)
  }
  return Buffer.concat(parts).toString('utf8')
}
