/** Markup that is already safe. */
export class Html {
  constructor(readonly text: string) {}
}

type Value = string | number | null | false | Html | readonly Html[]

const ESCAPES: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' }

const escapeText = (text: string): string => text.replace(/[&<>"']/g, (character) => ESCAPES[character] ?? character)

function markup(value: Value): string {
  if (value === null || value === false) return ''
  if (value instanceof Html) return value.text
  if (typeof value === 'object') return value.map((part) => part.text).join('')
  return escapeText(String(value))
}

/** Every value is escaped unless it is markup made by this tag. */
export function html(parts: TemplateStringsArray, ...values: Value[]): Html {
  return new Html(
    parts.reduce((text, part, index) => text + (index === 0 ? '' : markup(values[index - 1] ?? null)) + part, ''),
  )
}
