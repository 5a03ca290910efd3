/** Host the browser asked for: Next and the edge overwrite X-Forwarded-Host, a browser cannot set it. */
export const hostOf = (headers: Headers): string => headers.get('x-forwarded-host') ?? headers.get('host') ?? ''

export const isSecureRequest = (headers: Headers): boolean =>
  headers.get('x-forwarded-proto')?.split(',')[0] === 'https'

/** Network address of who asks, as the edge passes it on. */
export const addressOf = (headers: Headers): string =>
  headers.get('x-forwarded-for')?.split(',')[0]?.trim() || 'unknown'

/** Address that the browser sees. `publicUrl` says whether its own host has TLS where nothing in front tells. */
export function originOf(headers: Headers, publicUrl: string): string {
  const host = hostOf(headers)
  if (publicUrl !== '' && new URL(publicUrl).host === host) return publicUrl
  return `${isSecureRequest(headers) ? 'https' : 'http'}://${host}`
}
