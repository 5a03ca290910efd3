import { expect, test } from 'vitest'
import {
  countHalfOpen,
  lineValue,
  pairedValue,
  parseListeners,
  parseNetDev,
  parseSocketsInUse,
  parseSoftnetDrops,
} from './proc'
import { parseTally, renderSense, tallyOf } from './ruleset'

const NET_DEV = `Inter-|   Receive                                                |  Transmit
 face |bytes    packets errs drop fifo frame compressed multicast|bytes    packets errs drop fifo colls carrier compressed
    lo: 1000 10 0 0 0 0 0 0 1000 10 0 0 0 0 0 0
  eth0: 123456 789 0 3 0 0 0 0 654321 987 0 0 0 0 0 0
`

test('interfaces are read without loopback', () => {
  expect(parseNetDev(NET_DEV)).toEqual([
    { name: 'eth0', inBytes: 123_456, inPackets: 789, inDrops: 3, outBytes: 654_321, outPackets: 987 },
  ])
})

test('paired lines give a value for each protocol and name', () => {
  const text = 'Udp: InDatagrams RcvbufErrors\nUdp: 7 2\nUdpLite: RcvbufErrors\nUdpLite: 4\nTcp: CurrEstab\nTcp: 5\n'
  expect([pairedValue('Udp', 'RcvbufErrors')(text), pairedValue('Tcp', 'CurrEstab')(text)]).toEqual([2, 5])
  expect([pairedValue('Tcp', 'Unknown')(text), pairedValue('Tcp', 'CurrEstab')('')]).toEqual([0, 0])
})

test('IPv6 counters are one a line', () => {
  expect(lineValue('Ip6InReceives \t4\nUdp6RcvbufErrors                \t9\n', 'Udp6RcvbufErrors')).toBe(9)
})

test('softnet drops are hexadecimal and summed over CPUs', () => {
  expect(parseSoftnetDrops('000000ff 0000000a 00000000\n000000ff 00000001 00000000\n')).toBe(11)
})

const SOCKETS = `  sl  local_address rem_address   st tx_queue rx_queue
   0: 00000000:6987 00000000:0000 07 00000000:00000000
   1: 0100007F:0035 00000000:0000 07 00000000:00000000
   2: 0B7100CB:9C40 0A7100CB:0035 01 00000000:00000000
`

test('a service is an unconnected socket that is not on loopback', () => {
  expect(parseListeners(SOCKETS, 'udp')).toEqual([{ protocol: 'udp', port: 27_015 }])
})

test('sockets in use are counted over both families, and no other protocol with them', () => {
  const text =
    'sockets: used 9\nTCP: inuse 4 orphan 0\nUDP: inuse 2 mem 0\nUDPLITE: inuse 7\nTCP6: inuse 3\nUDP6: inuse 1\n'
  expect(parseSocketsInUse(text)).toEqual({ udp: 3, tcp: 7 })
})

test('half-open sockets are those in SYN_RECV', () => {
  expect(countHalfOpen('head\n 0: 00000000:01BB 0A7100CB:1F90 03 0\n 1: 00000000:01BB 00000000:0000 0A 0\n')).toBe(1)
})

test('the sense table belongs to the nft process that makes it, so it ends with the agent', () => {
  const commands = renderSense({ sense: 's', verified: 'v', cut: 'c' }, 5_301, {
    udp: { pps: 2_000, burst: 200 },
    syn: { pps: 300, burst: 60 },
    tapOneIn: 24,
  })
  expect(commands[0]).toBe('add table inet s { flags owner; }')
  expect(commands).toContain(
    'add rule inet s arm meta l4proto 17 limit rate over 2000/second burst 200 packets goto trip_udp',
  )
})

const NAMES = { sense: 's', verified: 'v', cut: 'c' }
const RULES = renderSense(NAMES, 5_301, {
  udp: { pps: 2_000, burst: 200 },
  syn: { pps: 300, burst: 60 },
  tapOneIn: 24,
})

test('every class is counted under a key of its own, and the listing of those keys gives each its count back', () => {
  const rules = RULES.filter((rule) => rule.includes('update @tally'))
  const keys = rules.map((rule) => Number(/offset (\d+) counter/.exec(rule)?.[1]))
  expect(new Set(keys).size).toBe(11)
  const elements = keys.map((key) => `0x${key.toString(16).padStart(8, '0')} counter packets ${key} bytes ${key * 100}`)
  const counts = parseTally(
    `table inet s {\n\tset tally {\n\t\telements = { ${elements.join(',\n\t\t\t ')} }\n\t}\n}\n`,
  )
  const keyOf = (chain: string, match: string): number =>
    keys[rules.findIndex((rule) => rule.includes(` ${chain} `) && rule.includes(match))] ?? 0
  expect(counts.in.udp).toEqual({
    packets: keyOf('count_in', 'l4proto 17'),
    bytes: keyOf('count_in', 'l4proto 17') * 100,
  })
  expect(counts.in.syn.packets).toBe(keyOf('count_in', 'tcp flags'))
  expect(counts.out.tcp.packets).toBe(keyOf('count_out', 'l4proto 6 '))
  expect(counts.marked.packets).toBe(keyOf('wire', 'meta mark'))
  expect(tallyOf(NAMES)).toBe('set inet s tally')
})

test('what no packet has met yet is counted as nothing', () => {
  expect(parseTally('table inet s {\n\tset tally {\n\t}\n}\n').in.udp).toEqual({ packets: 0, bytes: 0 })
})
