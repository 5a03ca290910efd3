import { expect, test } from 'vitest'
import { impairment, type NodeFacts, nodeState, type OpenIncident } from './node-state'

const NOW_MS = 1_795_000_000_000
const WELL = { packetsIn: 10_000, packetsPastCut: 10_000, socketBufferDrops: 0 }

const incident = (state: OpenIncident['state'], part: Partial<OpenIncident> = {}): OpenIncident => ({
  state,
  ruleInKernelMs: NOW_MS - 60_000,
  verified: WELL,
  ...part,
})

const state = (part: Partial<NodeFacts>) =>
  nodeState({ isOnline: true, open: [], last: null, hasSurge: false, nowMs: NOW_MS, ...part }).state

test('the worst open incident gives the state, and an attack outranks a lost connection', () => {
  expect(state({ open: [incident('mitigated'), incident('mitigating')] })).toBe('attack')
  expect(state({ isOnline: false, open: [incident('mitigated')] })).toBe('mitigated')
  expect(state({ open: [incident('suspected')] })).toBe('watching')
})

test('without an incident a node is clean while it is heard of', () => {
  expect(state({})).toBe('clean')
  expect(state({ open: [incident('resolved'), incident('rejected')] })).toBe('clean')
  expect(state({ isOnline: false })).toBe('offline')
})

test('a surge shows while it goes on, but hides neither an attack nor a lost connection', () => {
  expect(state({ hasSurge: true })).toBe('surge')
  expect(state({ hasSurge: true, open: [incident('mitigating')] })).toBe('attack')
  expect(state({ hasSurge: true, isOnline: false })).toBe('offline')
})

test('players who lose more than we promise make a mitigated node impaired, and it is said how much', () => {
  const losing = incident('mitigated', { verified: { ...WELL, packetsPastCut: 9_900 } })
  expect(nodeState({ isOnline: true, open: [losing], last: null, hasSurge: false, nowMs: NOW_MS })).toEqual({
    state: 'impaired',
    why: 'players lost 1.0 % of their packets',
  })
  expect(impairment(incident('mitigated', { verified: { ...WELL, packetsPastCut: 9_990 } }), null, NOW_MS)).toBeNull()
  expect(
    impairment(incident('mitigated', { verified: { ...WELL, packetsIn: 99, packetsPastCut: 90 } }), null, NOW_MS),
  ).toBeNull()
})

test('too much delivered for five seconds, while a rule stands, is impaired; the first moments are not', () => {
  const flooded = { deliveredPpsMin: 5_000, usualPpsHigh: 600 }
  expect(state({ open: [incident('mitigating')], last: flooded })).toBe('impaired')
  expect(state({ open: [incident('mitigating')], last: { ...flooded, deliveredPpsMin: 740 } })).toBe('attack')
  expect(state({ open: [incident('mitigating', { ruleInKernelMs: NOW_MS - 4_000 })], last: flooded })).toBe('attack')
  expect(state({ open: [incident('confirmed', { ruleInKernelMs: null })], last: flooded })).toBe('attack')
  expect(state({ open: [incident('mitigating')], last: { ...flooded, usualPpsHigh: null } })).toBe('attack')
})
