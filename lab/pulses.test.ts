import { expect, test } from 'vitest'
import { standingOf } from './observer'
import { armedMoments, ruleIn } from './pulses'

const line = (atUs: number, step: string, action: string, incidentId = 'i') =>
  JSON.stringify({ atUs, incidentId, step, chain: 'c', cuts: [{ id: 'c1', vectorId: 'x', action }] })

const LEDGER = [
  line(90, 'intent', 'drop'),
  line(100, 'applied', 'drop'),
  line(150, 'applied', 'drop', 'another'),
  line(200, 'applied', 'count'),
  line(310, 'applied', 'limit'),
  '{"atUs":320,"incid',
].join('\n')

test('the ledger tells when rules of an incident dropped and when they stood down', () => {
  expect(armedMoments(LEDGER, 'i')).toEqual([
    { atUs: 100, drops: true },
    { atUs: 200, drops: false },
    { atUs: 310, drops: true },
  ])
})

test('a pulse is armed when its rule enters, at once when rules still stand, never without one', () => {
  const moments = armedMoments(LEDGER, 'i')
  expect(ruleIn(moments, 300, 400)).toBe(310)
  expect(ruleIn(moments, 150, 190)).toBe(150)
  expect(ruleIn(moments, 210, 300)).toBeNull()
})

test('rules that drop, rules that only count and elements without an end are told apart', () => {
  const listing = JSON.stringify({
    nftables: [
      { map: { elem: [[{ elem: { val: 'ipv4', timeout: 2, expires: 1 } }, { jump: { target: 'a' } }]] } },
      { set: { elem: ['192.0.2.1'] } },
      { rule: { comment: 'c1', expr: [{ match: {} }, { counter: {} }, { drop: null }] } },
      { rule: { comment: 'c2', expr: [{ match: {} }, { counter: {} }] } },
      { rule: { expr: [{ match: {} }, { counter: {} }, { return: null }] } },
    ],
  })
  expect(standingOf(listing)).toEqual({ dropping: 1, counting: 1, lasting: 1 })
})
