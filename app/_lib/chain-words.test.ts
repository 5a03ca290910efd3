import { expect, test } from 'vitest'
import type { ChainFault } from '@/server/services/audit/verify'
import { chainWords } from './chain-words'

const head = { seq: 4, hash: 'f' }
const said = (fault: ChainFault, checked: number, seq: number) =>
  chainWords({ checked, head, broken: { fault, seq, id: null } }).text

test('a whole chain says how much of it was checked', () => {
  expect(chainWords({ checked: 1_204, head, broken: null })).toEqual({
    isWhole: true,
    text: '1,204 rows checked, the chain is whole.',
  })
  expect(chainWords({ checked: 0, head, broken: null }).text).toBe('There is no row yet.')
})

test('a broken one names the first row that does not fit, and how much does', () => {
  expect(said('changed', 16, 17)).toBe(
    'Row 17 says something else than when it was written. The 16 rows before are whole.',
  )
  expect(said('cut', 1, 2)).toBe('Rows from 2 on are missing at the end. The row before is whole.')
  expect(said('unchained', 9, 0)).toBe('A row was put in past the chain: it has no place in it.')
})
