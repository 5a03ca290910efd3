'use client'
import Link from 'next/link'
import { arrivalOf } from '@/app/_lib/first-run'
import { pathOf } from '@/app/_lib/group-kinds'
import { Button, buttonStyle } from '@/app/_ui/button'
import { StateMark } from '@/app/_ui/state-mark'
import { Time } from '@/app/_ui/time'
import type { NodeTile } from '@/server/trpc/node-tile'
import type { GroupView } from '@/server/trpc/routers/groups'

type Props = {
  workspace: string
  node: NodeTile | null
  waitingFor: string | null
  groups: readonly GroupView[]
  onLeave: () => void
}

/** Says at each moment how far the server has come. */
export function ArrivalStep({ workspace, node, waitingFor, groups, onLeave }: Props) {
  const hasArrived = node !== null && arrivalOf(node) === 'connected'
  return (
    <>
      <div role="status" className="min-h-10 text-soft">
        {hasArrived ? (
          <Arrived node={node} groups={groups} />
        ) : node ? (
          <p>
            <Name>{node.name}</Name> is enrolled. Its agent starts now; it shows here the moment it connects.
          </p>
        ) : waitingFor ? (
          <p>
            Waiting for <Name>{waitingFor}</Name>. It shows here the moment it connects; leave this page open.
          </p>
        ) : (
          <p>The server shows here the moment its agent connects, and what arrives at it a second later.</p>
        )}
      </div>
      {hasArrived ? (
        <div className="settle flex flex-wrap gap-2">
          <Link href={`/${workspace}/nodes/${node.id}`} className={buttonStyle('primary')}>
            Open {node.name}
          </Link>
          <Button onClick={onLeave}>See the fleet</Button>
        </div>
      ) : waitingFor || node ? (
        <WhenNothingComes />
      ) : null}
    </>
  )
}

const Name = ({ children }: { children: React.ReactNode }) => (
  <span className="font-medium whitespace-nowrap text-ink">{children}</span>
)

function Arrived({ node, groups }: { node: NodeTile; groups: readonly GroupView[] }) {
  const own = groups.filter(({ nodeIds }) => nodeIds.includes(node.id)).map(({ id }) => pathOf(groups, id))
  return (
    <div className="flex flex-col gap-1">
      <div className="flex flex-wrap items-baseline gap-x-3 text-md text-ink">
        <span className="font-semibold">{node.name}</span>
        <StateMark state={node.state} word={node.word ?? undefined} size={13} />
      </div>
      <p className="[overflow-wrap:anywhere]">
        Connected{' '}
        {node.lastSeenMs === null ? null : (
          <>
            at <Time atMs={node.lastSeenMs} />
          </>
        )}
        {own.length > 0 ? `, in ${own.join(', ')}` : ''}. It learns what is usual here and protects itself meanwhile.
      </p>
    </div>
  )
}

function WhenNothingComes() {
  return (
    <details className="text-soft">
      <summary className="w-fit rounded-sm text-sm text-faint hover:text-ink">Nothing arrives?</summary>
      <ul className="mt-2 flex list-disc flex-col gap-1 pl-5 text-sm">
        <li>The line ends with an error: it says what is missing on the server, and what to do.</li>
        <li>The server must be able to open connections to the address in the line. None is opened towards it.</li>
        <li>The line is good once. Was it used, or is its time over? Make a new one above.</li>
      </ul>
    </details>
  )
}
