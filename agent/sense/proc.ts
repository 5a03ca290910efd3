/** Pure parsers of /proc/net. Counters are totals since boot; the sampler takes differences. */

export type InterfaceCounters = {
  name: string
  inBytes: number
  inPackets: number
  inDrops: number
  outBytes: number
  outPackets: number
}

/** /proc/net/dev, without loopback. */
export function parseNetDev(text: string): InterfaceCounters[] {
  const interfaces: InterfaceCounters[] = []
  for (const line of text.split('\n')) {
    const colon = line.indexOf(':')
    if (colon < 0) continue
    const name = line.slice(0, colon).trim()
    if (name === 'lo') continue
    const n = line
      .slice(colon + 1)
      .trim()
      .split(/\s+/)
      .map(Number)
    interfaces.push({
      name,
      inBytes: n[0] ?? 0,
      inPackets: n[1] ?? 0,
      inDrops: n[3] ?? 0,
      outBytes: n[8] ?? 0,
      outPackets: n[9] ?? 0,
    })
  }
  return interfaces
}

/**
 * Reads one value of /proc/net/snmp or /proc/net/netstat: a line of names, then a line of values, per protocol. The names
 * are looked through once: there are over a hundred, and they stay.
 */
export function pairedValue(protocol: string, name: string): (text: string) => number {
  const head = `${protocol}: `
  let known = ''
  let column = -1
  return (text) => {
    const start = text.startsWith(head) ? 0 : text.indexOf(`\n${head}`) + 1
    const end = text.indexOf('\n', start)
    if (end < 0 || !text.startsWith(head, start)) return 0
    const names = text.slice(start, end)
    if (names !== known) column = names.split(' ').indexOf(name)
    known = names
    return column < 0 ? 0 : nthNumber(text, end + 1, column)
  }
}

/** The number behind so many spaces. */
function nthNumber(text: string, from: number, spaces: number): number {
  let at = from
  for (let left = spaces; left > 0; left--) at = text.indexOf(' ', at) + 1
  return Number.parseInt(text.slice(at, at + 20), 10) || 0
}

/** One value of /proc/net/snmp6: a name and its value a line. */
export const lineValue = (text: string, name: string): number =>
  Number(new RegExp(`^${name}\\s+(\\d+)`, 'm').exec(text)?.[1] ?? 0)

/** /proc/net/softnet_stat: packets dropped because a CPU's backlog was full, summed over CPUs. */
export function parseSoftnetDrops(text: string): number {
  let drops = 0
  for (const line of text.split('\n')) drops += Number.parseInt(line.split(/\s+/)[1] ?? '0', 16) || 0
  return drops
}

/** Sockets in use: /proc/net/sockstat and sockstat6 together. */
export function parseSocketsInUse(text: string): { udp: number; tcp: number } {
  const sum = (protocol: string): number =>
    [...text.matchAll(new RegExp(`^${protocol}6?: inuse (\\d+)`, 'gm'))].reduce(
      (all, [, count]) => all + Number(count),
      0,
    )
  return { udp: sum('UDP'), tcp: sum('TCP') }
}

export type Listener = { protocol: 'udp' | 'tcp'; port: number }

const TCP_LISTEN = '0A'
const TCP_SYN_RECEIVED = '03'
const UNCONNECTED = '07'

type SocketRow = { local: string; port: number; remotePort: number; state: string }

function parseSockets(text: string): SocketRow[] {
  const rows: SocketRow[] = []
  for (const line of text.split('\n').slice(1)) {
    const fields = line.trim().split(/\s+/)
    const [local, port] = fields[1]?.split(':') ?? []
    if (!local || !port) continue
    const remotePort = Number.parseInt(fields[2]?.split(':')[1] ?? '0', 16)
    rows.push({ local, port: Number.parseInt(port, 16), remotePort, state: fields[3] ?? '' })
  }
  return rows
}

// Kernel order is little-endian words: 127.x.y.z ends in 7F, ::1 ends in 01000000.
const isLoopback = (local: string): boolean =>
  local.length === 8 ? local.endsWith('7F') : local === '00000000000000000000000001000000'

/** Ports that take packets from outside: /proc/net/{tcp,tcp6,udp,udp6}. Loopback-only sockets do not count. */
export function parseListeners(text: string, protocol: 'udp' | 'tcp'): Listener[] {
  const wanted = protocol === 'tcp' ? TCP_LISTEN : UNCONNECTED
  return parseSockets(text)
    .filter((row) => row.state === wanted && row.remotePort === 0 && !isLoopback(row.local))
    .map((row) => ({ protocol, port: row.port }))
}

/** Sockets in SYN_RECV: /proc/net/{tcp,tcp6}. */
export const countHalfOpen = (text: string): number =>
  parseSockets(text).filter((row) => row.state === TCP_SYN_RECEIVED).length
