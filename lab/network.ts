import { execa, type Options } from 'execa'
import { namespaceName } from './run-file'
import {
  crowdAddresses,
  FORGED,
  GAME_INTERFACE,
  MANAGEMENT_INTERFACE,
  NODE_NAMES,
  NODES,
  playerAddresses,
  ROLES,
  type Role,
  TRANSIT,
} from './topology'

/** What must be run in each namespace, in order. Pure, so a test can read that nothing names the root namespace. */
export type NetworkPlan = { role: Role; ip: string[]; sysctl: string[] }[]

const QUIET_SYSCTLS = [
  'net.ipv6.conf.all.accept_dad=0',
  'net.ipv6.conf.default.accept_dad=0',
  'net.ipv6.conf.all.accept_ra=0',
  'net.ipv6.conf.default.accept_ra=0',
]

function transitPlan(runId: string): NetworkPlan[number] {
  const port = (name: string, peer: string, role: Role) => [
    `link add ${name} type veth peer name ${peer} netns ${namespaceName(runId, role)}`,
    `link set ${name} master ${TRANSIT.bridge} up`,
  ]
  return {
    role: 'transit',
    sysctl: [...QUIET_SYSCTLS, 'net.ipv4.ip_forward=1', 'net.ipv6.conf.all.forwarding=1'],
    ip: [
      'link set lo up',
      `link add ${TRANSIT.bridge} type bridge stp_state 0 forward_delay 0 mcast_snooping 0`,
      `link set ${TRANSIT.bridge} up`,
      ...port('to-players', 'wan0', 'players'),
      ...port('to-attacker', 'wan0', 'attacker'),
      ...NODE_NAMES.flatMap((node) => port(`to-${node}`, GAME_INTERFACE, node)),
      `addr add ${TRANSIT.servers4}/24 dev ${TRANSIT.bridge}`,
      `addr add ${TRANSIT.players4}/25 dev ${TRANSIT.bridge}`,
      `addr add ${TRANSIT.crowd4}/24 dev ${TRANSIT.bridge}`,
      `addr add ${TRANSIT.servers6}/64 dev ${TRANSIT.bridge} nodad`,
      `addr add ${TRANSIT.players6}/64 dev ${TRANSIT.bridge} nodad`,
      `route add blackhole ${FORGED.cidr4}`,
      `route add blackhole ${FORGED.cidr6}`,
    ],
  }
}

function playersPlan(): NetworkPlan[number] {
  const prefix = (address: string): string => (address.startsWith('192.0.2.') ? '24' : '25')
  const addresses = [...NODE_NAMES.flatMap(playerAddresses), ...crowdAddresses()]
  return {
    role: 'players',
    sysctl: QUIET_SYSCTLS,
    ip: [
      'link set lo up',
      'link set wan0 up',
      ...addresses.map(
        ({ address, family }) => `addr add ${address}/${family === 4 ? prefix(address) : '64 nodad'} dev wan0`,
      ),
      `route add default via ${TRANSIT.players4}`,
      `route add default via ${TRANSIT.players6}`,
    ],
  }
}

function nodePlans(runId: string): NetworkPlan {
  return NODE_NAMES.map((node) => ({
    role: node,
    sysctl: QUIET_SYSCTLS,
    ip: [
      'link set lo up',
      `link set ${GAME_INTERFACE} up`,
      `addr add ${NODES[node].game4}/24 dev ${GAME_INTERFACE}`,
      `addr add ${NODES[node].game6}/64 dev ${GAME_INTERFACE} nodad`,
      `route add default via ${TRANSIT.servers4}`,
      `route add default via ${TRANSIT.servers6}`,
      `link add ${MANAGEMENT_INTERFACE} type veth peer name ${NODES[node].platformInterface} netns ${namespaceName(runId, 'platform')}`,
      `link set ${MANAGEMENT_INTERFACE} up`,
      `addr add ${NODES[node].management4}/30 dev ${MANAGEMENT_INTERFACE}`,
    ],
  }))
}

export function planNetwork(runId: string): NetworkPlan {
  const platform = NODE_NAMES.flatMap((node) => [
    `link set ${NODES[node].platformInterface} up`,
    `addr add ${NODES[node].platform4}/30 dev ${NODES[node].platformInterface}`,
  ])
  return [
    transitPlan(runId),
    playersPlan(),
    { role: 'attacker', sysctl: QUIET_SYSCTLS, ip: ['link set lo up', 'link set wan0 up'] },
    ...nodePlans(runId),
    { role: 'platform', sysctl: QUIET_SYSCTLS, ip: ['link set lo up', ...platform] },
  ]
}

/** Creates the namespaces of a run and their links. What it made is known by name, so teardown needs no answer from it. */
export async function createNetwork(runId: string): Promise<void> {
  for (const role of ROLES) await execa('ip', ['netns', 'add', namespaceName(runId, role)])
  for (const { role, ip, sysctl } of planNetwork(runId)) {
    const name = namespaceName(runId, role)
    await execa('ip', ['netns', 'exec', name, 'sysctl', '-qw', ...sysctl])
    await execa('ip', ['-n', name, '-b', '-'], { input: `${ip.join('\n')}\n` })
  }
}

export const inNamespace = (runId: string, role: Role, command: string, args: string[]): [string, string[]] => [
  'ip',
  ['netns', 'exec', namespaceName(runId, role), command, ...args],
]

/** Runs a command inside a namespace of the run and answers its standard output. */
export async function runInside(
  runId: string,
  role: Role,
  command: string,
  args: string[],
  options: Options = {},
): Promise<string> {
  const { stdout } = await execa(...inNamespace(runId, role, command, args), { timeout: 30_000, ...options })
  return String(stdout ?? '')
}
