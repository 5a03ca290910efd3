import { expect, test } from 'vitest'
import { nodeState } from './node-tile'

test('the worst open incident gives the state, and an attack outranks a lost connection', () => {
  expect(nodeState(true, ['mitigated', 'mitigating'])).toBe('attack')
  expect(nodeState(false, ['mitigated'])).toBe('mitigated')
  expect(nodeState(true, ['suspected'])).toBe('watching')
})

test('without an incident a node is clean while it is heard of', () => {
  expect(nodeState(true, [])).toBe('clean')
  expect(nodeState(true, ['resolved', 'rejected'])).toBe('clean')
  expect(nodeState(false, [])).toBe('offline')
})
