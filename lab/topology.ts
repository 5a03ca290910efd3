/** Addresses of the lab. Hosts live in the documentation prefixes, forged sources where nobody answers. */

export const NODE_NAMES = ['match-01', 'match-02'] as const
export type NodeName = (typeof NODE_NAMES)[number]

export const ROLES = ['platform', 'transit', 'players', 'attacker', ...NODE_NAMES] as const
export type Role = (typeof ROLES)[number]

export const GAME_PORT = 27015
export const TCP_PORT = 27020

/** Interfaces of a match server: where players reach it, and where the platform does. */
export const GAME_INTERFACE = 'game0'
export const MANAGEMENT_INTERFACE = 'mgmt0'

export const TRANSIT = {
  bridge: 'br0',
  servers4: '203.0.113.1',
  players4: '198.51.100.1',
  servers6: '2001:db8:1::1',
  players6: '2001:db8:2::1',
  crowd4: '192.0.2.1',
}

export type NodeAddresses = {
  game4: string
  game6: string
  /** The two ends of the management veth. */
  management4: string
  platform4: string
  platformInterface: string
}

export const NODES: Record<NodeName, NodeAddresses> = {
  'match-01': {
    game4: '203.0.113.11',
    game6: '2001:db8:1::11',
    management4: '198.51.100.130',
    platform4: '198.51.100.129',
    platformInterface: 'node1',
  },
  'match-02': {
    game4: '203.0.113.12',
    game6: '2001:db8:1::12',
    management4: '198.51.100.134',
    platform4: '198.51.100.133',
    platformInterface: 'node2',
  },
}

/** Forged sources: benchmark range and the top of the documentation prefix. Transit swallows answers to them. */
export const FORGED = {
  cidr4: '198.18.0.0/15',
  cidr6: '2001:db8:f000::/36',
  first4: ipv4Number('198.18.0.0'),
  last4: ipv4Number('198.19.255.255'),
  /** First bytes of every forged IPv6 source: a part of `cidr6` on a byte boundary. */
  prefix6: Buffer.from([0x20, 0x01, 0x0d, 0xb8, 0xf0]),
}

export function ipv4Number(address: string): number {
  return address.split('.').reduce((sum, part) => sum * 256 + Number(part), 0)
}

/** The 16 bytes of an address written with one `::`. */
export function ipv6Bytes(address: string): Buffer {
  const [head = [], tail = []] = address.split('::').map((part) => part.split(':').filter(Boolean))
  const groups = [...head, ...Array<string>(8 - head.length - tail.length).fill('0'), ...tail]
  return Buffer.from(groups.map((group) => group.padStart(4, '0')).join(''), 'hex')
}

type Counts = { udp4: number; udp6: number; tcp4: number; tcp6: number }

/** Players of each node in peace. */
const PLAYERS: Record<NodeName, Counts> = {
  'match-01': { udp4: 18, udp6: 7, tcp4: 4, tcp6: 2 },
  'match-02': { udp4: 8, udp6: 2, tcp4: 2, tcp6: 1 },
}

/** A crowd makes them this many times as many. */
export const CROWD_TIMES = 8

export type PlayerAddress = { address: string; family: 4 | 6; transport: 'udp' | 'tcp' }

/** Addresses of the players of one node; no two players of the lab share one. */
export function playerAddresses(node: NodeName): PlayerAddress[] {
  const first = node === 'match-01' ? 11 : 71
  return addressesOf(PLAYERS[node], (index) => `198.51.100.${first + index}`, first)
}

/** Addresses of those who join the attacked node in a surge; a prefix of their own, none seen before. */
export function crowdAddresses(): PlayerAddress[] {
  const { udp4, udp6, tcp4, tcp6 } = PLAYERS['match-01']
  const more = (count: number) => count * (CROWD_TIMES - 1)
  const counts = { udp4: more(udp4), udp6: more(udp6), tcp4: more(tcp4), tcp6: more(tcp6) }
  const skipped4 = counts.udp6
  const host = (index: number) => 2 + (index >= counts.udp4 ? index - skipped4 : index)
  return addressesOf(counts, (index) => `192.0.2.${host(index)}`, 0x1000)
}

function addressesOf(counts: Counts, address4: (index: number) => string, first6: number): PlayerAddress[] {
  const make = (count: number, offset: number, family: 4 | 6, transport: 'udp' | 'tcp'): PlayerAddress[] =>
    Array.from({ length: count }, (_, at) => {
      const index = offset + at
      const address = family === 4 ? address4(index) : `2001:db8:2::${(first6 + index).toString(16)}`
      return { address, family, transport }
    })
  const { udp4, udp6, tcp4, tcp6 } = counts
  return [
    ...make(udp4, 0, 4, 'udp'),
    ...make(udp6, udp4, 6, 'udp'),
    ...make(tcp4, udp4 + udp6, 4, 'tcp'),
    ...make(tcp6, udp4 + udp6 + tcp4, 6, 'tcp'),
  ]
}
