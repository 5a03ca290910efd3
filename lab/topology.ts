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
}

export function ipv4Number(address: string): number {
  return address.split('.').reduce((sum, part) => sum * 256 + Number(part), 0)
}

export type PlayerAddress = { address: string; family: 4 | 6; transport: 'udp' | 'tcp' }

/** Addresses of the players of one node; no two players of the lab share one. */
export function playerAddresses(node: NodeName): PlayerAddress[] {
  const first = node === 'match-01' ? 11 : 71
  const counts = node === 'match-01' ? { udp4: 18, udp6: 7, tcp4: 4, tcp6: 2 } : { udp4: 8, udp6: 2, tcp4: 2, tcp6: 1 }
  const make = (count: number, offset: number, family: 4 | 6, transport: 'udp' | 'tcp'): PlayerAddress[] =>
    Array.from({ length: count }, (_, index) => {
      const host = first + offset + index
      return { address: family === 4 ? `198.51.100.${host}` : `2001:db8:2::${host.toString(16)}`, family, transport }
    })
  return [
    ...make(counts.udp4, 0, 4, 'udp'),
    ...make(counts.udp6, counts.udp4, 6, 'udp'),
    ...make(counts.tcp4, counts.udp4 + counts.udp6, 4, 'tcp'),
    ...make(counts.tcp6, counts.udp4 + counts.udp6 + counts.tcp4, 6, 'tcp'),
  ]
}
