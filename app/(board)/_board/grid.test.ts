import { expect, test } from 'vitest'
import { gridFor } from './grid'

test('tiles fill a wide screen in rows, and all of them have a place', () => {
  const screen = { width: 1_880, height: 940 }
  expect(gridFor(1, screen)).toEqual({ columns: 1, rows: 1 })
  expect(gridFor(2, screen)).toEqual({ columns: 2, rows: 1 })
  expect(gridFor(4, screen)).toEqual({ columns: 2, rows: 2 })
  expect(gridFor(24, screen)).toEqual({ columns: 6, rows: 4 })
  for (let count = 1; count <= 24; count += 1) {
    const { columns, rows } = gridFor(count, screen)
    expect(columns * rows).toBeGreaterThanOrEqual(count)
    expect(columns * (rows - 1)).toBeLessThan(count)
  }
})

test('on an upright screen they stand below each other', () => {
  expect(gridFor(3, { width: 600, height: 1_000 })).toEqual({ columns: 1, rows: 3 })
})
