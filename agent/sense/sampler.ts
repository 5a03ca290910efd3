import type { InterfaceSample, Protocol, Rate, Sample } from '../../wire/sample'
import type { TickRates } from '../judge/state'
import type { CutHits, Dropped } from '../mitigate/cutter'
import { countHalfOpen, type InterfaceCounters, lineValue, pairedValue, parseNetDev, parseSoftnetDrops } from './proc'
import { openProc, parsed } from './proc-file'
import { addCounts, type Count, type CountClass, NONE, type SenseCounts } from './ruleset'
import { readSocketTables } from './services'

/** Every counter at one instant, totals since boot or since the sense table stands. */
export type Reading = {
  atUs: number
  /** What arrived, before every rule of ours. */
  wire: Record<CountClass, Count>
  delivered: Count
  out: SenseCounts['out']
  /** Packets of verified clients, and answers this node asked for. */
  marked: Count
  /** Hits of the rules of the incident under way. */
  hits: CutHits
  interfaces: InterfaceCounters[]
  listenDrops: number
  socketDrops: number
  softnetDrops: number
  connections: number
  synBacklog: number
}

const ETHERNET_HEADER_BYTES = 14

/** What nftables counted, read at one time. */
export type FirewallCounts = { sense: SenseCounts; hits: CutHits; dropped: Dropped }

/** Reads the counters of this network namespace. */
export type Sampler = {
  /** Not one packet moved since it was last asked: then no counter moved either. */
  isStill(): boolean
  /** @param halfOpen whether to count half-open sockets, which walks every TCP socket of the machine. */
  take(atUs: number, firewall: FirewallCounts, halfOpen: boolean): Reading
}

export function createSampler(): Sampler {
  const dev = openProc('/proc/net/dev')
  const interfaces = parsed(dev, parseNetDev)
  const established = pairedValue('Tcp', 'CurrEstab')
  const receiveErrors = pairedValue('Udp', 'RcvbufErrors')
  const snmp = parsed(openProc('/proc/net/snmp'), (text) => ({
    connections: established(text),
    socketDrops: receiveErrors(text),
  }))
  const socketDrops6 = parsed(openProc('/proc/net/snmp6', true), (text) => lineValue(text, 'Udp6RcvbufErrors'))
  const listenDrops = parsed(openProc('/proc/net/netstat'), pairedValue('TcpExt', 'ListenDrops'))
  const softnetDrops = parsed(openProc('/proc/net/softnet_stat'), parseSoftnetDrops)
  let devText = ''
  return {
    isStill() {
      const before = devText
      devText = dev.read()
      return devText === before
    },
    take(atUs, { sense, hits, dropped }, halfOpen) {
      const { connections, socketDrops } = snmp()
      return {
        atUs,
        wire: {
          ...sense.in,
          udp: addCounts(sense.in.udp, dropped.udp),
          tcp: addCounts(sense.in.tcp, dropped.tcp),
          syn: addCounts(sense.in.syn, dropped.syn),
        },
        delivered: total(sense.in),
        out: sense.out,
        marked: sense.marked,
        hits,
        interfaces: interfaces(),
        listenDrops: listenDrops(),
        socketDrops: socketDrops + socketDrops6(),
        softnetDrops: softnetDrops(),
        connections,
        synBacklog: halfOpen ? readSocketTables('tcp').reduce((sum, text) => sum + countHalfOpen(text), 0) : 0,
      }
    },
  }
}

/** Packets of every class; SYNs are among those of TCP. */
export const total = ({ udp, tcp, icmp, other }: Record<CountClass, Count>): Count =>
  [udp, tcp, icmp, other].reduce(addCounts, NONE)

type Span = { before: Reading; after: Reading; seconds: number }

const spanOf = (before: Reading, after: Reading): Span => ({
  before,
  after,
  seconds: Math.max((after.atUs - before.atUs) / 1e6, 0.001),
})

const rate = (before: Count, after: Count, seconds: number): Rate => ({
  pps: round(Math.max(0, after.packets - before.packets) / seconds),
  bps: round((Math.max(0, after.bytes - before.bytes) * 8) / seconds),
})

const perSecond = (before: number, after: number, seconds: number): number =>
  round(Math.max(0, after - before) / seconds)

const round = (value: number): number => Math.round(value * 10) / 10

const minus = (a: Rate, b: Rate): Rate => ({
  pps: round(Math.max(0, a.pps - b.pps)),
  bps: round(Math.max(0, a.bps - b.bps)),
})

/** Rates between two readings for the judge. */
export function tickRates(beforeReading: Reading, afterReading: Reading): TickRates {
  const { before, after, seconds } = spanOf(beforeReading, afterReading)
  const wire = rate(total(before.wire), total(after.wire), seconds)
  const delivered = rate(before.delivered, after.delivered, seconds)
  return {
    wire,
    udpPps: rate(before.wire.udp, after.wire.udp, seconds).pps,
    synPps: rate(before.wire.syn, after.wire.syn, seconds).pps,
    tcpPps: rate(before.wire.tcp, after.wire.tcp, seconds).pps,
    outPps: rate(total(before.out), total(after.out), seconds).pps,
    dropped: minus(wire, delivered),
    delivered,
    hits: hitRates({ before, after, seconds }),
    distressPps: perSecond(
      before.softnetDrops + before.listenDrops + before.socketDrops,
      after.softnetDrops + after.listenDrops + after.socketDrops,
      seconds,
    ),
  }
}

function hitRates({ before, after, seconds }: Span): Map<string, number> {
  const pps = ([id, now]: [string, Count]): [string, number] => [
    id,
    rate(before.hits.cuts.get(id) ?? NONE, now, seconds).pps,
  ]
  return new Map([...after.hits.cuts].map(pps))
}

/** Timers may fire a little early: what is read then belongs to the second that begins. */
const EARLY_US = 50_000

/** The second since the epoch that a reading closes: however late the tick, no second gets two samples. */
export const secondOf = (atUs: number): number => Math.floor((atUs + EARLY_US) / 1e6)

/** One telemetry sample from the readings at both ends of a second. */
export function makeSample(
  beforeReading: Reading,
  afterReading: Reading,
  more: Pick<Sample, 'baseline' | 'tripwirePps' | 'tripwireBurst' | 'verifiedClients'>,
): Sample {
  const { before, after, seconds } = spanOf(beforeReading, afterReading)
  const rates = tickRates(before, after)
  const protocol = (name: Protocol): { in: Rate; out: Rate } => ({
    in: rate(before.wire[name], after.wire[name], seconds),
    out: rate(before.out[name], after.out[name], seconds),
  })
  return {
    atMs: secondOf(after.atUs) * 1000,
    wire: rates.wire,
    dropped: rates.dropped,
    delivered: rates.delivered,
    out: rate(total(before.out), total(after.out), seconds),
    protocols: { udp: protocol('udp'), tcp: protocol('tcp'), icmp: protocol('icmp'), other: protocol('other') },
    synPps: rates.synPps,
    interfaces: interfaceSamples({ before, after, seconds }),
    connections: after.connections,
    synBacklog: after.synBacklog,
    listenDropsPps: perSecond(before.listenDrops, after.listenDrops, seconds),
    socketDropsPps: perSecond(before.socketDrops, after.socketDrops, seconds),
    softnetDropsPps: perSecond(before.softnetDrops, after.softnetDrops, seconds),
    ...more,
  }
}

/** Longer gaps, as of a machine that slept, hold nothing that anyone saw. */
const SECONDS_FILLED_MAX = 10

/** One sample for each second that a tick closed: they share its means, so that sums stay right. */
export function fillSeconds(sample: Sample, passed: number): Sample[] {
  const seconds = passed >= 1 && passed <= SECONDS_FILLED_MAX ? passed : 1
  return Array.from({ length: seconds }, (_, at) => ({ ...sample, atMs: sample.atMs - (seconds - 1 - at) * 1_000 }))
}

function interfaceSamples({ before, after, seconds }: Span): InterfaceSample[] {
  return after.interfaces.slice(0, 64).map((now) => {
    const then = before.interfaces.find((one) => one.name === now.name) ?? now
    const ip = (packets: number, bytes: number): Count => ({ packets, bytes: bytes - packets * ETHERNET_HEADER_BYTES })
    return {
      name: now.name,
      in: rate(ip(then.inPackets, then.inBytes), ip(now.inPackets, now.inBytes), seconds),
      out: rate(ip(then.outPackets, then.outBytes), ip(now.outPackets, now.outBytes), seconds),
      inDropsPps: perSecond(then.inDrops, now.inDrops, seconds),
    }
  })
}
