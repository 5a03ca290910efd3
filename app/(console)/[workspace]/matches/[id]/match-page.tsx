'use client'
import Link from 'next/link'
import { BOARD_MARKS } from '@/app/_lib/board-words'
import { percent, wholeNumber } from '@/app/_lib/figures'
import { useLiveState } from '@/app/_lib/live'
import { type MatchFigures, sumSeconds, verifiedLossOf } from '@/app/_lib/match-figures'
import { whatAndWhere } from '@/app/_lib/sentence'
import { incidentMark, isOver } from '@/app/_lib/states'
import { spanWords, zoneWords } from '@/app/_lib/zones'
import { buttonStyle } from '@/app/_ui/button'
import { BitRate, PacketRate } from '@/app/_ui/figure'
import { LiveNote } from '@/app/_ui/live-note'
import { PageHeader } from '@/app/_ui/page-header'
import { Section } from '@/app/_ui/section'
import { StateMark, StateShape, stateColour } from '@/app/_ui/state-mark'
import { Time } from '@/app/_ui/time'
import type { BoardMatch } from '@/server/services/boards/board'
import type { MatchView } from '@/server/trpc/event-view'
import type { IncidentSummary } from '@/server/trpc/incident-view'
import { Tile } from '../../(fleet)/tile'
import { AirMark } from '../../events/_event/air-mark'
import { useOwnZone } from '../../events/_event/use-own-zone'
import { type Loaded, useMatch, useMatchSeconds, WATCHED_MAX } from './use-match'

type Props = { workspace: string; loaded: Loaded }

/** One match, on one server or several: is it attacked, is it handled, are its players affected. */
export function MatchPage({ workspace, loaded }: Props) {
  const { match, tile, tiles, incidents } = useMatch(workspace, loaded)
  const ids = match.nodeIds ?? []
  const { painter, seconds } = useMatchSeconds(workspace, match.maySeeServers ? ids : [])
  const own = tiles?.filter(({ id }) => ids.includes(id)) ?? []
  const ownIncidents = incidents?.filter(({ node }) => ids.includes(node.id)) ?? []
  const open = ownIncidents.filter(({ state }) => !isOver(state))
  return (
    <div className="flex w-full flex-col gap-6 p-4 sm:p-6 lg:px-8">
      <PageHeader
        title={match.name}
        context={<Context workspace={workspace} match={match} />}
        action={
          <Link
            href={`/${workspace}/board/${match.id}`}
            target="_blank"
            prefetch={false}
            className={buttonStyle('plain')}
          >
            Open the board
          </Link>
        }
      />
      {tile ? <StateLine tile={tile} /> : null}
      {match.maySeeServers ? (
        <Figures
          sum={sumSeconds([...seconds.values()], Date.now())}
          servers={ids.length}
          open={open}
          mayReadIncidents={match.mayReadIncidents}
        />
      ) : null}
      {match.clashes.map(({ withId, nodeId, ...span }) => (
        <p key={`${withId} ${nodeId} ${span.startsMs}`} className="text-watching">
          {own.find(({ id }) => id === nodeId)?.name ?? 'A server'} also plays {match.names[withId] ?? 'another match'},{' '}
          {spanWords(span, match.zone)}. Move one of them, or give it another server.
        </p>
      ))}
      {match.maySeeServers ? (
        <Section title="Servers" aside={<LiveNote />}>
          {own.length === 0 ? (
            <p className="text-soft">
              No server plays this match yet.{' '}
              {match.path.at(-1) ? (
                <Link
                  href={`/${workspace}/events/${match.path.at(-1)?.id}`}
                  className="text-accent underline underline-offset-2"
                >
                  Assign one on the page of {match.path.at(-1)?.name}
                </Link>
              ) : null}
            </p>
          ) : (
            <div className="relative">
              <ul className="grid grid-cols-[repeat(auto-fill,minmax(min(100%,248px),1fr))] gap-3">
                {own.map((one) => (
                  <Tile
                    key={one.id}
                    tile={one}
                    workspace={workspace}
                    painter={painter}
                    isDense={own.length > WATCHED_MAX}
                    isFirst
                  />
                ))}
              </ul>
            </div>
          )}
        </Section>
      ) : null}
      {incidents === null ? null : <Incidents workspace={workspace} incidents={ownIncidents} />}
    </div>
  )
}

function Context({
  workspace,
  match: { path, isLive, windows, zone, audience },
}: {
  workspace: string
  match: MatchView
}) {
  const ownZone = useOwnZone()
  const window = windows[0]
  return (
    <span className="flex flex-wrap items-baseline gap-x-3 gap-y-1">
      {path.map(({ id, name, kind }) =>
        kind === 'event' || kind === 'stage' ? (
          <Link key={id} href={`/${workspace}/events/${id}`} className="underline underline-offset-2">
            {name}
          </Link>
        ) : (
          <span key={id}>{name}</span>
        ),
      )}
      <AirMark isLive={isLive} />
      {window ? (
        <span className="figures">
          {spanWords(window, zone)} {zoneWords(zone)}
          {zone === ownZone ? '' : `, ${spanWords(window, ownZone)} yours`}
        </span>
      ) : null}
      {audience > 1 ? <span className="figures">{audience}× audience expected</span> : null}
    </span>
  )
}

/** The one line people come for. */
function StateLine({ tile: { state, sentence, sinceMs } }: { tile: BoardMatch }) {
  const { state: mark, word } = BOARD_MARKS[state]
  return (
    <p role="status" className="flex items-center gap-3">
      <StateShape state={mark} size={32} />
      <span className="flex flex-wrap items-baseline gap-x-3">
        <span className={`text-lg font-semibold ${stateColour(mark)}`}>{word}</span>
        <span className="text-md">{sentence}</span>
        {sinceMs === null ? null : (
          <span className="text-soft">
            since <Time atMs={sinceMs} form="today" />
          </span>
        )}
      </span>
    </p>
  )
}

type FigureProps = { sum: MatchFigures | null; servers: number; open: IncidentSummary[]; mayReadIncidents: boolean }

/** A server that was not watched sends batches of ten seconds until it is told. */
const FIRST_SECOND_MS = 6_000

/** What is measured, and plainly what is not. */
function Figures({ sum, servers, open, mayReadIncidents }: FigureProps) {
  const { phase, sinceMs } = useLiveState()
  const isWaiting = phase !== 'live' || Date.now() - sinceMs < FIRST_SECOND_MS
  const none = <span className="text-faint">{isWaiting ? 'waiting' : 'no figures lately'}</span>
  const loss = verifiedLossOf(open)
  return (
    <dl
      className="grid grid-cols-2 gap-x-8 gap-y-4 border-y border-line py-4 sm:grid-cols-3 xl:grid-cols-6"
      data-part="figures"
    >
      <Fact name="Players connected" hint="verified clients of its servers">
        {sum ? (
          wholeNumber(sum.players)
        ) : servers > WATCHED_MAX ? (
          <span className="text-faint">on each server’s page</span>
        ) : (
          none
        )}
      </Fact>
      <Fact
        name="Packets delivered"
        hint={
          sum ? (
            <>
              <PacketRate pps={sum.wire.pps} /> on the wire
            </>
          ) : (
            'past our rules'
          )
        }
      >
        {sum ? <PacketRate pps={sum.delivered.pps} /> : none}
      </Fact>
      <Fact
        name="Bits delivered"
        hint={
          sum ? (
            <>
              <BitRate bps={sum.wire.bps} /> on the wire
            </>
          ) : (
            'past our rules'
          )
        }
      >
        {sum ? <BitRate bps={sum.delivered.bps} /> : none}
      </Fact>
      <Fact name="Verified-client loss" hint="packets our rules or full buffers took">
        {!mayReadIncidents ? (
          <span className="text-faint">not for your role</span>
        ) : loss === null ? (
          <span>
            none <span className="text-sm text-faint">nothing is cut</span>
          </span>
        ) : loss.packetsIn === 0 ? (
          <span className="text-faint">no packets of players yet</span>
        ) : (
          percent(loss.lost / loss.packetsIn, 2)
        )}
      </Fact>
      <Fact name="Round-trip time" hint="agents do not measure it yet">
        <span className="text-faint">not measured</span>
      </Fact>
      <Fact name="Servers reporting" hint="a second within the last half minute">
        {sum ? `${sum.reporting} of ${servers}` : `0 of ${servers}`}
      </Fact>
    </dl>
  )
}

function Fact({ name, hint, children }: { name: string; hint: React.ReactNode; children: React.ReactNode }) {
  return (
    <div className="flex min-w-0 flex-col">
      <dt className="text-sm text-faint">{name}</dt>
      <dd className="figures text-lg font-semibold">{children}</dd>
      <dd className="figures text-sm text-faint">{hint}</dd>
    </div>
  )
}

const SHOWN = 8

function Incidents({ workspace, incidents }: { workspace: string; incidents: IncidentSummary[] }) {
  return (
    <Section title="Incidents">
      {incidents.length === 0 ? (
        <p className="text-soft">No incident on the servers of this match.</p>
      ) : (
        <ul>
          {incidents.slice(0, SHOWN).map((incident) => {
            const { state, word } = incidentMark(incident.state)
            return (
              <li key={incident.id} className="border-b border-line last:border-0">
                <Link
                  href={`/${workspace}/incidents/${incident.id}`}
                  data-row
                  prefetch={false}
                  className="eased flex flex-wrap items-baseline gap-x-4 rounded-sm py-2 hover:bg-hover"
                >
                  <span className="min-w-24">
                    <StateMark state={state} word={word} />
                  </span>
                  <span className="min-w-0 flex-1 font-medium [overflow-wrap:anywhere]">{whatAndWhere(incident)}</span>
                  <span className="text-soft">
                    <Time atMs={incident.startedMs} form="today" />
                  </span>
                </Link>
              </li>
            )
          })}
        </ul>
      )}
    </Section>
  )
}
