/** Host the browser asked for: Next and the edge overwrite X-Forwarded-Host, a browser cannot set it. */
export const hostOf = (headers: Headers): string => headers.get('x-forwarded-host') ?? headers.get('host') ?? ''

export const isSecureRequest = (headers: Headers): boolean =>
  headers.get('x-forwarded-proto')?.split(',')[0] === 'https'
