'use client'
import { useRef } from 'react'
import { useShortcut } from '@/app/_lib/shortcuts'
import { STATE_WORDS, STATES, type State } from '@/app/_lib/states'
import { StateShape, stateColour } from '@/app/_ui/state-mark'
import type { NodeTile } from '@/server/trpc/node-tile'

export type Filter = { name: string; state: State | null }
export const NO_FILTER: Filter = { name: '', state: null }

type Props = { tiles: NodeTile[]; filter: Filter; onChange: (filter: Filter) => void }

/** How many nodes are in each state; a count pressed shows those alone. Every state has its place, so nothing moves. */
export function FleetFilter({ tiles, filter, onChange }: Props) {
  const search = useRef<HTMLInputElement>(null)
  useShortcut('/', 'Find a node by its name', () => search.current?.focus())
  return (
    <div className="flex flex-wrap items-center justify-between gap-x-6 gap-y-3 border-y border-line py-2">
      <ul aria-label="Nodes by state" className="-mx-2 flex flex-wrap gap-x-1 gap-y-1">
        {STATES.map((state) => (
          <li key={state}>
            <StateCount
              state={state}
              nodes={tiles.filter((tile) => tile.state === state).length}
              isChosen={filter.state === state}
              onChoose={() => onChange({ ...filter, state: filter.state === state ? null : state })}
            />
          </li>
        ))}
      </ul>
      <label className="flex items-center gap-2">
        <span className="sr-only">Find a node by its name</span>
        <input
          ref={search}
          type="search"
          value={filter.name}
          onChange={(event) => onChange({ ...filter, name: event.target.value.trim().toLowerCase() })}
          onKeyDown={(event) => {
            // What was found is one press away, without the choices in between.
            if (event.key === 'Enter' || event.key === 'ArrowDown') {
              event.preventDefault()
              document.querySelector<HTMLElement>('[data-row]')?.focus()
              return
            }
            if (event.key !== 'Escape') return
            onChange(NO_FILTER)
            event.currentTarget.blur()
          }}
          placeholder="Find a node"
          autoCapitalize="none"
          autoComplete="off"
          spellCheck={false}
          className="h-8 w-44 rounded-md border border-line-strong bg-surface px-2.5 placeholder:text-faint"
        />
        <kbd className="hidden font-mono text-xs text-faint md:inline">/</kbd>
      </label>
    </div>
  )
}

function StateCount({
  state,
  nodes,
  isChosen,
  onChoose,
}: {
  state: State
  nodes: number
  isChosen: boolean
  onChoose: () => void
}) {
  return (
    <button
      type="button"
      aria-pressed={isChosen}
      onClick={onChoose}
      className={`eased flex h-9 items-center gap-2 rounded-md px-2 hover:bg-hover aria-pressed:bg-hover aria-pressed:shadow-[inset_0_-2px_0_currentColor] ${nodes === 0 ? 'text-faint' : stateColour(state)}`}
    >
      <StateShape state={state} size={14} />
      <span className={`figures min-w-[1ch] text-lg ${nodes === 0 ? 'font-normal' : 'font-semibold'}`}>{nodes}</span>
      <span className={isChosen ? 'font-medium' : ''}>{STATE_WORDS[state]}</span>
    </button>
  )
}
