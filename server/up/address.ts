import type { NetworkInterfaceInfo } from 'node:os'

const EVERYWHERE = ['0.0.0.0', '::']

const bracketed = (host: string): string => (host.includes(':') ? `[${host}]` : host)

/** Address at which this machine itself reaches what listens on `host`. */
export const localUrl = (host: string, port: number): string =>
  `http://${EVERYWHERE.includes(host) ? '127.0.0.1' : bracketed(host)}:${port}`

/** Address at which others reach it, as far as the machine knows: its first that is not internal, IPv4 before IPv6. */
export function publicUrl(
  host: string,
  port: number,
  interfaces: NodeJS.Dict<Pick<NetworkInterfaceInfo, 'address' | 'family' | 'internal'>[]>,
): string {
  if (!EVERYWHERE.includes(host)) return `http://${bracketed(host)}:${port}`
  const outside = Object.values(interfaces)
    .flatMap((list) => list ?? [])
    .filter(({ internal, address }) => !internal && !address.startsWith('fe80:'))
  const found = outside.find(({ family }) => family === 'IPv4') ?? outside[0]
  return `http://${bracketed(found?.address ?? '127.0.0.1')}:${port}`
}
