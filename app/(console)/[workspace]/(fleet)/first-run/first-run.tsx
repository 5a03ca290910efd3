'use client'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { arrivalOf } from '@/app/_lib/first-run'
import { DataProvider, useTRPC } from '@/app/_lib/trpc'
import type { NodeTile } from '@/server/trpc/node-tile'
import type { GroupView } from '@/server/trpc/routers/groups'
import { useEnrolment } from '../use-enrolment'
import { ArrivalStep } from './arrival-step'
import { GroupStep } from './group-step'
import { LineStep } from './line-step'
import { Step } from './step'
import { type Colleague, WhomToAsk } from './whom-to-ask'

export type OpenLine = { id: string; nodeName: string; expiresMs: number; groupIds: string[] }

type Props = {
  workspace: string
  tiles: readonly NodeTile[]
  groups: readonly GroupView[]
  /** A group was made. */
  onGroups: () => void
  /** Lines that wait for their server; null when they are not this role's to see. */
  lines: OpenLine[] | null
  colleagues: readonly Colleague[]
  onLeave: () => void
}

/** One column, three steps. What is done follows from rows, so a reload or a colleague goes on where it stands. */
export function FirstRun(props: Props) {
  return (
    <DataProvider>
      <Steps {...props} />
    </DataProvider>
  )
}

function Steps({ workspace, tiles, groups, onGroups, lines: loaded, colleagues, onLeave }: Props) {
  const trpc = useTRPC()
  const enrolment = useEnrolment(workspace)
  const { data: lines } = useQuery({
    ...trpc.nodes.enrolments.queryOptions({ workspace }),
    initialData: loaded ?? [],
    enabled: loaded !== null,
  })
  const [beganWithoutGroup] = useState(groups.length === 0)
  const node = tiles.find((tile) => arrivalOf(tile) === 'connected') ?? tiles[0] ?? null
  const waiting = enrolment.made ?? lines[0] ?? null
  const at = groups.length === 0 ? 1 : waiting === null && node === null ? 2 : 3
  const isDone = node !== null && arrivalOf(node) === 'connected'
  return (
    <section aria-label="Your first server" className="flex max-w-[640px] flex-col pt-2">
      <h2 className="text-lg font-semibold">Your first server, in three steps</h2>
      <p className="mt-1 text-md text-soft">
        A server that runs the agent protects itself from then on, also while this platform is out of reach.
      </p>
      <ol className="mt-6 flex flex-col">
        <Step number={1} title="Create a group" state={at === 1 ? 'now' : 'done'}>
          <GroupStep workspace={workspace} groups={groups} mayCreate={loaded !== null} onGroups={onGroups} />
        </Step>
        <Step
          number={2}
          title="Run one line on the server"
          state={at === 2 ? 'now' : at < 2 ? 'later' : node === null ? 'open' : 'done'}
        >
          <LineStep
            groups={groups}
            enrolment={enrolment}
            waiting={waiting}
            isOpen={at >= 2 && loaded !== null && !isDone}
            takesFocus={beganWithoutGroup}
          />
        </Step>
        <Step number={3} title="Watch it arrive" state={isDone ? 'done' : at === 3 ? 'now' : 'later'} isLast>
          <ArrivalStep
            workspace={workspace}
            node={node}
            waitingFor={waiting?.nodeName ?? null}
            groups={groups}
            onLeave={onLeave}
          />
        </Step>
      </ol>
      {loaded === null ? <WhomToAsk colleagues={colleagues} /> : null}
    </section>
  )
}
