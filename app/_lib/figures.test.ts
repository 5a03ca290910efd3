import { describe, expect, test } from 'vitest'
import { againstUsual, bitRate, packetCount, packetRate, span } from './figures'

describe('figures', () => {
  test('rates carry an SI prefix and at most three digits', () => {
    expect(packetRate(999)).toEqual({ value: '999', unit: 'pps' })
    expect(packetRate(104_321)).toEqual({ value: '104', unit: 'kpps' })
    expect(packetRate(999_600)).toEqual({ value: '1.00', unit: 'Mpps' })
    expect(bitRate(84_200_000)).toEqual({ value: '84.2', unit: 'Mbit/s' })
  })

  test('spans are rounded to what was measured', () => {
    expect(span(4.25)).toBe('4.3 ms')
    expect(span(14.2)).toBe('14 ms')
    expect(span(1_240)).toBe('1.24 s')
    expect(span(32_000)).toBe('32 s')
    expect(span(125_000)).toBe('2 min 5 s')
  })

  test('large counts are said in words', () => {
    expect(packetCount(4_123_456)).toBe('4.1 million')
    expect(packetCount(12_345)).toBe('12\u2009345')
  })

  test('a rate is compared with what is usual, or said to be unlearned', () => {
    expect(againstUsual(240, 200)).toBe('1.2× usual')
    expect(againstUsual(40_000, 200)).toBe('200× usual')
    expect(againstUsual(40, null)).toBe('still learning')
    expect(againstUsual(0, 0)).toBe('quiet, as usual')
  })
})
