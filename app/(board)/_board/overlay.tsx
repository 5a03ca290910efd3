'use client'
import { BOARD_MARKS } from '@/app/_lib/board-words'
import { StateShape } from '@/app/_ui/state-mark'
import { Time } from '@/app/_ui/time'
import type { Board, BoardMatch } from '@/server/services/boards/board'
import { ShortTime } from './short-time'
import { type BoardClaim, type BoardNews, useBoard } from './use-board'

type Props = { claim: BoardClaim; loaded: BoardNews; matchId: string | null }

/** Worst first, then what is on air: what an overlay of a whole event shows. */
const ORDER: BoardMatch['state'][] = ['impaired', 'under_mitigation', 'unknown', 'clean']

function chosen({ matches }: Board, matchId: string | null): BoardMatch | null {
  if (matchId !== null) return matches.find(({ id }) => id === matchId) ?? null
  const live = matches.filter(({ isLive }) => isLive)
  const [first] = [...(live.length > 0 ? live : matches)].sort(
    (a, b) => ORDER.indexOf(a.state) - ORDER.indexOf(b.state),
  )
  return first ?? null
}

/** 240 × 64 px on a transparent ground, over whatever picture: light letters with a dark edge. */
export function Overlay({ claim, loaded, matchId }: Props) {
  const { news, phase } = useBoard(claim, loaded)
  const match = phase === 'ended' ? null : chosen(news.board, matchId)
  return (
    <main
      data-transparent
      data-scheme="dark"
      className="h-16 w-60 overflow-hidden text-ink [paint-order:stroke] [-webkit-text-stroke:3px_var(--surface-sunken)]"
    >
      {match ? <Line match={match} isStale={phase === 'lost'} atMs={news.atMs} /> : null}
    </main>
  )
}

function Line({
  match: { name, state, sinceMs },
  isStale,
  atMs,
}: {
  match: BoardMatch
  isStale: boolean
  atMs: number
}) {
  const { state: mark, word } = BOARD_MARKS[state]
  return (
    <div className="flex h-full items-center gap-2 px-2">
      <span className="[&_svg]:[paint-order:stroke] [&_svg]:[stroke:var(--surface-sunken)] [&_svg]:[stroke-width:2]">
        <StateShape state={isStale ? 'offline' : mark} size={34} />
      </span>
      <div className="flex min-w-0 flex-col">
        <h1 className="truncate text-md leading-[20px] font-semibold">{name}</h1>
        <p className="figures truncate text-sm leading-[18px] font-medium">
          {isStale ? (
            <>
              as of <Time atMs={atMs} />
            </>
          ) : (
            <>
              {word}
              {sinceMs !== null && state !== 'clean' ? (
                <>
                  {' '}
                  since <ShortTime atMs={sinceMs} />
                </>
              ) : null}
            </>
          )}
        </p>
      </div>
    </div>
  )
}
