import { expect, it } from 'vitest'
import { isSameDraft, networksOf, toDraft, toSettings, withAction } from './policy-draft'

const settings: Parameters<typeof toDraft>[0] = {
  certain: 'drop',
  doubtful: 'limit',
  vectors: { dns_amp: 'observe', syn_flood: 'limit' },
  newSourcePps: 200,
  holdMs: 25_500,
  friends: [{ name: 'CDN', networks: ['192.0.2.0/24', '2001:db8::/32'] }],
}

it('a draft that nobody touched is what was saved', () => {
  expect(toSettings(toDraft(settings))).toEqual(settings)
})

it('networks may be pasted with commas, blanks, empty lines and notes', () => {
  expect(networksOf(' 192.0.2.0/24, 198.51.100.7;203.0.113.0/24\n\n2001:db8::/32 # casters\n# none\n')).toEqual([
    '192.0.2.0/24',
    '198.51.100.7',
    '203.0.113.0/24',
    '2001:db8::/32',
  ])
})

it('a vector set apart and put back is no change, and neither is the order in which it was done', () => {
  const draft = toDraft(settings)
  const back = withAction(withAction(draft, 'dns_amp', null), 'dns_amp', 'observe')
  expect(isSameDraft(draft, back)).toBe(true)
  expect(isSameDraft(draft, withAction(draft, 'dns_amp', 'drop'))).toBe(false)
  expect(isSameDraft(draft, { ...draft, newSourcePps: '201' })).toBe(false)
  expect(isSameDraft(draft, { ...draft, friends: [] })).toBe(false)
})
