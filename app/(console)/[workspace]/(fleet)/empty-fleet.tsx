import { EmptyState } from '@/app/_ui/empty-state'
import { AddNode } from './add-node'

type Props = { workspace: string; mayAddNode: boolean }

export function EmptyFleet({ workspace, mayAddNode }: Props) {
  return (
    <EmptyState
      title="Your match servers belong here"
      action={mayAddNode ? <AddNode workspace={workspace} /> : undefined}
    >
      <p>
        Each server that runs the agent gets a tile: what arrives, what is usual at this hour, and whether it is under
        attack. The first figures come within a second of enrolment.
      </p>
      {mayAddNode ? null : <p>Your role may read, not add nodes. An admin or the owner can.</p>}
    </EmptyState>
  )
}
