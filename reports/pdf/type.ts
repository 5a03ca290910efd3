import { type Face, fontBytes, subsetsOf } from './fonts'

type Document = PDFKit.PDFDocument
type Run = { font: string; text: string }
export type Line = { runs: Run[]; width: number }

const MISSING = '\uFFFD'
/** What lays text out differently instead of being seen; left to itself it would turn a line around. */
const INVISIBLE = /[\p{Cc}\p{Cf}]/gu

/**
 * Sets text in the alphabets that the embedded fonts have. What none of them has is shown as a mark, and noted in `isMissing`,
 * so that the document can say so.
 */
export function createType(doc: Document) {
  const opened = new Set<string>()
  const choices = new Map<string, string | null>()
  const state = { isMissing: false }

  const open = (face: Face, subset: string): string => {
    const name = `${face}-${subset}`
    if (!opened.has(name)) {
      doc.registerFont(name, fontBytes(face, subset))
      opened.add(name)
    }
    return name
  }

  const holds = (name: string, character: string): boolean => {
    doc.font(name)
    const { _font } = doc as unknown as { _font: { font: { hasGlyphForCodePoint: (point: number) => boolean } } }
    return _font.font.hasGlyphForCodePoint(character.codePointAt(0) ?? 0)
  }

  const fontFor = (face: Face, character: string): string | null => {
    const key = `${face}${character}`
    const known = choices.get(key)
    if (known !== undefined) return known
    const subset = subsetsOf(face).find((one) => holds(open(face, one), character))
    const choice = subset === undefined ? null : open(face, subset)
    choices.set(key, choice)
    return choice
  }

  const runsOf = (face: Face, text: string): Run[] => {
    const runs: Run[] = []
    for (const character of text) {
      const font = fontFor(face, character)
      if (font === null) state.isMissing = true
      const shown = font === null ? MISSING : character
      const name = font ?? open(face, 'latin')
      const last = runs.at(-1)
      if (last?.font === name) last.text += shown
      else runs.push({ font: name, text: shown })
    }
    return runs
  }

  const widthOf = (runs: readonly Run[], size: number): number =>
    runs.reduce((width, { font, text }) => width + doc.font(font).fontSize(size).widthOfString(text), 0)

  const lineOf = (face: Face, text: string, size: number): Line => {
    const runs = runsOf(face, text)
    return { runs, width: widthOf(runs, size) }
  }

  /** Lines no wider than `width`; a word that is wider itself is broken anywhere. */
  const wrap = (face: Face, text: string, size: number, width: number): Line[] =>
    text
      .split(/\r?\n/)
      .flatMap((paragraph) =>
        wrapParagraph(
          (part) => lineOf(face, part, size),
          paragraph.replaceAll('\t', ' ').replace(INVISIBLE, ''),
          width,
        ),
      )

  const draw = ({ runs }: Line, x: number, y: number, size: number): void => {
    let at = x
    for (const { font, text } of runs) {
      doc.font(font).fontSize(size).text(text, at, y, { lineBreak: false })
      at += doc.widthOfString(text)
    }
  }

  return { wrap, draw, state }
}

export type Type = ReturnType<typeof createType>

function wrapParagraph(measure: (text: string) => Line, paragraph: string, width: number): Line[] {
  const lines: string[] = ['']
  for (const word of paragraph.split(/ +/)) {
    const last = lines.at(-1) as string
    const joined = last === '' ? word : `${last} ${word}`
    if (measure(joined).width <= width) {
      lines[lines.length - 1] = joined
      continue
    }
    if (last !== '') lines.push('')
    lines.splice(-1, 1, ...broken(measure, word, width))
  }
  return lines.map(measure)
}

function broken(measure: (text: string) => Line, word: string, width: number): string[] {
  const parts = ['']
  for (const character of word) {
    const last = parts.at(-1) as string
    if (last === '' || measure(last + character).width <= width) parts[parts.length - 1] = last + character
    else parts.push(character)
  }
  return parts
}
