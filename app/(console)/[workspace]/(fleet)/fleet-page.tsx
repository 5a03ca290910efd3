'use client'
import dynamic from 'next/dynamic'
import { useMemo, useState } from 'react'
import { type Columns, fromColumns } from '@/app/_lib/columns'
import { isFirstRun } from '@/app/_lib/first-run'
import { type Kind, ORDER_WORDS, ORDERS, type Order, toSections } from '@/app/_lib/fleet-sections'
import { KIND_WORDS, KINDS } from '@/app/_lib/group-kinds'
import { STATE_WORDS, type State } from '@/app/_lib/states'
import { EmptyState } from '@/app/_ui/empty-state'
import { LiveNote } from '@/app/_ui/live-note'
import { PageHeader } from '@/app/_ui/page-header'
import { Segments } from '@/app/_ui/segments'
import type { NodeTile } from '@/server/trpc/node-tile'
import type { GroupView } from '@/server/trpc/routers/groups'
import { AddNode } from './add-node'
import { type Filter, FleetFilter, NO_FILTER } from './filter'
import type { OpenLine } from './first-run/first-run'
import type { Colleague } from './first-run/whom-to-ask'
import { Legend } from './legend'
import { Section } from './section'
import { useFleetPainter, useGroups, useTiles } from './use-fleet'

type Props = {
  workspace: string
  loaded: Columns<NodeTile> | null
  groups: GroupView[]
  mayAddNode: boolean
  /** Of a workspace without servers yet. */
  lines: OpenLine[] | null
  colleagues: Colleague[]
}

// Seen once in the life of a workspace.
const FirstRun = dynamic(() => import('./first-run/first-run').then(({ FirstRun: loaded }) => loaded))

/** From so many nodes on tiles are small: the whole fleet should still be a few screens. */
const DENSE_FROM = 60
/** Whole in the first paint; as many as a desk shows without scrolling. */
const FIRST_TILES = 40

/** All nodes at one glance, under their groups, worst first. */
export function FleetPage({ workspace, loaded, groups: loadedGroups, mayAddNode, lines, colleagues }: Props) {
  const tiles = useTiles(
    workspace,
    useMemo(() => fromColumns(loaded), [loaded]),
  )
  const [groups, refreshGroups] = useGroups(workspace, loadedGroups, tiles.length)
  // The guide stays when the first server has come: its last step is to see that.
  const [isGuided, setGuided] = useState(() => isFirstRun(tiles))
  const [filter, setFilter] = useState<Filter>(NO_FILTER)
  const kinds = KINDS.filter((kind) => groups.some((group) => group.kind === kind && hasNodes(groups, group)))
  const [chosen, setChosen] = useState<Kind | 'none' | null>(null)
  const kind = chosen === 'none' ? null : (chosen ?? kinds.find((one) => one === 'match') ?? kinds[0] ?? null)
  const [order, setOrder] = useState<Order>('state')
  const isDense = tiles.length >= DENSE_FROM
  const shown = tiles.filter(
    ({ name, state }) => name.includes(filter.name) && (filter.state === null || filter.state === state),
  )
  const sections = toSections(shown, groups, kind, order)
  const first = new Set(sections.flatMap((section) => section.tiles.map(({ id }) => id)).slice(0, FIRST_TILES))
  const [firstIds] = useState(() => [...first])
  const painter = useFleetPainter(workspace, firstIds)
  const showsGuide = isGuided || isFirstRun(tiles)
  return (
    <div className="flex w-full flex-col gap-5 p-4 sm:p-6 lg:px-8">
      <PageHeader
        title="Fleet"
        context={<LiveNote />}
        action={mayAddNode && !showsGuide ? <AddNode workspace={workspace} groups={groups} kind="plain" /> : undefined}
      />
      {showsGuide ? (
        <FirstRun
          workspace={workspace}
          tiles={tiles}
          groups={groups}
          onGroups={refreshGroups}
          lines={lines ?? (mayAddNode ? [] : null)}
          colleagues={colleagues}
          onLeave={() => setGuided(false)}
        />
      ) : (
        <>
          <FleetFilter tiles={tiles} filter={filter} onChange={setFilter} />
          <section aria-label="Nodes" className="flex flex-col gap-3">
            <div className="flex flex-wrap items-center justify-between gap-x-6 gap-y-2">
              {kinds.length === 0 ? null : (
                <Segments
                  label="Nodes under"
                  options={[
                    ...kinds.map((one) => ({ value: one, words: `By ${KIND_WORDS[one].toLowerCase()}` })),
                    { value: 'none', words: 'All together' },
                  ]}
                  value={kind ?? 'none'}
                  onChange={(value) => setChosen(value as Kind | 'none')}
                />
              )}
              <OrderChoice order={order} onChange={setOrder} />
            </div>
            {sections.map((section) => (
              <Section
                key={section.key}
                title={section.title === '' ? `In no ${KIND_WORDS[kind as Kind].toLowerCase()}` : section.title}
                tiles={section.tiles}
                workspace={workspace}
                painter={painter}
                isDense={isDense}
                first={first}
              />
            ))}
            {shown.length === 0 ? <NoMatch filter={filter} onClear={() => setFilter(NO_FILTER)} /> : <Legend />}
          </section>
        </>
      )}
    </div>
  )
}

function OrderChoice({ order, onChange }: { order: Order; onChange: (order: Order) => void }) {
  return (
    <label className="ml-auto flex items-center gap-2 text-sm text-soft">
      Order
      <select
        value={order}
        onChange={(event) => onChange(event.target.value as Order)}
        className="h-8 rounded-md border border-line-strong bg-surface px-2"
      >
        {ORDERS.map((one) => (
          <option key={one} value={one}>
            {ORDER_WORDS[one]}
          </option>
        ))}
      </select>
    </label>
  )
}

const hasNodes = (groups: readonly GroupView[], group: GroupView): boolean =>
  group.nodeIds.length > 0 || groups.some((one) => one.parentId === group.id && hasNodes(groups, one))

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
