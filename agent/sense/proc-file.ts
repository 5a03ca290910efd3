import { openSync, readSync } from 'node:fs'

/** A file of /proc that is read for as long as the process lives. */
export type ProcFile = {
  /** Its text now; the very string of the last time while nothing in it changed. */
  read(): string
}

let scratch = Buffer.alloc(64 * 1024)

/**
 * Opens a file once: opening and closing it cost more than reading it, each second of every day. The descriptor stays
 * in the network namespace in which it was opened.
 * @param optional a missing file reads as empty: IPv6 may be off.
 */
export function openProc(path: string, optional = false): ProcFile {
  const fd = openOrNull(path, optional)
  let held: Buffer = Buffer.alloc(0)
  let text = ''
  return {
    read() {
      if (fd === null) return ''
      const bytes = readWhole(fd)
      if (bytes.equals(held)) return text
      held = Buffer.from(bytes)
      text = held.toString('latin1')
      return text
    },
  }
}

function openOrNull(path: string, optional: boolean): number | null {
  try {
    return openSync(path, 'r')
  } catch (error) {
    if (optional) return null
    throw error
  }
}

/** Lines of the files that come line by line are shorter. */
const LINE_BYTES_MAX = 2_048

/**
 * Some of these files come whole. The others come by the page, each read ending before the line that does not fit: so it
 * goes on until one gives less than half a page.
 */
function readWhole(fd: number): Buffer {
  let length = 0
  for (;;) {
    const read = readSync(fd, scratch, length, scratch.length - length, length)
    length += read
    if (read < LINE_BYTES_MAX) return scratch.subarray(0, length)
    if (length === scratch.length) scratch = Buffer.concat([scratch, Buffer.alloc(scratch.length)])
  }
}

/** Two files as one. */
export function joined(first: ProcFile, second: ProcFile): ProcFile {
  let texts = ['', '']
  let text = ''
  return {
    read() {
      const now = [first.read(), second.read()]
      if (now[0] !== texts[0] || now[1] !== texts[1]) text = now.join('')
      texts = now
      return text
    },
  }
}

/** The parsed content of a file, parsed anew only when the file changed. */
export function parsed<T>(file: ProcFile, parse: (text: string) => T): () => T {
  let text: string | null = null
  let value: T
  return () => {
    const now = file.read()
    if (now !== text) value = parse(now)
    text = now
    return value
  }
}
