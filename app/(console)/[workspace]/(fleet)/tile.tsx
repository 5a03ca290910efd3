'use client'
import Link from 'next/link'
import { memo, type Ref, useEffect, useRef, useState } from 'react'
import { againstUsual, bitRate, packetRate } from '@/app/_lib/figures'
import type { FigureParts, FleetPainter } from '@/app/_ui/fleet-painter'
import { StateMark } from '@/app/_ui/state-mark'
import { Time } from '@/app/_ui/time'
import { useNear } from '@/app/_ui/use-near'
import type { NodeTile } from '@/server/trpc/node-tile'

const LEVELS: Record<string, string> = { 'detect-only': 'detects only', iptables: 'iptables' }

type Props = {
  tile: NodeTile
  workspace: string
  painter: FleetPainter | null
  isDense: boolean
  /** Stands on the first screen: whole from the first paint on. The others are whole when they come near it. */
  isFirst: boolean
}

const BORDERS: Partial<Record<NodeTile['state'], string>> = {
  attack: 'border-attack',
  impaired: 'border-impaired',
  mitigated: 'border-mitigated',
}

/** A node one can point at: name, state, five minutes, rate against what is usual. Leads to the node, an attack to its incident. */
export const Tile = memo(function Tile({ tile, workspace, painter, isDense, isFirst }: Props) {
  const host = useRef<HTMLLIElement>(null)
  const isNear = useNear(host, isFirst)
  // biome-ignore lint/correctness/useExhaustiveDependencies: density and an incident decide which figures stand in the tile
  useEffect(() => {
    const item = host.current
    if (painter && isNear && item?.parentElement) return painter.show(tile.id, item.parentElement, partsOf(item))
  }, [painter, isNear, tile.id, isDense, tile.openIncidentId])
  if (!isNear) {
    return <FarTile ref={host} name={tile.name} isDense={isDense} />
  }
  return (
    <li
      ref={host}
      className={`eased relative flex flex-col rounded-lg border bg-raised [contain:strict] hover:bg-hover ${BORDERS[tile.state] ?? 'border-line'} ${isDense ? 'h-[92px] gap-1 px-2.5 py-2' : 'h-[152px] gap-2 p-3'}`}
    >
      <div className="flex items-baseline justify-between gap-3">
        <h3 className="min-w-0 truncate font-medium" title={tile.name}>
          <Link
            href={`/${workspace}/nodes/${tile.id}`}
            data-row
            prefetch={false}
            className="outline-none after:absolute after:inset-0 after:rounded-lg after:content-[''] focus-visible:after:outline-2 focus-visible:after:-outline-offset-2 focus-visible:after:outline-accent"
          >
            {tile.name}
          </Link>
        </h3>
        <span className={isDense ? 'text-sm' : ''} title={tile.why ?? undefined}>
          <StateMark state={tile.state} word={tile.word ?? undefined} size={isDense ? 10 : 12} />
        </span>
      </div>
      <div
        data-part="chart"
        role="img"
        aria-label={`Packets of ${tile.name} over the last five minutes`}
        className="min-h-0 w-full flex-1"
      />
      <Figures tile={tile} workspace={workspace} isDense={isDense} />
    </li>
  )
})

type FarProps = { name: string; isDense: boolean; ref?: Ref<HTMLLIElement> }

/** A tile that is not near the screen: its place and its name. */
export const FarTile = ({ name, isDense, ref }: FarProps) => (
  <li ref={ref} className={`truncate p-3 text-faint ${isDense ? 'h-[92px]' : 'h-[152px]'}`}>
    {name}
  </li>
)

/** The figures of the first paint; from then on the painter writes them, so React is given the same text for ever. */
function useFirst<Value>(value: Value): Value {
  return useState(value)[0]
}

function Figures({ tile, workspace, isDense }: Pick<Props, 'tile' | 'workspace' | 'isDense'>) {
  const { latest, usual } = useFirst(tile)
  const rate = latest ? packetRate(latest.wirePps) : { value: 'no data', unit: '' }
  const bits = latest ? bitRate(latest.wireBps) : { value: '', unit: '' }
  const words = latest ? againstUsual(latest.wirePps, usual?.pps ?? null) : ''
  return (
    <div className="flex items-end justify-between gap-3">
      <div className="flex flex-col">
        <LiveFigure part="rate" figure={rate} className={isDense ? 'font-medium' : 'text-md font-semibold'} />
        {isDense ? null : <LiveFigure part="bits" figure={bits} className="text-sm text-soft" />}
      </div>
      <div className="flex min-w-0 flex-col items-end text-right text-sm">
        {isDense && tile.openIncidentId ? null : (
          <span data-part="usual" className="figures whitespace-nowrap text-soft">
            {words || '\u200b'}
          </span>
        )}
        {isDense && !tile.openIncidentId ? null : <Foot tile={tile} workspace={workspace} />}
      </div>
    </div>
  )
}

function Foot({ tile, workspace }: { tile: NodeTile; workspace: string }) {
  if (tile.openIncidentId) {
    return (
      <Link
        href={`/${workspace}/incidents/${tile.openIncidentId}`}
        prefetch={false}
        className="relative z-10 font-medium underline underline-offset-2"
      >
        Open incident<span className="sr-only"> of {tile.name}</span>
      </Link>
    )
  }
  return (
    <span className="whitespace-nowrap text-faint">
      {tile.state === 'offline' && tile.lastSeenMs !== null ? (
        <>
          last seen <Time atMs={tile.lastSeenMs} form="auto" />
        </>
      ) : (
        (LEVELS[tile.level ?? ''] ?? '')
      )}
    </span>
  )
}

function LiveFigure({
  part,
  figure,
  className,
}: {
  part: string
  figure: { value: string; unit: string }
  className: string
}) {
  return (
    <span data-part={part} className={`figures whitespace-nowrap ${className}`}>
      <span>{figure.value || '\u200b'}</span>
      <span className="ml-[0.3em] font-normal text-faint">{figure.unit || '\u200b'}</span>
    </span>
  )
}

function partsOf(tile: HTMLElement) {
  const find = (name: string) => tile.querySelector<HTMLElement>(`[data-part=${name}]`)
  const figure = (element: HTMLElement): FigureParts => ({
    value: element.firstElementChild?.firstChild as Text,
    unit: element.lastElementChild?.firstChild as Text,
  })
  const bits = find('bits')
  return {
    chart: find('chart') as HTMLElement,
    rate: figure(find('rate') as HTMLElement),
    bits: bits && figure(bits),
    usual: (find('usual')?.firstChild as Text | undefined) ?? null,
  }
}
