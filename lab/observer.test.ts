import { expect, test } from 'vitest'
import { deviceReceived, snmpValue } from './counters'
import { floodCommand, PACKETS_MAX } from './flood-command'
import { planNetwork } from './network'
import { commandsFor, countTable } from './observer'

test('rules, base chains, incident chains and elements of sets and maps are all counted', () => {
  const listing = JSON.stringify({
    nftables: [
      { metainfo: { version: '1.0.6' } },
      { table: { family: 'inet', name: 'cut' } },
      { map: { name: 'alive', elem: [['ipv4', { jump: { target: 'inc_1' } }]] } },
      { set: { name: 'sources', elem: ['198.18.0.1', '198.18.0.2'] } },
      { set: { name: 'empty' } },
      { chain: { name: 'prerouting', hook: 'prerouting' } },
      { chain: { name: 'inc_1' } },
      { rule: { chain: 'inc_1' } },
    ],
  })
  expect(countTable(listing)).toBe(6)
  expect(countTable(JSON.stringify({ nftables: [{ table: {} }] }))).toBe(0)
})

test('chains, sets and maps of a listing are asked for by their names', () => {
  const text =
    'table inet cut { # progname node\n\tflags owner\n\n\tset held {\n\t\ttype ipv4_addr\n\t}\n\n\tchain in {\n\t\tudp dport { 53 } drop\n\t}\n}\ntable ip6 nat {\n\tmap m {\n\t}\n}\n'
  expect(commandsFor(text)).toEqual(['list set inet cut held', 'list chain inet cut in', 'list map ip6 nat m'])
})

test('counters are read by column name', () => {
  const snmp = 'Ip: Forwarding InReceives InDelivers\nIp: 1 20 17\nUdp: InDatagrams InErrors RcvbufErrors\nUdp: 5 3 2\n'
  expect(snmpValue(snmp, 'Ip', 'InDelivers')).toBe(17)
  expect(snmpValue(snmp, 'Udp', 'RcvbufErrors')).toBe(2)
  const dev = 'Inter-| Receive\n face |bytes packets\n    lo: 1 2 0\n game0: 900 12 0 0 0 0 0 0 5 6\n'
  expect(deviceReceived(dev, 'game0')).toEqual({ packets: 12, bytes: 900 })
})

test('links are made inside namespaces: no command of the plan names another network', () => {
  for (const { ip } of planNetwork('abcdef')) {
    for (const line of ip.filter((one) => one.includes(' type veth ')))
      expect(line).toMatch(/ netns lab-abcdef-[a-z0-9-]+$/)
  }
})

test('a flood is bounded in packets and in time', () => {
  const [command, args] = floodCommand({ pps: 150_000, seconds: 8 })
  expect(command).toBe('timeout')
  expect(args.slice(0, 2)).toEqual(['--kill-after=1', '14'])
  expect(args[args.indexOf('-n') + 1]).toBe('1200000')
  expect(args).toContain('150000pps')
  const [, unpaced] = floodCommand({ pps: 150_000, seconds: 8, paced: false })
  expect(unpaced).not.toContain('-b')
  expect(unpaced[unpaced.indexOf('-n') + 1]).toBe('1200000')
  expect(() => floodCommand({ pps: PACKETS_MAX, seconds: 2, paced: false })).toThrow('packets')
  expect(() => floodCommand({ pps: PACKETS_MAX, seconds: 2 })).toThrow('packets')
  expect(() => floodCommand({ pps: 1_000, seconds: 61 })).toThrow('60 s')
})
