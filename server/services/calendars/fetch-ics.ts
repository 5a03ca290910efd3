import { promisify } from 'node:util'
import { gunzip } from 'node:zlib'
import { type Agent, type Dispatcher, errors } from 'undici'
import { createGuardedAgent, DestinationRefused } from '../../notify/guarded-agent'
import { ICS_BYTES_MAX } from './parse-ics'

/** The calendar could not be had; the words say why, and hold nothing of its address but the machine. */
export class CalendarUnreachable extends Error {
  constructor(message: string) {
    super(message)
    this.name = 'CalendarUnreachable'
  }
}

export type Validators = { etag: string | null; lastModified: string | null }
export type Fetched = { kind: 'fresh'; text: string; validators: Validators } | { kind: 'unchanged' }

export type FetchOptions = {
  /** The owner's exceptions to the guard. */
  allowCidrs: readonly string[]
  timeoutMs?: number
  /** Where host names lead; tests bring their own. */
  agent?: Agent
}

const TIMEOUT_MS = 15_000
const REDIRECTS_MAX = 3
const MEGABYTES_MAX = ICS_BYTES_MAX / 1_024 / 1_024

/** Address as it was typed; webcal is what calendars call https. @throws CalendarUnreachable */
export function readAddress(typed: string): URL {
  const text = typed.trim().replace(/^webcals?:/i, 'https:')
  if (!URL.canParse(text))
    throw new CalendarUnreachable('This is no address. Write it like https://example.org/matches.ics.')
  const url = new URL(text)
  if (url.username !== '' || url.password !== '')
    throw new CalendarUnreachable(
      'An address with user and password is not taken: use the calendar’s private address instead.',
    )
  if (url.protocol !== 'https:' && url.protocol !== 'http:')
    throw new CalendarUnreachable('The address must begin with https://.')
  return url
}

/**
 * Fetches a calendar. Where the address leads is decided by the guard when the connection opens, for each redirect anew.
 * Bounded in time, size and redirects. @throws CalendarUnreachable
 */
export async function fetchIcs(url: URL, validators: Validators | null, options: FetchOptions): Promise<Fetched> {
  const { allowCidrs, timeoutMs = TIMEOUT_MS } = options
  const agent = options.agent ?? createGuardedAgent({ allowCidrs })
  const signal = AbortSignal.timeout(timeoutMs)
  try {
    return await follow(agent, url, validators, signal)
  } catch (error) {
    throw explained(error, url, timeoutMs)
  } finally {
    if (!options.agent) agent.destroy().catch(() => undefined)
  }
}

async function follow(agent: Agent, url: URL, validators: Validators | null, signal: AbortSignal): Promise<Fetched> {
  let at = url
  for (let redirects = 0; redirects <= REDIRECTS_MAX; redirects += 1) {
    const reply = await ask(agent, at, validators, signal)
    const { statusCode, headers } = reply
    const location = single(headers.location)
    if ([301, 302, 303, 307, 308].includes(statusCode) && location) {
      leave(reply.body)
      at = readAddress(new URL(location, at).href)
      continue
    }
    if (statusCode === 304) {
      leave(reply.body)
      return { kind: 'unchanged' }
    }
    if (statusCode !== 200) {
      leave(reply.body)
      throw new CalendarUnreachable(`${at.host} answered ${statusCode}${meaning(statusCode)}.`)
    }
    const text = await readText(reply, at)
    return {
      kind: 'fresh',
      text,
      validators: { etag: short(headers.etag), lastModified: short(headers['last-modified']) },
    }
  }
  throw new CalendarUnreachable(`${url.host} leads on more than ${REDIRECTS_MAX} times.`)
}

/** Breaks off what is not wanted; the body would throw that at nobody, and so end the process. */
function leave(body: Dispatcher.ResponseData['body']): void {
  body.on('error', () => undefined)
  body.destroy()
}

function ask(agent: Agent, url: URL, validators: Validators | null, signal: AbortSignal) {
  return agent.request({
    origin: url.origin,
    path: `${url.pathname}${url.search}`,
    method: 'GET',
    signal,
    headers: {
      accept: 'text/calendar, text/plain;q=0.5',
      'accept-encoding': 'gzip, identity',
      'user-agent': 'calendar-import/1',
      ...(validators?.etag ? { 'if-none-match': validators.etag } : {}),
      ...(validators?.lastModified ? { 'if-modified-since': validators.lastModified } : {}),
    },
  })
}

const single = (value: string | string[] | undefined): string | null =>
  (Array.isArray(value) ? value[0] : value) ?? null

/** A validator that is cut would never fit again. */
const short = (value: string | string[] | undefined): string | null => {
  const text = single(value)
  return text !== null && text.length <= 300 ? text : null
}

function meaning(status: number): string {
  if (status === 401 || status === 403) return ': it wants a sign-in; use the calendar’s private address'
  if (status === 404 || status === 410) return ': there is no calendar at this address'
  return ''
}

async function readText({ body, headers }: Dispatcher.ResponseData, url: URL): Promise<string> {
  const tooLarge = () =>
    new CalendarUnreachable(`${url.host} sent more than ${MEGABYTES_MAX} MB. Use the address of a smaller calendar.`)
  if (Number(headers['content-length'] ?? 0) > ICS_BYTES_MAX) {
    leave(body)
    throw tooLarge()
  }
  const parts: Buffer[] = []
  let bytes = 0
  for await (const part of body) {
    bytes += (part as Buffer).length
    if (bytes > ICS_BYTES_MAX) {
      leave(body)
      throw tooLarge()
    }
    parts.push(part as Buffer)
  }
  const whole = Buffer.concat(parts)
  if (single(headers['content-encoding'])?.toLowerCase() !== 'gzip') return whole.toString('utf8')
  // What is small on the wire may be huge behind it.
  return promisify(gunzip)(whole, { maxOutputLength: ICS_BYTES_MAX }).then(
    (clear) => clear.toString('utf8'),
    () => {
      throw tooLarge()
    },
  )
}

function explained(error: unknown, url: URL, timeoutMs: number): CalendarUnreachable {
  if (error instanceof CalendarUnreachable) return error
  if (error instanceof DestinationRefused)
    return new CalendarUnreachable(
      `The address was refused: ${error.reason}. Use an https address of a public machine.`,
    )
  const isLate =
    error instanceof errors.HeadersTimeoutError ||
    error instanceof errors.BodyTimeoutError ||
    (error instanceof Error && error.name === 'TimeoutError')
  if (isLate) return new CalendarUnreachable(`${url.host} gave no complete answer within ${timeoutMs / 1_000} s.`)
  const { code } = error as NodeJS.ErrnoException
  return new CalendarUnreachable(`${url.host} could not be reached (${code ?? 'connection failed'}).`)
}
