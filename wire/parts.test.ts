import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { rate, text, Uuid } from './parts'

describe('text of a node', () => {
  it.each(['', 'match-03', 'Überfall auf 漢字 😀', 'two\nlines\tand a tab'])('takes %j', (some) => {
    expect(text(100).safeParse(some).success).toBe(true)
  })

  it.each(['\0', 'a\u001b[31m', '\u0085', '\ud800', 'x\udc00', '\u202egnp.exe', '\r', '\u200b'])(
    'refuses %j, which cannot be stored or shown as it is',
    (some) => {
      expect(text(100).safeParse(some).success).toBe(false)
    },
  )

  it('takes only what JSON and UTF-8 give back unchanged', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (some) => {
        if (!text(1_000).safeParse(some).success) return
        expect(Buffer.from(some).toString()).toBe(some)
      }),
    )
  })
})

it('a rate stays within what sums over years can hold', () => {
  for (const fine of [0, 0.1, 1e15]) expect(rate.safeParse(fine).success).toBe(true)
  for (const bad of [-1, 1e16, 1e308, Number.NaN, Number.POSITIVE_INFINITY])
    expect(rate.safeParse(bad).success).toBe(false)
})

it('an id has one spelling', () => {
  const id = '0192f0c0-a1b2-7c3d-8e4f-5a6b7c8d9e0f'
  expect(Uuid.safeParse(id).success).toBe(true)
  expect(Uuid.safeParse(id.toUpperCase()).success).toBe(false)
})
