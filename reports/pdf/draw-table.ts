import type { Column } from '../document'
import type { Face } from './fonts'
import { HAIRLINE, INK, QUIET, type Sheet } from './sheet'
import type { Line } from './type'

export type PdfCell = { text: string; face?: Face; tone?: 'ink' | 'quiet' }

const SIZE = { text: 9, strong: 9, code: 7.5 }
const HEAD_SIZE = 8
const PADDING = 3.5
const GAP = 8

type Placed = { lines: Line[]; size: number; tone: 'ink' | 'quiet' }

/** A table under hairlines; its head is said again on every page. */
export function drawTable(sheet: Sheet, { columns, rows }: { columns: Column[]; rows: PdfCell[][] }): void {
  const hasHead = columns.some(({ name }) => name !== '')
  const head = (): void => {
    if (hasHead)
      drawRow(
        sheet,
        columns,
        columns.map(({ name }) => place(sheet, { text: name, tone: 'quiet' }, 0, HEAD_SIZE)),
        true,
      )
  }
  const widths = columns.map(({ width }) => width * sheet.width - GAP)
  const placed = (cells: PdfCell[]): Placed[] => cells.map((cell, index) => place(sheet, cell, widths[index] ?? 0))
  sheet.keep(60)
  head()
  for (const row of rows) {
    const cells = placed(row)
    if (sheet.keep(Math.min(heightOf(sheet, cells), sheet.pageHeight / 2))) head()
    drawRow(sheet, columns, cells, false)
  }
  sheet.space(8)
}

function place(sheet: Sheet, { text, face = 'text', tone = 'ink' }: PdfCell, width: number, size = SIZE[face]): Placed {
  return { lines: sheet.type.wrap(face, text, size, width === 0 ? 400 : width), size, tone }
}

const heightOf = (sheet: Sheet, cells: Placed[]): number =>
  Math.max(...cells.map(({ lines, size }) => lines.length * sheet.lineHeight(size))) + 2 * PADDING

/** A cell longer than a page goes on over several: the row is drawn line by line then. */
function drawRow(sheet: Sheet, columns: Column[], cells: Placed[], isHead: boolean): void {
  const { doc, left, width, type } = sheet
  const count = Math.max(...cells.map(({ lines }) => lines.length))
  const lineHeight = Math.max(...cells.map(({ size }) => sheet.lineHeight(size)))
  sheet.space(PADDING)
  for (let index = 0; index < count; index++) {
    sheet.keep(lineHeight)
    let x = left
    for (const [column, { lines, size, tone }] of cells.entries()) {
      const share = (columns[column]?.width ?? 0) * width
      const line = lines[index]
      doc.fillColor(tone === 'ink' ? INK : QUIET)
      const inset = columns[column]?.isFigure ? share - GAP - (line?.width ?? 0) : 0
      if (line) type.draw(line, x + inset, sheet.y, size)
      x += share
    }
    sheet.space(lineHeight)
  }
  sheet.space(PADDING)
  doc
    .moveTo(left, sheet.y)
    .lineTo(left + width, sheet.y)
    .lineWidth(isHead ? 0.8 : 0.4)
    .strokeColor(isHead ? QUIET : HAIRLINE)
    .stroke()
}
