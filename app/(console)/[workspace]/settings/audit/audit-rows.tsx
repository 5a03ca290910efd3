import { actorWords, changesOf, phraseOf } from '@/app/_lib/audit-words'
import { Cell, HeadCell, Row, Table } from '@/app/_ui/table'
import { Time } from '@/app/_ui/time'
import type { AuditEntryView } from '@/server/trpc/routers/audit'

type Props = { entries: AuditEntryView[]; names: Record<string, string> }

/** One sentence a row, and under it what changed. */
export function AuditRows({ entries, names }: Props) {
  return (
    <Table label="Audit log">
      <thead>
        <tr>
          <HeadCell className="hidden w-44 sm:table-cell">When</HeadCell>
          <HeadCell>What</HeadCell>
          <HeadCell figure className="w-16">
            Row
          </HeadCell>
        </tr>
      </thead>
      <tbody>
        {entries.map((entry) => (
          <Row key={entry.seq}>
            <Cell className="hidden text-soft sm:table-cell">
              <Time atMs={entry.atMs} form="today" />
            </Cell>
            <Cell className="wrap-anywhere">
              <div>
                <span className="font-medium">{actorWords(entry.actor)}</span> {phraseOf(entry.action, entry.subject)}
              </div>
              <div className="text-sm text-soft sm:hidden">
                <Time atMs={entry.atMs} form="today" />
              </div>
              <Changes before={entry.before} after={entry.after} names={names} />
            </Cell>
            <Cell figure className="text-faint" title={`Hash of this row: ${entry.hash}`}>
              {entry.seq}
            </Cell>
          </Row>
        ))}
      </tbody>
    </Table>
  )
}

const SHOWN_MAX = 8

function Changes({ before, after, names }: { before: unknown; after: unknown; names: Record<string, string> }) {
  const changes = changesOf(before, after, names)
  if (changes.length === 0) return null
  return (
    <dl className="mt-1 grid grid-cols-[auto_1fr] gap-x-3 text-sm">
      {changes.slice(0, SHOWN_MAX).map(({ field, was, is }) => (
        <div key={field} className="contents">
          <dt className="text-faint">{field}</dt>
          <dd className="text-soft">
            {was === null ? null : <del className={is === null ? '' : 'mr-2 text-faint'}>{was}</del>}
            {is === null ? null : <ins className="no-underline">{is}</ins>}
          </dd>
        </div>
      ))}
      {changes.length > SHOWN_MAX ? (
        <div className="contents">
          <dt className="text-faint">and</dt>
          <dd className="text-soft">{changes.length - SHOWN_MAX} more, in the export</dd>
        </div>
      ) : null}
    </dl>
  )
}
