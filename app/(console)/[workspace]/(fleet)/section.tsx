'use client'
import { useRef } from 'react'
import type { FleetPainter } from '@/app/_ui/fleet-painter'
import { StateCounts } from '@/app/_ui/state-counts'
import { useNear } from '@/app/_ui/use-near'
import type { NodeTile } from '@/server/trpc/node-tile'
import { FarTile, Tile } from './tile'

type Props = {
  /** Null where all stand together. */
  title: string | null
  tiles: NodeTile[]
  workspace: string
  painter: FleetPainter
  isDense: boolean
  /** Tiles of the first screen. */
  first: ReadonlySet<string>
}

/** About how high a section is on a desk: what a browser reserves until it is near the screen and laid out. */
const heightOf = (tiles: number, isDense: boolean): number =>
  isDense ? 32 + Math.ceil(tiles / 7) * 100 : 32 + Math.ceil(tiles / 5) * 164

/** Tiles of one group. Far from the screen it is a list of names, with nothing in it that has to be woken. */
export function Section({ title, tiles, workspace, painter, isDense, first }: Props) {
  const host = useRef<HTMLDivElement>(null)
  const isFirst = tiles.some(({ id }) => first.has(id))
  const isNear = useNear(host, isFirst)
  return (
    <div
      ref={host}
      className={`flex flex-col gap-2 ${isFirst ? '' : '[content-visibility:auto]'}`}
      style={isFirst ? undefined : { containIntrinsicSize: `auto ${heightOf(tiles.length, isDense)}px` }}
    >
      {title === null ? null : (
        <div className="flex flex-wrap items-baseline gap-x-4 gap-y-1 border-t border-line pt-3">
          <h2 className="min-w-0 text-md font-semibold [overflow-wrap:anywhere]">{title}</h2>
          <StateCounts states={tiles.map(({ state }) => state)} />
        </div>
      )}
      <div className="relative">
        <ul
          className={`grid ${isDense ? 'grid-cols-[repeat(auto-fill,minmax(min(100%,176px),1fr))] gap-2' : 'grid-cols-[repeat(auto-fill,minmax(min(100%,248px),1fr))] gap-3'}`}
        >
          {tiles.map((tile) =>
            isNear ? (
              <Tile
                key={tile.id}
                tile={tile}
                workspace={workspace}
                painter={painter}
                isDense={isDense}
                isFirst={first.has(tile.id)}
              />
            ) : (
              <FarTile key={tile.id} name={tile.name} isDense={isDense} />
            ),
          )}
        </ul>
      </div>
    </div>
  )
}
