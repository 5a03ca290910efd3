import type { AuditEntry, AuditPage } from '../services/audit/list'
import { type Cell, csvLine } from './csv'

export type AuditFormat = 'csv' | 'jsonl'

const COLUMNS = [
  'seq',
  'at',
  'actor_kind',
  'actor_id',
  'actor_name',
  'action',
  'subject_kind',
  'subject_id',
  'subject_name',
  'before',
  'after',
  'prev_hash',
  'hash',
] as const

type Line = Record<(typeof COLUMNS)[number], unknown>

function lineOf(entry: AuditEntry, names: AuditPage['names']): Line {
  return {
    seq: entry.seq,
    at: entry.at.toISOString(),
    actor_kind: entry.actorKind,
    actor_id: entry.actorId,
    actor_name: names.get(entry.actorId) ?? null,
    action: entry.action,
    subject_kind: entry.subjectKind,
    subject_id: entry.subjectId,
    subject_name: names.get(entry.subjectId) ?? null,
    before: entry.before,
    after: entry.after,
    prev_hash: entry.prevHash,
    hash: entry.hash,
  }
}

const cellOf = (value: unknown): Cell =>
  typeof value === 'object' && value !== null ? JSON.stringify(value) : (value as Cell)

/** First what a file begins with (spreadsheets take UTF-8 by its mark), then each page's lines. */
export async function* auditLines(pages: AsyncIterable<AuditPage>, format: AuditFormat): AsyncGenerator<string> {
  if (format === 'csv') yield `\uFEFF${csvLine(COLUMNS)}`
  for await (const { entries, names } of pages) {
    const lines = entries.map((entry) => lineOf(entry, names))
    yield format === 'csv'
      ? lines.map((line) => csvLine(COLUMNS.map((column) => cellOf(line[column])))).join('')
      : lines.map((line) => `${JSON.stringify(line)}\n`).join('')
  }
}
