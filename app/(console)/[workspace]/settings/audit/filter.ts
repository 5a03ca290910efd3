/** What the log is narrowed to, as the fields hold it; empty: not narrowed. Days are the reader's. */
export type AuditDraft = { text: string; actor: string; action: string; from: string; until: string }
export const EVERYTHING: AuditDraft = { text: '', actor: '', action: '', from: '', until: '' }

const DAY_MS = 86_400_000
const startOf = (day: string): number | null => (day === '' ? null : new Date(`${day}T00:00`).getTime())

/** As the log is asked for it; the last day is meant whole. */
export function queryOf({ text, actor, action, from, until }: AuditDraft) {
  const end = startOf(until)
  // Not a day's length: days on which clocks change are shorter or longer.
  const untilMs = end === null ? null : new Date(end + 1.5 * DAY_MS).setHours(0, 0, 0, 0)
  return { text: text.trim(), actor, action, fromMs: startOf(from), untilMs }
}

/** The same as an address, for a download. */
export function searchOf(draft: AuditDraft, format: 'csv' | 'jsonl'): string {
  const said = Object.entries({ ...queryOf(draft), format }).filter(([, value]) => value !== null && value !== '')
  return new URLSearchParams(said.map(([name, value]) => [name, String(value)])).toString()
}
