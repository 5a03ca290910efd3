'use client'
import { STATE_WORDS, STATES, type State } from '@/app/_lib/states'
import { LiveNote } from '@/app/_ui/live-note'
import { PageHeader } from '@/app/_ui/page-header'
import { StateShape, stateColour } from '@/app/_ui/state-mark'
import type { NodeTile } from '@/server/trpc/node-tile'
import { AddNode } from './add-node'
import { EmptyFleet } from './empty-fleet'
import { Tile } from './tile'
import { useFleet } from './use-fleet'

type Props = { workspace: string; tiles: NodeTile[]; agentCommand: string; mayAddNode: boolean }

/** All nodes at one glance, worst first. */
export function FleetPage({ workspace, tiles: loaded, agentCommand, mayAddNode }: Props) {
  const tiles = useFleet(workspace, loaded)
  const worstFirst = [...tiles].sort(
    (left, right) => STATES.indexOf(left.state) - STATES.indexOf(right.state) || left.name.localeCompare(right.name),
  )
  return (
    <div className="flex w-full flex-col gap-6 p-4 sm:p-6 lg:px-8">
      <PageHeader
        title="Fleet"
        context={<LiveNote />}
        action={
          mayAddNode && tiles.length > 0 ? (
            <AddNode workspace={workspace} agentCommand={agentCommand} kind="plain" />
          ) : undefined
        }
      />
      {tiles.length === 0 ? (
        <EmptyFleet workspace={workspace} agentCommand={agentCommand} mayAddNode={mayAddNode} />
      ) : (
        <>
          <StateCounts tiles={tiles} />
          <section aria-label="Nodes">
            <ul className="grid grid-cols-[repeat(auto-fill,minmax(min(100%,232px),1fr))] gap-3">
              {worstFirst.map((tile) => (
                <Tile key={tile.id} tile={tile} workspace={workspace} />
              ))}
            </ul>
          </section>
        </>
      )}
    </div>
  )
}

/** Every state has its place, so a count that changes moves nothing. */
function StateCounts({ tiles }: { tiles: NodeTile[] }) {
  const count = (state: State) => tiles.filter((tile) => tile.state === state).length
  return (
    <ul aria-label="Nodes by state" className="flex flex-wrap gap-x-8 gap-y-3 border-y border-line py-3">
      {STATES.map((state) => {
        const nodes = count(state)
        return (
          <li key={state} className={`flex items-center gap-2 ${nodes === 0 ? 'text-faint' : stateColour(state)}`}>
            <StateShape state={state} size={14} />
            <span className={`figures text-lg ${nodes === 0 ? 'font-normal' : 'font-semibold'}`}>{nodes}</span>
            <span>{STATE_WORDS[state]}</span>
          </li>
        )
      })}
    </ul>
  )
}
