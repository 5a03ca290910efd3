import { z } from 'zod'

/** A mail server and who we are to it. */
export type Smtp = {
  host: string
  port: number
  /** `always`: from the first byte. `starttls`: after asking, or no mail. `offered`: when the server offers it. */
  tls: 'always' | 'starttls' | 'offered'
  auth: { user: string; pass: string } | null
  from: { name: string; address: string }
}

/** This machine itself: nobody listens on the way. */
export const isLocal = (host: string): boolean => /^(localhost|127\.\d+\.\d+\.\d+|::1)$/.test(host)

/**
 * `smtps://user:password@host:465` speaks TLS from the first byte. `smtp://host:587` insists on STARTTLS, unless the host is
 * this machine or the URL ends in `?starttls=offered`: then it is used when the server offers it.
 */
export function readSmtp(url: string, from: string): Smtp {
  const parsed = URL.canParse(url) ? new URL(url) : null
  if (parsed === null || !['smtp:', 'smtps:'].includes(parsed.protocol) || parsed.hostname === '') {
    throw new Error('SMTP_URL is not a mail server. Write it like smtps://user:password@mail.example:465.')
  }
  const host = parsed.hostname.replace(/^\[|\]$/g, '')
  const starttls = parsed.searchParams.get('starttls')
  if (starttls !== null && starttls !== 'offered') {
    throw new Error("SMTP_URL: the only value of starttls is 'offered'. Leave it out to insist on STARTTLS.")
  }
  const isOffered = starttls === 'offered' || isLocal(host)
  const isAlways = parsed.protocol === 'smtps:'
  const [user, pass] = [decodeURIComponent(parsed.username), decodeURIComponent(parsed.password)]
  return {
    host,
    port: parsed.port === '' ? (isAlways ? 465 : 587) : Number(parsed.port),
    tls: isAlways ? 'always' : isOffered ? 'offered' : 'starttls',
    auth: user === '' ? null : { user, pass },
    from: readSender(from),
  }
}

const SENDER = /^\s*(?:"?([^"<>\p{Cc}]*?)"?\s*<([^<>\s]+)>|([^<>\s]+))\s*$/u

function readSender(text: string): Smtp['from'] {
  const [, name = '', inBrackets, bare] = SENDER.exec(text) ?? []
  const address = z.email().safeParse(inBrackets ?? bare)
  if (!address.success) {
    throw new Error('MAIL_FROM is not a sender. Write it like Alerts <alerts@league.example>, or the address alone.')
  }
  return { name, address: address.data }
}
