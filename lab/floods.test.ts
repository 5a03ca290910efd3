import { expect, test } from 'vitest'
import { VECTORS } from '../wire/vectors'
import { dnsAnswerBody, planFlood, SCENARIOS, VARIANTS } from './floods'
import { FORGED, ipv4Number, NODE_NAMES, playerAddresses } from './topology'

const target = { address: '203.0.113.11', mac: '02:00:00:00:00:01', attackerMac: '02:00:00:00:00:02' }
const floods = SCENARIOS.flatMap((scenario) =>
  VARIANTS[scenario].map((variant) => planFlood(scenario, variant, target)),
)

test('every source of every flood is forged from the range that nobody answers', () => {
  for (const { packets } of floods) {
    for (const packet of packets) {
      const [, first, last] = /sa=drnd\((\d+), (\d+)\), da=203\.0\.113\.11/.exec(packet) ?? []
      expect(Number(first)).toBeGreaterThanOrEqual(FORGED.first4)
      expect(Number(last)).toBeLessThanOrEqual(FORGED.last4)
    }
  }
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
