import { expect, test } from 'vitest'
import { VECTORS } from '../wire/vectors'
import { dnsAnswerBody, FLOOD_VARIANTS, FLOODS, planFlood } from './floods'
import { planScenario } from './scenarios'
import {
  CROWD_TIMES,
  crowdAddresses,
  FORGED,
  ipv4Number,
  ipv6Bytes,
  NODE_NAMES,
  NODES,
  type NodeName,
  playerAddresses,
} from './topology'

const targetOf = (node: NodeName) => ({
  address: NODES[node].game4,
  address6: NODES[node].game6,
  mac: node === 'match-01' ? '02:00:00:00:00:01' : '02:00:00:00:00:03',
  attackerMac: '02:00:00:00:00:02',
})
const target = targetOf('match-01')
const targets = { 'match-01': target, 'match-02': targetOf('match-02') }
const floods = FLOODS.flatMap((name) => FLOOD_VARIANTS[name].map((variant) => planFlood(name, variant, target)))
const overIpv4 = floods.filter(({ name }) => name !== 'ipv6-flood')
const overIpv6 = floods.filter(({ name }) => name === 'ipv6-flood')

test('every source of every flood is forged from the range that nobody answers', () => {
  for (const { packets } of overIpv4) {
    for (const packet of packets) {
      const [, first, last] = /sa=drnd\((\d+), (\d+)\), da=203\.0\.113\.11/.exec(packet) ?? []
      expect(Number(first)).toBeGreaterThanOrEqual(FORGED.first4)
      expect(Number(last)).toBeLessThanOrEqual(FORGED.last4)
    }
  }
})

test('every IPv6 source is forged from the range that nobody answers, every destination the server', () => {
  const hex = (data: Buffer) => [...data].map((byte) => `0x${byte.toString(16).padStart(2, '0')}`).join(', ')
  expect(FORGED.cidr6).toBe('2001:db8:f000::/36')
  expect(FORGED.prefix6.toString('hex')).toBe('20010db8f0')
  for (const { packets } of overIpv6)
    for (const packet of packets)
      expect(packet).toContain(`${hex(FORGED.prefix6)}, drnd(11), ${hex(ipv6Bytes(target.address6))}`)
})

test('an address is written out to its 16 bytes', () => {
  expect(ipv6Bytes('2001:db8:1::11').toString('hex')).toBe('20010db8000100000000000000000011')
})

test('every frame is addressed to the attacked server alone', () => {
  for (const { packets } of floods)
    for (const packet of packets) expect(packet).toContain(`eth(da=${target.mac}, sa=${target.attackerMac}`)
})

test('every flood is at least 100,000 packets a second and says which vectors name it rightly', () => {
  for (const { pps, vectorIds } of floods) {
    expect(pps).toBeGreaterThanOrEqual(100_000)
    for (const id of vectorIds) expect(VECTORS).toHaveProperty(id)
  }
})

test('the default flood has frames of 106 bytes', () => {
  expect(floods[0]?.frameBytes).toBe(106)
})

test('a DNS answer is marked as one, asks one question and fits a frame', () => {
  const body = dnsAnswerBody(255, [250, 250, 250, 250])
  expect(body.readUInt16BE(0) & 0x8000).toBe(0x8000)
  expect(body.readUInt16BE(2)).toBe(1)
  expect(body.readUInt16BE(4)).toBe(6)
  expect(body.length + 2 + 8 + 20).toBeLessThanOrEqual(1_500)
})

test('a variant that a scenario does not have is refused by name', () => {
  expect(() => planFlood('udp-flood', 'options', target)).toThrow('udp-flood has no variant options')
})

test('the random flood has hundreds of lengths and every time to live', () => {
  const { packets } = planFlood('udp-random', 'random', target)
  expect(new Set(packets.map((packet) => packet.replace(/^.*dp=27015\)/, ''))).size).toBeGreaterThan(300)
  for (const packet of packets) expect(packet).toContain('ttl=drnd(2, 255)')
})

test('two at once are two nodes and two vectors, each aimed at its own node', () => {
  const { bursts } = planScenario('two-at-once', 'udp+dns', targets, 8)
  expect(bursts).toHaveLength(1)
  expect(bursts[0]?.map(({ node, flood }) => [node, flood.vectorIds.at(-1)])).toEqual([
    ['match-01', 'udp_flood_random'],
    ['match-02', 'dns_amp'],
  ])
  for (const { node, flood } of bursts[0] ?? [])
    for (const packet of flood.packets) expect(packet).toContain(`da=${targets[node].mac}`)
})

test('pulses are four of 5 s with 20 s between', () => {
  expect(planScenario('pulse', 'fixed', targets, 8)).toMatchObject({ seconds: 5, everySeconds: 25 })
  expect(planScenario('pulse', 'fixed', targets, 8).bursts).toHaveLength(4)
})

test('a crowd makes the players of a node eight times as many, none of them seen before', () => {
  const all = [...NODE_NAMES.flatMap(playerAddresses), ...crowdAddresses()]
  expect(new Set(all.map(({ address }) => address)).size).toBe(all.length)
  expect(crowdAddresses().length + playerAddresses('match-01').length).toBe(
    CROWD_TIMES * playerAddresses('match-01').length,
  )
  for (const { address, family } of crowdAddresses())
    expect(address.startsWith(family === 4 ? '192.0.2.' : '2001:db8:2::')).toBe(true)
})

test('players have addresses of their own, of both families and both transports, none of them forged', () => {
  const all = NODE_NAMES.flatMap(playerAddresses)
  expect(new Set(all.map(({ address }) => address)).size).toBe(all.length)
  const attacked = playerAddresses('match-01')
  expect(attacked.length).toBeGreaterThanOrEqual(20)
  for (const family of [4, 6])
    for (const transport of ['udp', 'tcp']) {
      expect(attacked.some((player) => player.family === family && player.transport === transport)).toBe(true)
    }
  for (const { address, family } of all) {
    if (family === 4) expect(ipv4Number(address)).toBeLessThan(ipv4Number('198.51.100.128'))
    else expect(address.startsWith('2001:db8:2::')).toBe(true)
  }
})
