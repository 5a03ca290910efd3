const SHOWN_CHARS = 200

/** What a destination said, as one line that people can read: no control characters, and not endless. */
export const oneLine = (text: string, chars = SHOWN_CHARS): string =>
  [...text.replace(/[\p{C}\s]+/gu, ' ').trim()].slice(0, chars).join('')
