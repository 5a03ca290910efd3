import { expect, test } from 'vitest'
import { countHalfOpen, parseListeners, parseNetDev, parsePairedLines, parseSnmp6, parseSoftnetDrops } from './proc'
import { parseSenseTable, renderSense } from './ruleset'

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
  const values = parsePairedLines('Udp: InDatagrams RcvbufErrors\nUdp: 7 2\nTcp: CurrEstab\nTcp: 5\n')
  expect([values.get('Udp.RcvbufErrors'), values.get('Tcp.CurrEstab')]).toEqual([2, 5])
})

test('IPv6 counters are one a line', () => {
  expect(parseSnmp6('Udp6RcvbufErrors                \t9\n').get('Udp6RcvbufErrors')).toBe(9)
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

test('one listing of the sense table gives every counter', () => {
  const counter = (n: number) => `\t\tcounter packets ${n} bytes ${n * 100}\n`
  const listing = `table inet s {\n\tchain count_in {\n${[1, 2, 3, 4, 5].map(counter).join('')}\t}\n\n\tchain marked {\n${counter(9)}\t}\n\n\tchain count_out {\n${[6, 7, 8, 9, 10].map(counter).join('')}\t}\n\n\tchain delivered {\n${counter(11)}\t}\n}\n`
  const counts = parseSenseTable(listing)
  expect(counts.in.syn).toEqual({ packets: 2, bytes: 200 })
  expect(counts.out.other).toEqual({ packets: 10, bytes: 1_000 })
  expect([counts.marked.packets, counts.delivered.packets]).toEqual([9, 11])
})
