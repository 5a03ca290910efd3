import { EmptyState } from '@/app/_ui/empty-state'
import type { NodeDetail } from '@/server/trpc/node-view'
import { EnrolAgain } from '../../(fleet)/enrol-again'

type Props = { workspace: string; node: NodeDetail }

/** A name without a server behind it: what belongs here, and the way to fill it. */
export function EnrolFirst({ workspace, node }: Props) {
  return (
    <EmptyState
      title="No agent runs under this name yet"
      action={node.may.enrol ? <EnrolAgain workspace={workspace} nodeName={node.name} kind="primary" /> : undefined}
    >
      <p>
        Once one line has been run on the server, its traffic shows here by the second: what arrives, what is usual at
        this hour, and what the rules take out.
      </p>
      {node.may.enrol ? null : <p>Your role may read, not enrol. An admin or the owner can make the line.</p>}
    </EmptyState>
  )
}
