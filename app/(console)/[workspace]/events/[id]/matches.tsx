'use client'
import Link from 'next/link'
import { Fragment, useState } from 'react'
import { compareNames } from '@/app/_lib/compare-names'
import { spanWords } from '@/app/_lib/zones'
import { Button } from '@/app/_ui/button'
import { Section } from '@/app/_ui/section'
import { Cell, HeadCell, Row, Table } from '@/app/_ui/table'
import type { EventGroupView, EventView } from '@/server/trpc/event-view'
import { AirMark } from '../_event/air-mark'
import type { EventProps } from './event-page'
import { GroupForm } from './group-form'

type Props = EventProps & { view: EventView; nowMs: number }
type Edited = { group: EventGroupView } | { kind: 'stage' | 'match'; holder: EventGroupView } | null

const startOf = ({ windows }: EventGroupView): number => windows[0]?.startsMs ?? Number.MAX_SAFE_INTEGER
const byTime = (left: EventGroupView, right: EventGroupView): number =>
  startOf(left) - startOf(right) || compareNames(left.name, right.name)

/** Matches that were played long ago are behind a button. */
const OVER_MS = 12 * 3_600_000

/** Stages with their matches, each edited where it stands. */
export function Matches({ view, nowMs, ...shared }: Props) {
  const { event, inside } = view
  const [edited, setEdited] = useState<Edited>(null)
  const [showsOver, setShowsOver] = useState(false)
  const isOver = ({ windows }: EventGroupView): boolean =>
    windows.length > 0 && windows.every(({ endsMs }) => endsMs < nowMs - OVER_MS)
  const over = inside.filter((group) => group.kind === 'match' && isOver(group)).length
  const stages = inside.filter(({ kind }) => kind !== 'match').sort(byTime)
  const matchesIn = (id: string) =>
    inside
      .filter((group) => group.kind === 'match' && group.parentId === id && (showsOver || !isOver(group)))
      .sort(byTime)
  const done = () => setEdited(null)
  const add = (kind: 'stage' | 'match', holder: EventGroupView) => setEdited({ kind, holder })
  return (
    <Section
      title="Stages and matches"
      aside={
        over > 0 ? (
          <button type="button" onClick={() => setShowsOver(!showsOver)} className="underline underline-offset-2">
            {showsOver ? 'Hide what is over' : `Show ${over} that ${over === 1 ? 'is' : 'are'} over`}
          </button>
        ) : undefined
      }
    >
      {inside.length === 0 && edited === null ? (
        <p className="max-w-xl text-soft">
          No matches yet. Each gets its servers and its time on air; the board shows one tile a match.
        </p>
      ) : null}
      {inside.length > 0 ? (
        <Table label="Stages and matches">
          <thead>
            <tr>
              <HeadCell>Match</HeadCell>
              <HeadCell>On air</HeadCell>
              <HeadCell className="hidden sm:table-cell">Servers</HeadCell>
              <HeadCell className="w-16">
                <span className="sr-only">Change</span>
              </HeadCell>
            </tr>
          </thead>
          {[event, ...stages].map((holder) => (
            <tbody key={holder.id}>
              {holder.id === event.id ? null : (
                <StageRow
                  stage={holder}
                  shared={shared}
                  edited={edited}
                  eventId={event.id}
                  onEdit={setEdited}
                  onDone={done}
                />
              )}
              {matchesIn(holder.id).map((match) => (
                <Fragment key={match.id}>
                  <MatchRow
                    match={match}
                    view={view}
                    shared={shared}
                    isInStage={holder.id !== event.id}
                    onEdit={() => setEdited({ group: match })}
                  />
                  <EditRow edited={edited} group={match} shared={shared} eventId={event.id} onDone={done} />
                </Fragment>
              ))}
            </tbody>
          ))}
        </Table>
      ) : null}
      {edited && 'kind' in edited && edited.holder.id === event.id ? (
        <GroupForm
          {...shared}
          eventId={event.id}
          kind={edited.kind}
          group={null}
          holder={edited.holder}
          onDone={done}
        />
      ) : shared.mayUpdate ? (
        <div className="flex gap-2">
          <Button onClick={() => add('match', event)}>Add a match</Button>
          {event.kind === 'event' ? (
            <Button kind="quiet" onClick={() => add('stage', event)}>
              Add a stage
            </Button>
          ) : null}
        </div>
      ) : null}
    </Section>
  )
}

type RowProps = { shared: EventProps; eventId: string; edited: Edited; onDone: () => void }

function EditRow({ group, shared, eventId, edited, onDone }: RowProps & { group: EventGroupView }) {
  if (!edited || !('group' in edited) || edited.group.id !== group.id) return null
  const kind = group.kind === 'match' ? 'match' : 'stage'
  return (
    <Row>
      <Cell colSpan={4}>
        <GroupForm {...shared} eventId={eventId} kind={kind} group={group} onDone={onDone} />
      </Cell>
    </Row>
  )
}

function StageRow({ stage, onEdit, ...rest }: RowProps & { stage: EventGroupView; onEdit: (edited: Edited) => void }) {
  const { shared, edited, eventId, onDone } = rest
  return (
    <>
      <Row>
        <Cell className="pt-4">
          <Link
            href={`/${shared.workspace}/events/${stage.id}`}
            prefetch={false}
            data-row
            className="text-md font-semibold [overflow-wrap:anywhere] hover:underline"
          >
            {stage.name}
          </Link>
        </Cell>
        <Cell className="pt-4 text-soft">
          <OnAir group={stage} />
        </Cell>
        <Cell className="figures hidden pt-4 text-soft sm:table-cell">{stage.servers}</Cell>
        <Cell className="pt-3 text-right whitespace-nowrap">
          {shared.mayUpdate ? (
            <>
              <Button kind="quiet" className="-my-1.5" onClick={() => onEdit({ kind: 'match', holder: stage })}>
                Add<span className="sr-only"> a match to {stage.name}</span>
              </Button>
              <Button kind="quiet" className="-my-1.5" onClick={() => onEdit({ group: stage })}>
                Edit<span className="sr-only"> {stage.name}</span>
              </Button>
            </>
          ) : null}
        </Cell>
      </Row>
      <EditRow {...rest} group={stage} />
      {edited && 'kind' in edited && edited.holder.id === stage.id ? (
        <Row>
          <Cell colSpan={4}>
            <GroupForm {...shared} eventId={eventId} kind={edited.kind} group={null} holder={stage} onDone={onDone} />
          </Cell>
        </Row>
      ) : null}
    </>
  )
}

type MatchProps = { match: EventGroupView; view: EventView; shared: EventProps; isInStage: boolean; onEdit: () => void }

function MatchRow({ match, view, shared, isInStage, onEdit }: MatchProps) {
  const { workspace, nodes, mayUpdate } = shared
  const names = nodes.filter(({ id }) => match.nodeIds.includes(id)).map(({ name }) => name)
  const servers = names.length > 0 ? names.slice(0, 4).join(', ') : match.servers === 0 ? null : `${match.servers}`
  return (
    <Row className="eased hover:bg-hover">
      <Cell className={isInStage ? 'sm:pl-5' : ''}>
        <Link
          href={`/${workspace}/matches/${match.id}`}
          prefetch={false}
          data-row
          className="font-medium [overflow-wrap:anywhere] hover:underline"
        >
          {match.name}
        </Link>
        <div className="text-sm text-faint sm:hidden">{servers ?? 'no servers'}</div>
        <Hints match={match} view={view} nodes={nodes} />
      </Cell>
      <Cell className="text-soft">
        <OnAir group={match} />
      </Cell>
      <Cell className="hidden text-soft [overflow-wrap:anywhere] sm:table-cell">
        {servers ?? <span className="text-watching">none</span>}
        {names.length > 4 ? ` and ${names.length - 4} more` : ''}
      </Cell>
      <Cell className="text-right">
        {mayUpdate ? (
          <Button kind="quiet" className="-my-1.5" onClick={onEdit}>
            Edit<span className="sr-only"> {match.name}</span>
          </Button>
        ) : null}
      </Cell>
    </Row>
  )
}

function OnAir({ group }: { group: EventGroupView }) {
  const { windows, zone, isLive } = group
  const [first, ...more] = windows
  return (
    <span className="figures flex flex-wrap items-baseline gap-x-2">
      {first ? spanWords(first, zone) : 'as above'}
      {more.length > 0 ? ` and ${more.length} more` : ''}
      {isLive ? <AirMark isLive size="sm" /> : null}
    </span>
  )
}

/** What somebody should look at: a server that two matches want, and what was changed by hand. */
function Hints({ match, view, nodes }: { match: EventGroupView; view: EventView; nodes: EventProps['nodes'] }) {
  return (
    <>
      {match.clashes.map(({ withId, nodeId, ...span }) => (
        <p key={`${withId} ${nodeId} ${span.startsMs}`} className="text-sm text-watching">
          {nodes.find(({ id }) => id === nodeId)?.name ?? 'A server'} also plays {view.names[withId] ?? 'another match'}
          , {spanWords(span, match.zone)}
        </p>
      ))}
      {match.imported && match.imported.changed.length > 0 ? (
        <p className="text-sm text-faint">
          Changed by hand: {match.imported.changed.join(', ')}. The calendar says {match.imported.name},{' '}
          {spanWords(match.imported.window, match.zone)}.
        </p>
      ) : null}
    </>
  )
}
