import { readFileSync } from 'node:fs'
import type { Services } from '../judge/classify'
import { parseListeners, parseSocketsInUse } from './proc'
import { joined, openProc, parsed } from './proc-file'

/** When a list is read again, in looks of about a second: once sockets came or went, and now and then all the same. */
const UDP_ANYWAY = 30
const TCP_CHANGED = 60
const TCP_ANYWAY = 600

/**
 * Ports on which this host serves. Reading the lists walks the machine's hash tables, 0.1 ms for UDP and 10 ms for TCP;
 * the number of sockets in use costs a hundredth of that and says when there is something new to read.
 * @returns looks again, given the TCP connections established now; the very object of the last time when nothing changed.
 */
export function watchServices(): (established: number) => Services {
  const inUse = parsed(joined(openProc('/proc/net/sockstat'), openProc('/proc/net/sockstat6', true)), parseSocketsInUse)
  let services: Services = { udp: [], tcp: [] }
  let looks = 0
  const read = { udp: { at: -UDP_ANYWAY, sockets: -1 }, tcp: { at: -TCP_ANYWAY, sockets: -1 } }

  function refresh(protocol: 'udp' | 'tcp', sockets: number): void {
    read[protocol] = { at: looks, sockets }
    const ports = readPorts(protocol)
    if (ports.join() !== services[protocol].join()) services = { ...services, [protocol]: ports }
  }

  return (established) => {
    const { udp, tcp } = inUse()
    const listening = tcp - established
    if (udp !== read.udp.sockets || looks - read.udp.at >= UDP_ANYWAY) refresh('udp', udp)
    const wait = listening === read.tcp.sockets ? TCP_ANYWAY : TCP_CHANGED
    if (read.tcp.sockets < 0 || looks - read.tcp.at >= wait) refresh('tcp', listening)
    looks += 1
    return services
  }
}

/** Read whole and let go again: these hold a line for every connection. IPv6 may be off. */
export function readSocketTables(protocol: 'udp' | 'tcp'): string[] {
  return [`/proc/net/${protocol}`, `/proc/net/${protocol}6`].map((path) => {
    try {
      return readFileSync(path, 'latin1')
    } catch {
      return ''
    }
  })
}

/** Ports of this moment, ascending. */
function readPorts(protocol: 'udp' | 'tcp'): number[] {
  const listeners = readSocketTables(protocol).flatMap((text) => parseListeners(text, protocol))
  return [...new Set(listeners.map(({ port }) => port))].sort((a, b) => a - b)
}
