import { decode } from 'next-auth/jwt'

/** Sessions end after this time, used or not. */
export const SESSION_AGE_S = 14 * 86_400

const PLAIN_NAME = 'session'
/** Browsers refuse this name to any other host, and without TLS. */
const HOST_BOUND_NAME = '__Host-session'

export const sessionCookieName = (isSecure: boolean): string => (isSecure ? HOST_BOUND_NAME : PLAIN_NAME)

/** Value of one cookie of a Cookie header; null when it is not there. */
export function cookieValue(header: string, name: string): string | null {
  for (const part of header.split(';')) {
    const at = part.indexOf('=')
    if (at > 0 && part.slice(0, at).trim() === name) return decodeURIComponent(part.slice(at + 1).trim())
  }
  return null
}

/** Id of the session that a Cookie header carries. It says nothing about whether that session still lives. */
export async function sessionIdOf(cookieHeader: string, secret: string): Promise<string | null> {
  try {
    const token = cookieValue(cookieHeader, HOST_BOUND_NAME) ?? cookieValue(cookieHeader, PLAIN_NAME)
    if (!token) return null
    const claims = await decode({ token, secret })
    return typeof claims?.sid === 'string' ? claims.sid : null
  } catch {
    // Forged, damaged or signed with an older secret: nobody.
    return null
  }
}
