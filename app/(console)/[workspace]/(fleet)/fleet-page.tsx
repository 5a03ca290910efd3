'use client'
import { useState } from 'react'
import { STATE_WORDS, STATES, type State } from '@/app/_lib/states'
import { EmptyState } from '@/app/_ui/empty-state'
import { LiveNote } from '@/app/_ui/live-note'
import { PageHeader } from '@/app/_ui/page-header'
import type { NodeTile } from '@/server/trpc/node-tile'
import { AddNode } from './add-node'
import { EmptyFleet } from './empty-fleet'
import { type Filter, FleetFilter, NO_FILTER } from './filter'
import { Legend } from './legend'
import { Tile } from './tile'
import { useFleetPainter, useTiles } from './use-fleet'

type Props = { workspace: string; tiles: NodeTile[]; mayAddNode: boolean }

/** From so many nodes on tiles are small: the whole fleet should still be a few screens. */
const DENSE_FROM = 60

/** All nodes at one glance, worst first. */
export function FleetPage({ workspace, tiles: loaded, mayAddNode }: Props) {
  const tiles = useTiles(workspace, loaded)
  const painter = useFleetPainter(workspace)
  const [filter, setFilter] = useState<Filter>(NO_FILTER)
  const isDense = tiles.length >= DENSE_FROM
  const shown = tiles
    .filter(({ name, state }) => name.includes(filter.name) && (filter.state === null || filter.state === state))
    .sort(
      (left, right) => STATES.indexOf(left.state) - STATES.indexOf(right.state) || left.name.localeCompare(right.name),
    )
  const isEmpty = tiles.length === 0
  return (
    <div className="flex w-full flex-col gap-5 p-4 sm:p-6 lg:px-8">
      <PageHeader
        title="Fleet"
        context={<LiveNote />}
        action={mayAddNode && !isEmpty ? <AddNode workspace={workspace} kind="plain" /> : undefined}
      />
      {isEmpty ? (
        <EmptyFleet workspace={workspace} mayAddNode={mayAddNode} />
      ) : (
        <>
          <FleetFilter tiles={tiles} filter={filter} onChange={setFilter} />
          <section aria-label="Nodes" className="flex flex-col gap-3">
            <ul
              className={`grid ${isDense ? 'grid-cols-[repeat(auto-fill,minmax(min(100%,176px),1fr))] gap-2' : 'grid-cols-[repeat(auto-fill,minmax(min(100%,248px),1fr))] gap-3'}`}
            >
              {shown.map((tile) => (
                <Tile key={tile.id} tile={tile} workspace={workspace} painter={painter} isDense={isDense} />
              ))}
            </ul>
            {shown.length === 0 ? <NoMatch filter={filter} onClear={() => setFilter(NO_FILTER)} /> : <Legend />}
          </section>
        </>
      )}
    </div>
  )
}

function NoMatch({ filter, onClear }: { filter: Filter; onClear: () => void }) {
  const named = filter.name === '' ? 'No node' : `No node with “${filter.name}” in its name`
  const state: State | null = filter.state
  return (
    <EmptyState
      title={state === null ? `${named} is here` : `${named} is ${STATE_WORDS[state]}`}
      action={
        <button type="button" onClick={onClear} className="font-medium text-accent underline underline-offset-2">
          Show all nodes
        </button>
      }
    >
      <p>The list follows what the nodes do: one that changes shows up here by itself.</p>
    </EmptyState>
  )
}
