import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { csvCell, csvLine } from './csv'

/** What a spreadsheet finds in a cell. */
const opened = (cell: string): string => (cell.startsWith('"') ? cell.slice(1, -1).replaceAll('""', '"') : cell)

describe('a cell of an export', () => {
  it.each(['=1+1', '+1', '-1', '@SUM(A1)', '\t=1', '\r=1', ' =HYPERLINK("https://evil.example")'])(
    'is never a formula: %j',
    (text) => expect(opened(csvCell(text)).startsWith("'")).toBe(true),
  )

  it('keeps any text whole, on one line of the table', () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        const found = opened(csvCell(text))
        expect(found === text || found === `'${text}`).toBe(true)
        if (/[",\n\r]/.test(text)) expect(csvCell(text)).toMatch(/^".*"$/s)
      }),
    )
  })

  it('leaves numbers to be counted with, and nothing where nothing is known', () => {
    expect(csvLine([-5, 1.5, null, 'a'])).toBe('-5,1.5,,a\r\n')
  })
})
