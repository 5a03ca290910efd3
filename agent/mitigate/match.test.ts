import fc from 'fast-check'
import { describe, expect, it, test } from 'vitest'
import { packet } from '../fixtures/packets'
import { IPPROTO, TCP_FLAG } from '../sense/packet'
import { describeMatch, type Match, matchesPacket, renderMatch } from './match'
import { type Cut, renderAlive, renderCutTable, renderMoreCuts, showCut } from './ruleset'

const NAMES = { sense: 't_sense', verified: 't_verified', cut: 't_cut' }

test('each term narrows: a packet that breaks any one term is spared', () => {
  const match: Match = {
    protocol: 'udp',
    sourcePorts: [53],
    destinationPorts: [27_015],
    udpLength: { low: 70, high: 80 },
    ttl: { low: 60, high: 64 },
    payload: [{ offsetBits: 80, bits: 1, bytes: [1] }],
  }
  const hit = packet({ sourcePort: 53, payload: Uint8Array.of(0, 0, 0x80) })
  expect(matchesPacket(match, hit)).toBe(true)
  for (const miss of [
    { sourcePort: 54 },
    { destinationPort: 1 },
    { udpLength: 69 },
    { ttl: 65 },
    { payload: Uint8Array.of(0, 0, 0x7f) },
    { protocol: IPPROTO.tcp },
    { fragment: 'later' as const },
  ])
    expect(matchesPacket(match, { ...hit, ...miss })).toBe(false)
})

test('a bare SYN rule spares SYNs with options and answers to SYNs', () => {
  const match: Match = { protocol: 'tcp', syn: true, dataOffset: 5 }
  const syn = packet({ protocol: IPPROTO.tcp, tcpFlags: TCP_FLAG.syn, tcpDataOffset: 5 })
  expect(matchesPacket(match, syn)).toBe(true)
  expect(matchesPacket(match, { ...syn, tcpDataOffset: 10 })).toBe(false)
  expect(matchesPacket(match, { ...syn, tcpFlags: TCP_FLAG.syn | TCP_FLAG.ack })).toBe(false)
})

test('lengths of IPv6 rules count the payload only, as nft does', () => {
  const match: Match = { protocol: 'udp', length: { low: 92, high: 100 } }
  expect(renderMatch(match, 4)).toBe('ip length 92-100')
  expect(renderMatch(match, 6)).toBe('ip6 length 52-60')
})

test('a rule reads the same in nft and in words', () => {
  const cut: Cut = {
    id: 'c1',
    vectorId: 'dns_amp',
    action: 'drop',
    match: { protocol: 'udp', sourcePorts: [53], payload: [{ offsetBits: 80, bits: 1, bytes: [1] }] },
  }
  expect(showCut(cut)).toBe('udp sport 53 @th,80,1 0x01 counter drop')
  expect(describeMatch(cut.match)).toBe('UDP from port 53 with the attack’s first bytes')
})

test('a cut is reached only through elements that expire', () => {
  const commands = renderCutTable(NAMES, 5_301, 'inc_1', [])
  const jumps = commands.filter((command) => command.includes('jump'))
  expect(jumps).toHaveLength(1)
  expect(jumps[0]).toMatch(
    /^add element inet t_cut alive \{ ipv4 timeout 2s : jump inc_1_v4, ipv6 timeout 2s : jump inc_1_v6 \}$/,
  )
  expect(renderAlive(NAMES, 'inc_1').map((command) => command.split(' ')[0])).toEqual(['add', 'delete', 'add'])
})

test('the verified are exempt before any rule of an incident is tried', () => {
  const cut: Cut = { id: 'c1', vectorId: 'snmp_amp', action: 'drop', match: { protocol: 'udp', sourcePorts: [161] } }
  for (const family of ['v4', 'v6']) {
    const rules = renderCutTable(NAMES, 5_301, 'inc_1', [cut]).filter((command) =>
      command.startsWith(`add rule inet t_cut inc_1_${family}`),
    )
    expect(rules[0]).toMatch(/meta mark & \d+ == \d+ counter return$/)
    expect(rules[1]).toContain('udp sport 161')
  }
})

describe('friends', () => {
  const limit: Cut = {
    id: 'c1',
    vectorId: 'udp_flood_random',
    action: 'limit',
    limitPps: 50,
    match: { protocol: 'udp', destinationPorts: [27_015] },
  }
  const drop: Cut = { ...limit, id: 'c2', action: 'drop' }
  const rulesOf = (commands: string[], id: string) => commands.filter((command) => command.includes(`"${id}"`))

  it('are held back by no limit, and dropped by what drops: their addresses are forged as well', () => {
    const commands = renderCutTable(NAMES, 5_301, 'inc_1', [limit, drop], ['192.0.2.0/24', '2001:db8::/32'])
    const [v4, v6] = rulesOf(commands, 'c1')
    expect(v4).toContain('udp dport 27015 ip saddr != @friends4 limit rate over 50/second')
    expect(v6).toContain('udp dport 27015 ip6 saddr != @friends6 limit rate over 50/second')
    for (const rule of rulesOf(commands, 'c2')) expect(rule).not.toContain('friends')
    expect(commands).toContain('add element inet t_cut friends4 { 192.0.2.0/24 }')
    expect(commands).toContain('add element inet t_cut friends6 { 2001:db8::/32 }')
  })

  it('cost nothing where nothing is limited, and nothing in a family without any', () => {
    expect(renderCutTable(NAMES, 5_301, 'inc_1', [drop], ['192.0.2.0/24']).join()).not.toContain('friends')
    const commands = renderCutTable(NAMES, 5_301, 'inc_1', [limit], ['192.0.2.0/24'])
    expect(commands.join()).not.toContain('friends6')
    expect(renderCutTable(NAMES, 5_301, 'inc_1', [limit])).toEqual(renderCutTable(NAMES, 5_301, 'inc_1', [limit], []))
  })

  it('come with the first limit of an incident, once', () => {
    const more = (standing: Cut[]) => renderMoreCuts(NAMES, 5_301, 'inc_1', [limit], standing, ['192.0.2.0/24']).join()
    expect(more([drop])).toContain('add set inet t_cut friends4')
    expect(more([limit])).not.toContain('add set')
    expect(more([limit])).toContain('@friends4')
  })
})

test('no match renders to an empty selector', () => {
  const range = fc.record({ low: fc.integer({ min: 0, max: 100 }), high: fc.integer({ min: 100, max: 200 }) })
  const anyMatch = fc.record<Match>(
    {
      protocol: fc.constantFrom('udp' as const, 'tcp' as const),
      ttl: range,
      length: range,
      destinationPorts: fc.array(fc.integer({ min: 1, max: 65_535 }), { minLength: 1 }),
    },
    { requiredKeys: ['protocol'] },
  )
  fc.assert(
    fc.property(
      anyMatch,
      fc.constantFrom(4 as const, 6 as const),
      (match, family) => renderMatch(match, family).trim().length > 0,
    ),
  )
})
