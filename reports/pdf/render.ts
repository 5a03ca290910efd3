import PDFDocument from 'pdfkit'
import type { Block, ReportDocument } from '../document'
import { drawChartBlock } from './draw-chart'
import { drawTable } from './draw-table'
import { createSheet, type Sheet } from './sheet'

/** The document as a PDF: text that can be selected and searched, lines as vectors, fonts embedded. */
export function renderPdf(document: ReportDocument): Promise<Buffer> {
  const doc = new PDFDocument({
    size: 'A4',
    margins: { top: 0, bottom: 0, left: 0, right: 0 },
    bufferPages: true,
    lang: 'en',
    displayTitle: true,
    pdfVersion: '1.7',
    // No font of the reader's machine: ours are embedded.
    font: null as unknown as string,
    info: { Title: `${document.kicker}: ${document.title}` },
  })
  const chunks: Buffer[] = []
  doc.on('data', (chunk: Buffer) => chunks.push(chunk))
  const done = new Promise<Buffer>((resolve, reject) => {
    doc.on('end', () => resolve(Buffer.concat(chunks)))
    doc.on('error', reject)
  })
  draw(createSheet(doc), document)
  doc.end()
  return done
}

function draw(sheet: Sheet, document: ReportDocument): void {
  sheet.text(document.kicker, { size: 9, tone: 'quiet', after: 4 })
  sheet.text(document.title, { face: 'strong', size: 18, after: 4 })
  sheet.text(document.origin, { size: 9, tone: 'quiet', after: 14 })
  for (const block of document.blocks) drawBlock(sheet, block)
  if (sheet.type.state.isMissing)
    sheet.text(
      'Signs that the fonts of this document lack are shown as \uFFFD; the page it was made from shows them.',
      { size: 8, tone: 'quiet' },
    )
  sheet.number((page, pages) => `${document.kicker} · page ${page} of ${pages}`)
}

type Drawers = { [Kind in Block['kind']]: (sheet: Sheet, block: Extract<Block, { kind: Kind }>) => void }

const TEXT_SIZES = { lead: 11.5, plain: 9.5, quiet: 8 }

const DRAWERS: Drawers = {
  heading: (sheet, { level, text }) => {
    // A heading goes where what it heads goes.
    sheet.keep(level === 2 ? 90 : 70)
    sheet.space(level === 2 ? 12 : 6)
    sheet.text(text, { face: 'strong', size: level === 2 ? 13 : 10.5, after: 5 })
  },
  text: (sheet, { text, tone }) =>
    sheet.text(text, {
      size: TEXT_SIZES[tone],
      tone: tone === 'quiet' ? 'quiet' : 'ink',
      after: tone === 'lead' ? 10 : 4,
    }),
  facts: (sheet, { rows }) =>
    drawTable(sheet, {
      columns: [
        { name: '', width: 0.38 },
        { name: '', width: 0.62 },
      ],
      rows: rows.map(({ name, value, isCode }) => [
        { text: name, tone: 'quiet' },
        { text: value, face: isCode ? 'code' : 'text' },
      ]),
    }),
  table: (sheet, { columns, rows }) =>
    drawTable(sheet, {
      columns,
      rows: rows.map((row) => row.map((text, index) => ({ text, face: columns[index]?.isCode ? 'code' : 'text' }))),
    }),
  bars: drawBars,
  chart: drawChartBlock,
}

function drawBlock<Kind extends Block['kind']>(sheet: Sheet, block: Extract<Block, { kind: Kind }>): void {
  DRAWERS[block.kind as Kind](sheet, block)
}

const BAR_HEIGHT = 16

function drawBars(sheet: Sheet, { rows }: Extract<Block, { kind: 'bars' }>): void {
  const { doc, left, width } = sheet
  const barLeft = left + width * 0.45
  const barWidth = width * 0.43
  for (const { name, share, value } of rows) {
    sheet.keep(BAR_HEIGHT)
    const y = sheet.y
    const [line] = sheet.type.wrap('text', name, 9, width * 0.43)
    doc.fillColor('#1c2224')
    if (line) sheet.type.draw(line, left, y, 9)
    doc
      .rect(barLeft, y + 3, barWidth, 6)
      .lineWidth(0.5)
      .strokeColor('#9aa2a4')
      .stroke()
    doc.rect(barLeft, y + 3, Math.max(1, barWidth * Math.min(1, share)), 6).fill('#3a4245')
    const [figure] = sheet.type.wrap('text', value, 9, width * 0.12)
    doc.fillColor('#1c2224')
    if (figure) sheet.type.draw(figure, left + width - figure.width, y, 9)
    sheet.space(BAR_HEIGHT)
  }
  sheet.space(4)
}
