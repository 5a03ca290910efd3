import { describe, expect, it } from 'vitest'
import { Network } from '../../../wire/messages'
import { changesBetween, dangersOf, newDangers } from './compare'
import { BUILT_IN, FriendList, PolicySettings } from './settings'

const settings = (part: Partial<PolicySettings>): PolicySettings => PolicySettings.parse({ ...BUILT_IN, ...part })
const keys = (part: Partial<PolicySettings>) => dangersOf(settings(part)).map(({ key }) => key)
const friends = (...networks: string[]) => [{ name: 'CDN', networks }]

describe('dangers', () => {
  it('a new workspace drops what is certain, limits what is doubtful, and there is nothing to confirm', () => {
    expect(BUILT_IN).toMatchObject({ certain: 'drop', doubtful: 'limit', vectors: {}, friends: [] })
    expect(keys({})).toEqual([])
  })

  it.each<[Partial<PolicySettings>, string]>([
    [{ certain: 'observe' }, 'observe_certain'],
    [{ doubtful: 'observe' }, 'observe_doubtful'],
    [{ doubtful: 'drop' }, 'drop_doubtful'],
    [{ vectors: { dns_amp: 'observe' } }, 'observe:dns_amp'],
    [{ vectors: { udp_flood_random: 'drop' } }, 'drop:udp_flood_random'],
    [{ newSourcePps: 49 }, 'low_rate:49'],
    [{ newSourcePps: 10_001 }, 'high_rate:10001'],
    [{ holdMs: 14_000 }, 'short_hold:14000'],
    [{ holdMs: 1_000_000 }, 'long_hold:1000000'],
    [{ friends: friends('0.0.0.0/0') }, 'wide_friends:0.0.0.0/0'],
    [{ friends: friends('192.0.2.0/24', '2000::/3') }, 'wide_friends:2000::/3'],
  ])('%j is said', (part, key) => {
    expect(keys(part)).toEqual([key])
  })

  it.each<Partial<PolicySettings>>([
    { certain: 'limit' },
    { vectors: { dns_amp: 'drop', ntp_monlist: 'limit' } },
    { newSourcePps: 50 },
    { holdMs: 15_000 },
    { friends: friends('10.0.0.0/8', '2400:cb00::/32') },
  ])('%j is not', (part) => {
    expect(keys(part)).toEqual([])
  })

  it('those that hold already are not asked about again, until their value changes', () => {
    const before = settings({ certain: 'observe', newSourcePps: 20 })
    expect(newDangers(before, settings({ certain: 'observe', newSourcePps: 20, holdMs: 30_000 }))).toEqual([])
    const lower = newDangers(before, settings({ certain: 'observe', newSourcePps: 10 }))
    expect(lower.map(({ key }) => key)).toEqual(['low_rate:10'])
  })
})

describe('settings', () => {
  it('write friends as nodes accept them', () => {
    const given = ['0.0.0.0/0', '203.0.113.7', '::/0', '::1', 'fe80::', '2001:DB8:0:0:1:0:0:1', '1:2:3:4:5:6:7:8/127']
    const { networks } = FriendList.parse({ name: 'all', networks: given })
    expect(networks).toHaveLength(given.length)
    for (const network of networks) expect(Network.safeParse(network).success, network).toBe(true)
  })

  it('keep friends in one spelling, each once', () => {
    expect(settings({ friends: friends('2001:DB8::1', '198.51.100.7/24', '198.51.100.0/24') }).friends).toEqual([
      { name: 'CDN', networks: ['2001:db8::1/128', '198.51.100.0/24'] },
    ])
  })

  const many = (count: number, from: number) =>
    Array.from({ length: count }, (_, at) => `10.${from}.${at >> 8}.${at & 255}`)
  it.each<[string, unknown]>([
    [
      'more than 500 friends together',
      [
        { name: 'a', networks: many(300, 0) },
        { name: 'b', networks: many(201, 1) },
      ],
    ],
    [
      'two lists of one name',
      [
        { name: 'Casters', networks: ['192.0.2.1'] },
        { name: 'casters', networks: ['192.0.2.2'] },
      ],
    ],
    ['a list without a name', [{ name: ' ', networks: ['192.0.2.1'] }]],
    ['an empty list', [{ name: 'a', networks: [] }]],
  ])('refuse %s', (_, lists) => {
    expect(PolicySettings.safeParse({ ...BUILT_IN, friends: lists }).success).toBe(false)
  })

  it.each([
    { newSourcePps: 0 },
    { newSourcePps: 1.5 },
    { holdMs: 4_999 },
    { vectors: { nonsense: 'drop' } },
    { certain: 'kill' },
  ])('refuse %j', (part) => {
    expect(PolicySettings.safeParse({ ...BUILT_IN, ...part }).success).toBe(false)
  })
})

describe('differences', () => {
  it('name each setting that changed, before and after, and nothing else', () => {
    const after = settings({
      doubtful: 'drop',
      vectors: { dns_amp: 'limit' },
      holdMs: 30_000,
      friends: friends('192.0.2.0/24'),
    })
    expect(changesBetween(BUILT_IN, after)).toEqual([
      { what: 'Doubtful vectors', before: 'limit', after: 'drop' },
      { what: 'DNS reflection', before: 'by proof', after: 'limit' },
      { what: 'Quiet time before it is over', before: '25 s', after: '30 s' },
      { what: 'Friends “CDN”', before: 'none', after: '192.0.2.0/24' },
    ])
    expect(changesBetween(after, after)).toEqual([])
  })
})
