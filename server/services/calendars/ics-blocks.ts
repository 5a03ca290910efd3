/** One VEVENT or VTIMEZONE as it stands in the file, and the line it begins at. */
export type Block = { kind: string; text: string; line: number }

export type Blocks = {
  /** Properties of the calendar itself, by their name. */
  properties: Map<string, string>
  blocks: Block[]
  /** Lines at which a block began that was too large to be one entry. */
  oversized: number[]
}

/** What is attached to an entry can be megabytes; a match is a few hundred bytes. */
const BLOCK_CHARACTERS_MAX = 64 * 1_024

/** The text is no calendar, or not a whole one. */
export class NotACalendar extends Error {
  constructor(message: string) {
    super(message)
    this.name = 'NotACalendar'
  }
}

const WANTED = new Set(['VEVENT', 'VTIMEZONE'])

/**
 * Cuts a calendar into its blocks without understanding them, so that each can be read on its own and one that is broken
 * takes no other along. A file that breaks off is refused: what is missing from it would look removed.
 */
export async function cutBlocks(text: string, breathe: () => Promise<void>): Promise<Blocks> {
  const found: Blocks = { properties: new Map(), blocks: [], oversized: [] }
  const open: { kind: string; from: number; line: number }[] = []
  let isEnded = false
  let line = 0
  for (let from = text.charCodeAt(0) === 0xfeff ? 1 : 0; from < text.length; ) {
    const end = text.indexOf('\n', from)
    const until = end === -1 ? text.length : end
    line += 1
    if (line % 1_000 === 0) await breathe()
    const said = readLine(text, from, until)
    if (said !== null && open.length === 0 && said !== 'BEGIN:VCALENDAR')
      throw new NotACalendar(`This is no calendar: line ${line} is not BEGIN:VCALENDAR.`)
    if (said?.startsWith('BEGIN:')) open.push({ kind: said.slice(6), from, line })
    else if (said?.startsWith('END:')) {
      const closed = open.pop()
      if (closed?.kind !== said.slice(4))
        throw new NotACalendar(`The calendar is broken at line ${line}: ${said} ends nothing.`)
      if (open.length === 1 && WANTED.has(closed.kind)) keep(found, closed, text.slice(closed.from, until))
      isEnded ||= open.length === 0
    } else if (said !== null && open.length === 1) keepProperty(found.properties, said)
    from = until + 1
  }
  if (!isEnded)
    throw new NotACalendar(
      line === 0 ? 'The file is empty.' : 'The calendar breaks off before its end (END:VCALENDAR).',
    )
  return found
}

/** The line without its end; null for a blank one and for one that goes on from the line before. */
function readLine(text: string, from: number, until: number): string | null {
  const first = text.charCodeAt(from)
  if (from === until || first === 32 || first === 9 || first === 13) return null
  // Only short lines can begin or end a block; the rest is read later, if at all.
  const line = text.slice(from, Math.min(until, from + 256)).trimEnd()
  return /^(begin|end):/i.test(line) ? line.toUpperCase().replace(/\s+/g, '') : line
}

function keep(found: Blocks, { kind, line }: { kind: string; line: number }, text: string): void {
  if (text.length > BLOCK_CHARACTERS_MAX) found.oversized.push(line)
  else found.blocks.push({ kind, text, line })
}

function keepProperty(properties: Map<string, string>, line: string): void {
  const [, name, value] = /^([A-Za-z-]+)[^:]*:(.*)$/.exec(line) ?? []
  if (name !== undefined && value !== undefined) properties.set(name.toUpperCase(), value.trim())
}
