import { expect, test } from 'vitest'
import { certainty, howPlayersAre, type Told, verifiedLoss, whatAndWhere, whatWeDid } from './sentence'

const told: Told = {
  state: 'mitigated',
  vectors: [{ id: 'dns_amp' }],
  node: { name: 'match-03' },
  startedMs: 1_000_000,
  ruleInKernelMs: 1_000_014.2,
  endedMs: null,
  verified: { count: 38, packetsIn: 4_000, packetsPastCut: 4_000, socketBufferDrops: 0 },
}

test('an open incident says what, where, since when it is dropped and how players are', () => {
  expect([whatAndWhere(told), whatWeDid(told), howPlayersAre(told)]).toEqual([
    'DNS reflection against match-03',
    'Dropped since 14 ms.',
    '38 of 38 players unaffected.',
  ])
})

test('an incident that is over says how long it took', () => {
  expect(whatWeDid({ ...told, state: 'resolved', endedMs: 1_032_000 })).toBe('Dropped from 14 ms on, over after 32 s.')
})

test('an incident that was only observed does not claim to have been dropped', () => {
  expect(whatWeDid({ ...told, isObserved: true })).toBe('Only observed: nothing is dropped.')
  expect(whatWeDid({ ...told, isObserved: true, endedMs: 1_032_000 })).toBe('Only observed, nothing was dropped.')
})

test('a loss among players is never rounded away', () => {
  const verified = { count: 38, packetsIn: 100_000, packetsPastCut: 99_990, socketBufferDrops: 0 }
  expect(howPlayersAre({ verified })).toBe('38 players lost 0.010 % of their packets.')
  expect(verifiedLoss({ ...verified, socketBufferDrops: 200_000 })).toBe(1)
})

test('more than one vector is counted, none is admitted', () => {
  expect(whatAndWhere({ ...told, vectors: [{ id: 'syn_flood' }, { id: 'dns_amp' }] })).toBe(
    'SYN flood and DNS reflection against match-03',
  )
  expect(whatAndWhere({ ...told, vectors: [] })).toBe('Unnamed traffic against match-03')
})

test('uncertainty is said in a word and a figure, and nothing is ever 1.00', () => {
  expect(certainty(0.71)).toBe('probably, 0.71')
  expect(certainty(1)).toBe('certain, 0.99')
})
