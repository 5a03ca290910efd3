import type { Face } from './fonts'
import { createType, type Line } from './type'

export const INK = '#1c2224'
export const QUIET = '#566063'
export const HAIRLINE = '#c3c9cb'

const MARGIN = { top: 48, bottom: 56, side: 50 }
const LINE_HEIGHT = 1.38

type TextOptions = { face?: Face; size: number; tone?: 'ink' | 'quiet'; after?: number }

/** A4 sheets written from the top; what does not fit goes on the next. */
export function createSheet(doc: PDFKit.PDFDocument) {
  const type = createType(doc)
  const left = MARGIN.side
  const width = doc.page.width - 2 * MARGIN.side
  const bottom = doc.page.height - MARGIN.bottom
  let y = MARGIN.top

  const turn = (): void => {
    doc.addPage()
    y = MARGIN.top
  }
  /** Goes on where so much room is left. */
  const keep = (height: number): boolean => {
    if (y + height <= bottom) return false
    turn()
    return true
  }
  const lines = (set: readonly Line[], size: number, tone: 'ink' | 'quiet'): void => {
    for (const line of set) {
      keep(size * LINE_HEIGHT)
      doc.fillColor(tone === 'ink' ? INK : QUIET)
      type.draw(line, left, y, size)
      y += size * LINE_HEIGHT
    }
  }

  return {
    doc,
    type,
    left,
    width,
    lineHeight: (size: number): number => size * LINE_HEIGHT,
    pageHeight: bottom - MARGIN.top,
    get y(): number {
      return y
    },
    keep,
    space: (height: number): void => {
      y += height
    },
    text: (words: string, { face = 'text', size, tone = 'ink', after = 0 }: TextOptions): void => {
      lines(type.wrap(face, words, size, width), size, tone)
      y += after
    },
    /** Writes a line at the foot of every page. */
    number: (say: (page: number, pages: number) => string): void => {
      const { start, count } = doc.bufferedPageRange()
      for (let page = start; page < start + count; page++) {
        doc.switchToPage(page)
        const [line] = type.wrap('text', say(page - start + 1, count), 8, width)
        doc.fillColor(QUIET)
        if (line) type.draw(line, left, doc.page.height - MARGIN.bottom + 20, 8)
      }
    },
  }
}

export type Sheet = ReturnType<typeof createSheet>
