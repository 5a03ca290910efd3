import fc from 'fast-check'
import { expect, it } from 'vitest'
import { fromColumns, toColumns } from './columns'

it('rows come back from their columns as they were', () => {
  const row = fc.record({ id: fc.string(), state: fc.constantFrom('up', 'down'), latest: fc.option(fc.object()) })
  fc.assert(
    fc.property(fc.array(row), (rows) => {
      expect(fromColumns(toColumns(rows))).toEqual(rows)
    }),
  )
})
