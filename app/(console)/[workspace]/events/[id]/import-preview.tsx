import { wholeNumber } from '@/app/_lib/figures'
import { shortMoment, spanWords, zoneWords } from '@/app/_lib/zones'
import { Cell, HeadCell, Row, Table } from '@/app/_ui/table'
import type { PreviewView } from '@/server/trpc/event-view'

type Change = PreviewView['changes'][number]
type Props = { seen: PreviewView; zone: string; nodes: { id: string; name: string }[] }

const KINDS: Record<Change['kind'], string> = {
  add: 'new',
  change: 'changed',
  cancel: 'cancelled',
  withdraw: 'not in it any more',
  same: 'kept by hand',
}

/** What importing would do, entry by entry: what is added, what changes, what goes, and to which servers. */
export function ImportPreview({ seen, zone, nodes }: Props) {
  const { changes, counts, problems } = seen
  const total = counts.added + counts.changed + counts.cancelled + counts.withdrawn
  const nameOf = new Map(nodes.map(({ id, name }) => [id, name]))
  return (
    <section aria-label="What would change" className="flex flex-col gap-3 border-t border-line pt-4">
      <p className="font-medium">
        {total === 0
          ? 'Nothing would change.'
          : `${wholeNumber(counts.added)} new, ${wholeNumber(counts.changed)} changed, ${wholeNumber(counts.cancelled + counts.withdrawn)} taken away.`}{' '}
        <span className="font-normal text-soft">
          {wholeNumber(seen.seen)} {seen.seen === 1 ? 'entry' : 'entries'} in the calendar,{' '}
          {wholeNumber(seen.inHorizon)} from two days ago to 120 days ahead.
          {seen.cutMs === null
            ? ''
            : ` The first thousand are taken; those from ${shortMoment(seen.cutMs, zone)} on follow as their time comes.`}
          {counts.kept > 0 ? ` ${wholeNumber(counts.kept)} keep what was changed by hand.` : ''}
        </span>
      </p>
      {problems.length > 0 ? (
        <details className="text-watching">
          <summary>
            {wholeNumber(problems.length)} {problems.length === 1 ? 'entry cannot' : 'entries cannot'} be read; matches
            of theirs stay as they are
          </summary>
          <ul className="mt-1 max-h-40 overflow-y-auto pl-4 text-soft">
            {problems.map(({ line, words }) => (
              <li key={`${line} ${words}`} className="[overflow-wrap:anywhere]">
                {line > 0 ? `Line ${line}: ` : ''}
                {words}
              </li>
            ))}
          </ul>
        </details>
      ) : null}
      {changes.length > 0 ? (
        <div className="max-h-[38vh] overflow-y-auto">
          <Table label="Changes">
            <thead>
              <tr>
                <HeadCell>What</HeadCell>
                <HeadCell>Match</HeadCell>
                <HeadCell>On air, {zoneWords(zone)}</HeadCell>
                <HeadCell>Servers</HeadCell>
              </tr>
            </thead>
            <tbody>
              {changes.map((change) => (
                <ChangeRow key={`${change.key} ${change.kind}`} change={change} zone={zone} nameOf={nameOf} />
              ))}
            </tbody>
          </Table>
          {changes.length < total ? (
            <p className="py-2 text-faint">and {wholeNumber(total - changes.length)} more</p>
          ) : null}
        </div>
      ) : null}
    </section>
  )
}

function ChangeRow({ change, zone, nameOf }: { change: Change; zone: string; nameOf: ReadonlyMap<string, string> }) {
  const { kind, name, fields, kept, before, isBack, serversBy } = change
  const isGone = kind === 'cancel' || kind === 'withdraw'
  const names = change.nodeIds.map((id) => nameOf.get(id) ?? 'a server')
  return (
    <Row>
      <Cell className={`whitespace-nowrap ${kind === 'add' ? 'text-clean' : isGone ? 'text-attack' : 'text-soft'}`}>
        {isBack ? 'back again' : KINDS[kind]}
      </Cell>
      <Cell className={`[overflow-wrap:anywhere] ${isGone ? 'line-through' : ''}`}>
        {name}
        {fields.includes('name') && before ? <div className="text-sm text-faint">was {before.name}</div> : null}
        {kept.length > 0 ? <div className="text-sm text-faint">keeps {kept.join(', ')} as changed by hand</div> : null}
      </Cell>
      <Cell className="figures text-soft">
        {spanWords(change, zone)}
        {fields.includes('window') && before?.window ? (
          <div className="text-sm text-faint">was {spanWords(before.window, zone)}</div>
        ) : null}
      </Cell>
      <Cell className="text-soft [overflow-wrap:anywhere]">
        {isGone ? null : names.length === 0 ? (
          <span className="text-watching">none fits</span>
        ) : (
          <>
            {names.slice(0, 6).join(', ')}
            {names.length > 6 ? ` and ${names.length - 6} more` : ''}
            {serversBy === null ? null : <div className="text-sm text-faint">{serversBy}</div>}
          </>
        )}
      </Cell>
    </Row>
  )
}
