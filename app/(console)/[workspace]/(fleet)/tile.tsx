import Link from 'next/link'
import { memo } from 'react'
import { againstUsual } from '@/app/_lib/figures'
import { BitRate, PacketRate } from '@/app/_ui/figure'
import { Sparkline } from '@/app/_ui/sparkline'
import { StateMark } from '@/app/_ui/state-mark'
import { Time } from '@/app/_ui/time'
import { type NodeTile, SPARK_SPAN_MS } from '@/server/trpc/node-tile'

const LEVELS: Record<string, string> = { 'detect-only': 'detects only', iptables: 'iptables' }

/** A node one can point at: name, state, five minutes, rate against what is usual. */
export const Tile = memo(function Tile({ tile, workspace }: { tile: NodeTile; workspace: string }) {
  const body = <TileBody tile={tile} />
  const frame = 'flex h-[132px] flex-col gap-2 rounded-lg border bg-raised p-3'
  if (!tile.openIncidentId) return <li className={`${frame} border-line`}>{body}</li>
  return (
    <li>
      <Link
        href={`/${workspace}/incidents/${tile.openIncidentId}`}
        data-row
        className={`eased ${frame} hover:bg-hover ${tile.state === 'mitigated' ? 'border-mitigated' : 'border-attack'}`}
      >
        {body}
      </Link>
    </li>
  )
})

function TileBody({ tile }: { tile: NodeTile }) {
  const { latest, usual } = tile
  // An open incident outranks a lost connection; that nothing comes must be said all the same.
  const isSilent = tile.state === 'offline' || latest === null
  return (
    <>
      <div className="flex items-baseline justify-between gap-3">
        <h3 className="truncate font-medium" title={tile.name}>
          {tile.name}
        </h3>
        <StateMark state={tile.state} word={tile.word ?? undefined} />
      </div>
      <Sparkline
        points={tile.spark}
        untilMs={latest?.atMs ?? tile.spark.at(-1)?.atMs ?? 0}
        spanMs={SPARK_SPAN_MS}
        usualHighPps={usual?.ppsHigh ?? null}
      />
      <div className="mt-auto flex items-end justify-between gap-3">
        <div className="flex flex-col">
          {latest ? (
            <PacketRate pps={latest.wirePps} className="text-md font-semibold" />
          ) : (
            <span className="whitespace-nowrap text-soft">{tile.lastSeenMs === null ? 'no data yet' : 'no data'}</span>
          )}
          {latest ? <BitRate bps={latest.wireBps} className="text-sm text-soft" /> : null}
        </div>
        <div className="flex flex-col items-end text-right text-sm">
          <span className="figures text-soft">{latest ? againstUsual(latest.wirePps, usual?.pps ?? null) : ''}</span>
          <span className="text-faint">
            {isSilent && tile.lastSeenMs !== null ? (
              <>
                last seen <Time atMs={tile.lastSeenMs} form="auto" />
              </>
            ) : (
              (LEVELS[tile.level ?? ''] ?? '')
            )}
          </span>
        </div>
      </div>
    </>
  )
}
