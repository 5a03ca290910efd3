import { chartNote, type DrawnChart, drawChart, type Point } from '../chart'
import type { Chart } from '../document'
import { HAIRLINE, INK, QUIET, type Sheet } from './sheet'

const AXIS_WIDTH = 58
const HEIGHT = { wire: 110, delivered: 80 }
const TICK_SIZE = 7.5

/** Two plots on one time axis, as vectors. */
export function drawChartBlock(sheet: Sheet, chart: Chart): void {
  for (const what of ['wire', 'delivered'] as const) {
    const height = HEIGHT[what]
    sheet.keep(height + 44)
    sheet.text(drawChart(chart, what, 1, 1).title, { face: 'strong', size: 9, after: 4 })
    plot(sheet, drawChart(chart, what, sheet.width - AXIS_WIDTH, height), height, what)
    sheet.space(height + 22)
  }
  sheet.text(chartNote(chart), { size: 8, tone: 'quiet', after: 8 })
}

function plot(
  { doc, left, width, y: top, type }: Sheet,
  drawn: DrawnChart,
  height: number,
  what: 'wire' | 'delivered',
): void {
  const x0 = left + AXIS_WIDTH
  const write = (text: string, x: number, y: number, align: 'start' | 'middle' | 'end'): void => {
    const [line] = type.wrap('text', text, TICK_SIZE, width)
    if (!line) return
    doc.fillColor(QUIET)
    type.draw(line, x - (align === 'start' ? 0 : align === 'end' ? line.width : line.width / 2), y, TICK_SIZE)
  }
  for (const area of drawn.usual) {
    if (area.length < 2) continue
    const [first, last] = [area[0] as Point, area.at(-1) as Point]
    trace(doc, [[first[0], height], ...area, [last[0], height]], x0, top).fill('#e4e8e9')
  }
  for (const { y, text } of drawn.yTicks) {
    doc
      .moveTo(x0, top + y)
      .lineTo(left + width, top + y)
      .lineWidth(0.4)
      .strokeColor(HAIRLINE)
      .stroke()
    write(text, x0 - 6, top + y - 4, 'end')
  }
  for (const x of [drawn.startX, drawn.endX])
    if (x !== null)
      doc
        .moveTo(x0 + x, top)
        .lineTo(x0 + x, top + height)
        .lineWidth(0.7)
        .strokeColor(INK)
        .stroke()
  for (const line of drawn.lines)
    trace(doc, line, x0, top)
      .lineWidth(what === 'wire' ? 0.8 : 1.3)
      .strokeColor(what === 'wire' ? QUIET : INK)
      .stroke()
  for (const { x, text, align } of drawn.xTicks) write(text, x0 + x, top + height + 5, align)
}

function trace(doc: PDFKit.PDFDocument, points: readonly Point[], left: number, top: number): PDFKit.PDFDocument {
  for (const [index, [x, y]] of points.entries()) {
    if (index === 0) doc.moveTo(left + x, top + y)
    else doc.lineTo(left + x, top + y)
  }
  return doc
}
