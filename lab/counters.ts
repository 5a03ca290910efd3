import { readFileSync } from 'node:fs'
import { nowUs } from './clock'
import { GAME_INTERFACE } from './topology'

/** Kernel counters of one match server, read from outside its namespace and independent of netfilter. */
export type Counters = {
  atUs: number
  /** Frames and bytes that arrived on the game interface, before any rule. */
  wirePackets: number
  wireBytes: number
  /** IPv4 and IPv6 packets handed to a socket layer, after all rules. */
  deliveredPackets: number
  receiveBufferErrors: number
  socketErrors: number
}

/** Value of one column in /proc/net/snmp, where a line of names precedes the line of values. */
export function snmpValue(text: string, protocol: string, column: string): number {
  const [names, values] = text
    .split('\n')
    .filter((line) => line.startsWith(`${protocol}: `))
    .map((line) => line.split(' '))
  return Number(values?.[names?.indexOf(column) ?? -1] ?? 0)
}

const snmp6Value = (text: string, name: string): number =>
  Number(new RegExp(`^${name}\\s+(\\d+)`, 'm').exec(text)?.[1] ?? 0)

/** Received packets and bytes of an interface in /proc/net/dev. */
export function deviceReceived(text: string, name: string): { packets: number; bytes: number } {
  const line = text.split('\n').find((candidate) => candidate.trim().startsWith(`${name}:`))
  const [bytes, packets] = (line?.split(':')[1] ?? '').trim().split(/\s+/).map(Number)
  return { packets: packets ?? 0, bytes: bytes ?? 0 }
}

/** Reads the counters of the namespace in which process `pid` lives. */
export function readCounters(pid: number): Counters {
  const read = (name: string) => readFileSync(`/proc/${pid}/net/${name}`, 'utf8')
  const snmp = read('snmp')
  const snmp6 = read('snmp6')
  const { packets, bytes } = deviceReceived(read('dev'), GAME_INTERFACE)
  return {
    atUs: nowUs(),
    wirePackets: packets,
    wireBytes: bytes,
    deliveredPackets: snmpValue(snmp, 'Ip', 'InDelivers') + snmp6Value(snmp6, 'Ip6InDelivers'),
    receiveBufferErrors: snmpValue(snmp, 'Udp', 'RcvbufErrors') + snmp6Value(snmp6, 'Udp6RcvbufErrors'),
    socketErrors: snmpValue(snmp, 'Udp', 'InErrors') + snmp6Value(snmp6, 'Udp6InErrors'),
  }
}

/** Packets that the kernel threw away because a CPU's backlog was full, and busy jiffies of all CPUs and of each. */
export function readMachine(): { softnetDrops: number; busySeconds: number; idleSeconds: number } {
  const softnetDrops = readFileSync('/proc/net/softnet_stat', 'utf8')
    .trim()
    .split('\n')
    .reduce((sum, line) => sum + Number.parseInt(line.split(' ')[1] ?? '0', 16), 0)
  const cpu = /^cpu +(.*)$/m.exec(readFileSync('/proc/stat', 'utf8'))?.[1]?.split(' ').map(Number) ?? []
  const idle = (cpu[3] ?? 0) + (cpu[4] ?? 0)
  return {
    softnetDrops,
    idleSeconds: idle / 100,
    busySeconds: (cpu.slice(0, 8).reduce((a, b) => a + b, 0) - idle) / 100,
  }
}

/** Samples the counters at a steady pace until stopped. */
export class CounterSeries {
  readonly samples: Counters[] = []
  #timer: NodeJS.Timeout

  constructor(pid: number, everyMs = 25) {
    const sample = () => this.samples.push(readCounters(pid))
    sample()
    this.#timer = setInterval(sample, everyMs)
  }

  stop(): Counters[] {
    clearInterval(this.#timer)
    return this.samples
  }
}
