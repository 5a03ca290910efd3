/** A spreadsheet takes a cell that begins like this for a formula and runs it. */
const FORMULA = /^[\s]*[=+\-@\t\r]/

export type Cell = string | number | null

/** A cell that stays text wherever it is opened. Numbers are numbers, also negative ones. */
export function csvCell(value: Cell): string {
  if (value === null) return ''
  if (typeof value === 'number') return String(value)
  const text = FORMULA.test(value) ? `'${value}` : value
  return /[",\n\r;\t]|^'|^\s|\s$/.test(text) ? `"${text.replaceAll('"', '""')}"` : text
}

/** One line, as RFC 4180 ends it. */
export const csvLine = (cells: readonly Cell[]): string => `${cells.map(csvCell).join(',')}\r\n`
