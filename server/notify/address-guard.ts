import { BlockList, isIP } from 'node:net'

/** Networks no tenant's URL may reach: private, link-local, loopback, documentation, translation and multicast. */
export const BLOCKED_NETWORKS = [
  '0.0.0.0/8',
  '10.0.0.0/8',
  '100.64.0.0/10',
  '127.0.0.0/8',
  '169.254.0.0/16',
  '172.16.0.0/12',
  '192.0.0.0/24',
  '192.0.2.0/24',
  '192.88.99.0/24',
  '192.168.0.0/16',
  '198.18.0.0/15',
  '198.51.100.0/24',
  '203.0.113.0/24',
  '224.0.0.0/4',
  '240.0.0.0/4',
  '::/96',
  '::ffff:0:0/96',
  '64:ff9b::/96',
  '64:ff9b:1::/48',
  '100::/64',
  '2001::/32',
  '2001:db8::/32',
  '2002::/16',
  '3fff::/20',
  'fc00::/7',
  'fe80::/10',
  'fec0::/10',
  'ff00::/8',
] as const

const BLOCKED_NAMES = ['localhost', 'metadata', 'metadata.google.internal', 'host.docker.internal']
const BLOCKED_SUFFIXES = ['.localhost', '.internal', '.local', '.localdomain', '.home.arpa']

export type AddressGuard = {
  /** True when the address lies in a network that the platform's owner excepted. */
  isExcepted: (address: string) => boolean
  /** Why this address may not be reached, or null when it may. */
  refuseAddress: (address: string) => string | null
  /** Why this host name may not even be looked up, or null when it may. */
  refuseName: (host: string) => string | null
}

type Networks = { contains: (address: string) => boolean }

/** One list a family: a shared one would read `::ffff:0:0/96` as every IPv4 address. */
function networksOf(networks: readonly string[]): Networks {
  const lists = { ipv4: new BlockList(), ipv6: new BlockList() }
  for (const network of networks) {
    const [address = '', prefix] = network.split('/')
    const version = isIP(address)
    if (version === 0) throw new Error(`'${network}' is not an IP network. Write it like 192.0.2.0/24.`)
    const family = familyOf(address)
    lists[family].addSubnet(address, prefix === undefined ? (version === 4 ? 32 : 128) : Number(prefix), family)
  }
  return { contains: (address) => lists[familyOf(address)].check(address, familyOf(address)) }
}

const familyOf = (address: string): 'ipv4' | 'ipv6' => (isIP(address) === 6 ? 'ipv6' : 'ipv4')

/** `allowCidrs`: the owner's exceptions (WEBHOOK_ALLOW_CIDRS), empty by default. */
export function createAddressGuard(allowCidrs: readonly string[] = []): AddressGuard {
  const blocked = networksOf(BLOCKED_NETWORKS)
  const allowed = networksOf(allowCidrs)
  const isExcepted = (address: string): boolean => isIP(address) !== 0 && allowed.contains(address)
  return {
    isExcepted,
    refuseAddress: (address) => {
      if (isIP(address) === 0) return `'${address}' is not an IP address`
      if (isExcepted(address) || !blocked.contains(address)) return null
      return `${address} is not a public address`
    },
    refuseName: (host) => {
      const name = host.toLowerCase().replace(/\.$/, '')
      const isBlocked = BLOCKED_NAMES.includes(name) || BLOCKED_SUFFIXES.some((suffix) => name.endsWith(suffix))
      return isBlocked ? `'${host}' names a machine of the platform itself` : null
    },
  }
}
