import { expect, test } from 'vitest'
import type { AuditPage } from '../services/audit/list'
import { auditLines } from './audit-lines'

const ENTRY = {
  id: 'a',
  seq: 7,
  at: new Date('2026-11-20T20:00:00.123Z'),
  actorKind: 'user',
  actorId: 'u-1',
  action: 'group.update',
  subjectKind: 'group',
  subjectId: 'g-1',
  before: { name: 'Match 1' },
  after: { name: '=HYPERLINK("http://evil")' },
  prevHash: '00',
  hash: 'ff',
}
const PAGE: AuditPage = {
  entries: [ENTRY],
  names: new Map([
    ['u-1', '=cmd|"/c calc"!A1'],
    ['g-1', 'Größe, "quoted"\nand 名前 🎮'],
  ]),
  nextSeq: null,
}

async function* pages() {
  yield PAGE
}

async function textOf(format: 'csv' | 'jsonl'): Promise<string> {
  let text = ''
  for await (const part of auditLines(pages(), format)) text += part
  return text
}

test('csv has a head, one line a row with names beside ids, and UTF-8 said at its beginning', async () => {
  const text = await textOf('csv')
  expect(text.startsWith('\uFEFFseq,at,actor_kind,actor_id,actor_name,action,')).toBe(true)
  expect(text).toContain('7,2026-11-20T20:00:00.123Z,user,u-1,"\'=cmd|""/c calc""!A1",group.update,group,g-1,')
  expect(text.endsWith(',00,ff\r\n')).toBe(true)
})

test('a line of JSON says what the row said, letter by letter', async () => {
  const text = await textOf('jsonl')
  expect(text.endsWith('\n')).toBe(true)
  expect(JSON.parse(text)).toMatchObject({
    seq: 7,
    actor_name: '=cmd|"/c calc"!A1',
    subject_name: 'Größe, "quoted"\nand 名前 🎮',
    before: { name: 'Match 1' },
    after: ENTRY.after,
    hash: 'ff',
  })
})
