'use client'
import { useEffect, useRef, useState } from 'react'
import { BOARD_MARKS } from '@/app/_lib/board-words'
import { StateShape } from '@/app/_ui/state-mark'
import { Time } from '@/app/_ui/time'
import type { Board, BoardMatch } from '@/server/services/boards/board'
import { Ended } from './ended'
import { gridFor } from './grid'
import { MatchTile } from './match-tile'
import { type BoardClaim, type BoardNews, type BoardPhase, useBoard } from './use-board'

/** `scheme`: a screen in a hall has no settings of its own. */
type Props = { claim: BoardClaim; loaded: BoardNews; scheme: 'light' | 'dark' | null }

/** Every match at one glance, across a room: nothing scrolls, nothing to press. */
export function BoardView({ claim, loaded, scheme }: Props) {
  const { news, phase } = useBoard(claim, loaded)
  if (phase === 'ended') return <Ended />
  const { board, atMs } = news
  const isStale = phase === 'lost'
  return (
    <div data-scheme={scheme ?? undefined} className="bg-surface text-ink">
      <main className="flex min-h-dvh flex-col gap-[1.6vmin] p-[2vmin] sm:h-dvh">
        <Head board={board} />
        <Tiles board={board} isStale={isStale} />
        <Foot board={board} phase={phase} atMs={atMs} />
        <Announcement board={board} />
      </main>
    </div>
  )
}

function Head({ board: { title, isLive, matches } }: { board: Board }) {
  const [worst] = ['impaired', 'under_mitigation'].filter((state) =>
    matches.some((match) => match.state === state),
  ) as BoardMatch['state'][]
  return (
    <header className="flex min-w-0 items-baseline justify-between gap-[2vmin]">
      <h1 className="line-clamp-2 min-w-0 text-[clamp(18px,3.6vmin,64px)] leading-[1.2] font-semibold [overflow-wrap:anywhere]">
        {title}
      </h1>
      <p className="flex shrink-0 items-center gap-[1.2vmin] text-[clamp(13px,2.4vmin,40px)] leading-[1.2] text-soft">
        {worst ? (
          <>
            <StateShape state={BOARD_MARKS[worst].state} size={24} />
            {matches.filter(({ state }) => state === worst).length} {BOARD_MARKS[worst].word.toLowerCase()}
          </>
        ) : isLive ? (
          'On air'
        ) : (
          'Off air'
        )}
      </p>
    </header>
  )
}

function Tiles({ board: { matches }, isStale }: { board: Board; isStale: boolean }) {
  const host = useRef<HTMLUListElement>(null)
  const [size, setSize] = useState({ width: 1_280, height: 640 })
  useEffect(() => {
    const element = host.current
    if (!element) return
    const observer = new ResizeObserver(() => setSize({ width: element.clientWidth, height: element.clientHeight }))
    observer.observe(element)
    return () => observer.disconnect()
  }, [])
  if (matches.length === 0)
    return (
      <p className="flex flex-1 items-center justify-center text-center text-[clamp(18px,4vmin,72px)] leading-[1.3] text-soft">
        No match is due. Matches stand here from their start to a quarter of an hour after their end.
      </p>
    )
  const { columns, rows } = gridFor(matches.length, size)
  return (
    <ul
      ref={host}
      data-stale={isStale || undefined}
      className="grid min-h-0 flex-1 gap-[1.4vmin] transition-[filter] duration-150 max-sm:!grid-cols-1 max-sm:!grid-rows-none max-sm:auto-rows-[minmax(132px,1fr)] data-[stale]:grayscale data-[stale]:*:border-dashed"
      style={{
        gridTemplateColumns: `repeat(${columns}, minmax(0, 1fr))`,
        gridTemplateRows: `repeat(${rows}, minmax(0, 1fr))`,
      }}
    >
      {matches.map((match) => (
        <MatchTile key={match.id} match={match} />
      ))}
    </ul>
  )
}

/** Quiet, and always as high: whether this is of now, and how many found no room. */
function Foot({ board: { more }, phase, atMs }: { board: Board; phase: BoardPhase; atMs: number }) {
  return (
    <footer className="flex min-h-[1.4em] justify-between gap-4 text-[clamp(12px,1.7vmin,28px)] leading-[1.4] text-faint">
      <p role="status">
        {phase === 'live' ? (
          'Live'
        ) : phase === 'connecting' ? (
          'Connecting'
        ) : (
          <>
            As of <Time atMs={atMs} className="font-medium text-ink" />. Reconnecting.
          </>
        )}
      </p>
      {more > 0 ? <p>{more === 1 ? '1 more match' : `${more} more matches`} later</p> : null}
    </footer>
  )
}

/** What changed, for who listens instead of looking. */
function Announcement({ board: { matches } }: { board: Board }) {
  const before = useRef(new Map<string, string>())
  const [words, setWords] = useState('')
  useEffect(() => {
    const changed = matches.filter(({ id, state }) => before.current.has(id) && before.current.get(id) !== state)
    before.current = new Map(matches.map(({ id, state }) => [id, state]))
    if (changed.length > 0)
      setWords(changed.map(({ name, state, sentence }) => `${name}: ${BOARD_MARKS[state].word}. ${sentence}`).join(' '))
  }, [matches])
  return (
    <p aria-live="polite" className="sr-only">
      {words}
    </p>
  )
}
