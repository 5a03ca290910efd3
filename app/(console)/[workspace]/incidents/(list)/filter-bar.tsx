'use client'
import { SlidersHorizontal, X } from 'lucide-react'
import { useEffect, useRef, useState } from 'react'
import { packetRate } from '@/app/_lib/figures'
import { inTreeOrder, pathOf } from '@/app/_lib/group-kinds'
import {
  INCIDENT_STATE_WORDS,
  type IncidentFilter,
  type IncidentQuery,
  type IncidentSort,
  type IncidentStateWord,
  type IncidentView,
  isNarrowed,
  PEAKS,
  SORT_WORDS,
  VIEW_WORDS,
} from '@/app/_lib/incident-filter'
import { useShortcut } from '@/app/_lib/shortcuts'
import { Button } from '@/app/_ui/button'
import { Segments } from '@/app/_ui/segments'
import type { GroupView } from '@/server/trpc/routers/groups'
import { VECTORS, type VectorId } from '@/wire/vectors'
import { Choice } from './choice'
import { TimeChoice } from './time-choice'

type Props = { query: IncidentQuery; groups: GroupView[]; onChange: (query: IncidentQuery) => void }

/** What the list is narrowed to. On a phone the choices unfold. */
export function IncidentFilterBar({ query, groups, onChange }: Props) {
  const { filter, sort, view } = query
  const [isUnfolded, setUnfolded] = useState(false)
  const narrow = (part: IncidentFilter) => onChange({ ...query, filter: { ...filter, ...part } })
  return (
    <div className="flex flex-col gap-3 border-y border-line py-3">
      <div className="flex flex-wrap items-center gap-2">
        <Search text={filter.text ?? ''} onChange={(text) => narrow({ text: text || undefined })} />
        <Button
          onClick={() => setUnfolded(!isUnfolded)}
          aria-expanded={isUnfolded}
          aria-controls="incident-filter"
          className="h-9 md:hidden"
        >
          <SlidersHorizontal aria-hidden="true" size={14} /> Filter
        </Button>
        <div id="incident-filter" className={`${isUnfolded ? 'grid' : 'hidden'} w-full grid-cols-2 gap-2 md:contents`}>
          <FilterChoices filter={filter} groups={groups} onNarrow={narrow} />
        </div>
        {isNarrowed(filter) ? (
          <Button kind="quiet" className="h-9" onClick={() => onChange({ ...query, filter: {} })}>
            <X aria-hidden="true" size={14} /> Clear
          </Button>
        ) : null}
      </div>
      <div className="flex flex-wrap items-center justify-between gap-2">
        <div className="flex min-w-0 overflow-x-auto">
          <Segments
            label="Show incidents"
            options={Object.entries(VIEW_WORDS).map(([value, words]) => ({ value, words }))}
            value={view}
            onChange={(value) => onChange({ ...query, view: value as IncidentView })}
          />
        </div>
        <Choice
          label="Order"
          value={sort}
          options={SORT_WORDS}
          onChange={(value) => onChange({ ...query, sort: (value as IncidentSort) || 'newest' })}
        />
      </div>
    </div>
  )
}

type ChoicesProps = { filter: IncidentFilter; groups: GroupView[]; onNarrow: (part: IncidentFilter) => void }

function FilterChoices({ filter, groups, onNarrow }: ChoicesProps) {
  const vectors = Object.fromEntries(Object.entries(VECTORS).map(([id, { name }]) => [id, name]))
  const peaks = Object.fromEntries(
    PEAKS.map((pps) => [
      String(pps),
      `Peak ${packetRate(pps).value.replace(/\.0+$/, '')} ${packetRate(pps).unit} or more`,
    ]),
  )
  const places = {
    ...Object.fromEntries(inTreeOrder(groups).map(({ id }) => [id, pathOf(groups, id)])),
    none: 'In no group',
  }
  return (
    <>
      <Choice
        label="State"
        any="Any state"
        value={filter.state ?? ''}
        options={INCIDENT_STATE_WORDS}
        onChange={(state) => onNarrow({ state: (state as IncidentStateWord) || undefined })}
      />
      {filter.nodeId ? (
        <Button className="h-9" onClick={() => onNarrow({ nodeId: undefined })}>
          One node <X aria-hidden="true" size={14} />
          <span className="sr-only">Show all nodes</span>
        </Button>
      ) : null}
      {groups.length > 0 ? (
        <Choice
          label="Group"
          any="Any group"
          value={filter.isGroupless ? 'none' : (filter.groupId ?? '')}
          options={places}
          onChange={(value) =>
            onNarrow({
              groupId: value === 'none' || value === '' ? undefined : value,
              isGroupless: value === 'none' || undefined,
            })
          }
        />
      ) : null}
      <Choice
        label="Vector"
        any="Any vector"
        value={filter.vectorId ?? ''}
        options={vectors}
        onChange={(vectorId) => onNarrow({ vectorId: (vectorId as VectorId) || undefined })}
      />
      <Choice
        label="Peak"
        any="Any peak"
        value={filter.peakPpsMin ? String(filter.peakPpsMin) : ''}
        options={peaks}
        onChange={(value) => onNarrow({ peakPpsMin: Number(value) || undefined })}
      />
      <Choice
        label="Acknowledgement"
        any="Acknowledged?"
        value={filter.isAcknowledged === undefined ? '' : filter.isAcknowledged ? 'yes' : 'no'}
        options={{ no: 'Not acknowledged', yes: 'Acknowledged' }}
        onChange={(value) => onNarrow({ isAcknowledged: value === '' ? undefined : value === 'yes' })}
      />
      <TimeChoice filter={filter} onNarrow={onNarrow} />
    </>
  )
}

const TYPING_MS = 250

function Search({ text, onChange }: { text: string; onChange: (text: string) => void }) {
  const input = useRef<HTMLInputElement>(null)
  const [typed, setTyped] = useState(text)
  const latest = useRef(onChange)
  latest.current = onChange
  useShortcut('/', 'Find incidents', () => input.current?.focus())
  // What the address says wins, unless somebody types just now.
  useEffect(() => {
    if (document.activeElement !== input.current) setTyped(text)
  }, [text])
  useEffect(() => {
    if (typed.trim() === text) return
    const timer = setTimeout(() => latest.current(typed.trim()), TYPING_MS)
    return () => clearTimeout(timer)
  }, [typed, text])
  return (
    <label className="flex min-w-0 flex-1 items-center gap-2 md:flex-none">
      <span className="sr-only">Find incidents by node, address, vector or id</span>
      <input
        ref={input}
        type="search"
        value={typed}
        maxLength={100}
        onChange={(event) => setTyped(event.target.value)}
        onKeyDown={(event) => {
          if (event.key !== 'Escape') return
          setTyped('')
          event.currentTarget.blur()
        }}
        placeholder="Node, address, vector or id"
        autoCapitalize="none"
        autoComplete="off"
        spellCheck={false}
        className="h-9 w-full min-w-0 rounded-md border border-line-strong bg-surface px-2.5 placeholder:text-faint md:w-48"
      />
      <kbd className="hidden font-mono text-xs text-faint md:inline">/</kbd>
    </label>
  )
}
