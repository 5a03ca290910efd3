import { BOARD_MARKS } from '@/app/_lib/board-words'
import { bitRate, packetRate } from '@/app/_lib/figures'
import { StateShape } from '@/app/_ui/state-mark'
import { Time } from '@/app/_ui/time'
import type { BoardMatch } from '@/server/services/boards/board'
import { ShortTime } from './short-time'

const GROUNDS: Record<BoardMatch['state'], string> = {
  clean: 'border-line',
  unknown: 'border-line border-dashed',
  under_mitigation: 'border-mitigated',
  impaired: 'border-impaired',
}

/** One match, sized by its own tile: the shape a third of its height, then its name, then what one should know. */
export function MatchTile({ match }: { match: BoardMatch }) {
  const { name, stage, state, sinceMs, sentence } = match
  const { state: mark, word } = BOARD_MARKS[state]
  return (
    <li
      data-board-state={state}
      className={`min-h-0 min-w-0 overflow-hidden rounded-lg border-[max(2px,0.25vmin)] bg-raised [container-type:size] ${GROUNDS[state]}`}
    >
      <div className="flex h-full flex-col justify-between gap-[2cqh] px-[5cqmin] py-[5cqmin]">
        <div className="flex min-h-0 items-center gap-[4cqmin]">
          <span className="shrink-0 [&>svg]:size-[33cqh] [&>svg]:max-w-[30cqw]">
            <StateShape state={mark} />
          </span>
          <p className="flex min-w-0 flex-col">
            <span className="text-[min(13cqh,8.5cqw)] leading-[1.15] font-semibold">{word}</span>
            {sinceMs === null ? null : (
              <span className="text-[min(8.5cqh,5.5cqw)] leading-[1.3] text-soft">
                since <Time atMs={sinceMs} form="today" />
              </span>
            )}
          </p>
        </div>
        <div className="min-w-0">
          <h2 className="line-clamp-2 text-[min(14cqh,9cqw)] leading-[1.15] font-semibold [overflow-wrap:anywhere]">
            {name}
          </h2>
          <p className="mt-[1.5cqh] line-clamp-2 text-balance text-[min(9cqh,5.8cqw)] leading-[1.25] text-soft">
            {sentence}
          </p>
        </div>
        <Foot match={match} stage={stage} />
      </div>
    </li>
  )
}

function Foot({ match: { rate, window, isLive }, stage }: { match: BoardMatch; stage: string | null }) {
  return (
    <p className="figures flex min-w-0 items-baseline justify-between gap-[3cqmin] text-[min(7.5cqh,5cqw)] leading-[1.3] whitespace-nowrap text-faint">
      <span className="min-w-0 truncate">
        {stage ? `${stage} · ` : ''}
        {isLive ? 'on air' : window ? <Air window={window} /> : 'off air'}
      </span>
      {rate === undefined ? null : rate === null ? <span>no figures</span> : <Rate {...rate} />}
    </p>
  )
}

const Air = ({ window: { startsMs } }: { window: { startsMs: number } }) => (
  <>
    on air <ShortTime atMs={startsMs} />
  </>
)

function Rate({ pps, bps }: { pps: number; bps: number }) {
  const [packets, bits] = [packetRate(pps), bitRate(bps)]
  return (
    <span>
      {packets.value} {packets.unit}, {bits.value} {bits.unit} on the wire
    </span>
  )
}
