'use client'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useRouter } from 'next/navigation'
import { useState } from 'react'
import { useTRPC } from '@/app/_lib/trpc'
import { Button } from '@/app/_ui/button'
import { Dialog } from '@/app/_ui/dialog'
import type { NodeDetail } from '@/server/trpc/node-view'
import { EnrolAgain } from '../../(fleet)/enrol-again'

type Props = { workspace: string; node: NodeDetail }

/** What one may do with a node. Who may nothing sees nothing here. */
export function Actions({ workspace, node }: Props) {
  const trpc = useTRPC()
  const client = useQueryClient()
  const router = useRouter()
  const input = { workspace, id: node.id }
  const revoke = useMutation(
    trpc.nodes.revoke.mutationOptions({
      onSuccess: () => client.invalidateQueries({ queryKey: trpc.nodes.get.queryKey(input) }),
    }),
  )
  const archive = useMutation(trpc.nodes.archive.mutationOptions({ onSuccess: () => router.push(`/${workspace}`) }))
  const hasKey = node.credential !== null && node.credential.revokedMs === null
  return (
    <div className="flex shrink-0 flex-wrap gap-2" data-noprint>
      {node.may.enrol && (node.isEnrolled || node.isArchived) ? (
        <EnrolAgain workspace={workspace} nodeName={node.name} />
      ) : null}
      {node.may.revoke && hasKey && !node.isArchived ? (
        <Confirmed
          action="Revoke key"
          title={`Revoke the key of ${node.name}?`}
          says="The node is cut off within seconds and has to be enrolled again. It goes on protecting its server on its own."
          mutation={revoke}
          run={() => revoke.mutate(input)}
        />
      ) : null}
      {node.may.archive && !node.isArchived ? (
        <Confirmed
          action="Archive"
          title={`Archive ${node.name}?`}
          says="It leaves the fleet and its key is good no more. Its incidents, their evidence and its history stay. Enrolling the name again brings it back."
          mutation={archive}
          run={() => archive.mutate(input)}
        />
      ) : null}
    </div>
  )
}

type Running = { isPending: boolean; isSuccess: boolean; error: { message: string } | null; reset: () => void }

/** Asks once, in words that say what follows. */
function Confirmed({
  action,
  title,
  says,
  mutation,
  run,
}: {
  action: string
  title: string
  says: string
  mutation: Running
  run: () => void
}) {
  const [open, setOpen] = useState(false)
  const change = (next: boolean) => {
    if (next) mutation.reset()
    setOpen(next)
  }
  return (
    <>
      <Button onClick={() => change(true)}>{action}</Button>
      <Dialog open={open && !mutation.isSuccess} onOpenChange={change} title={title} description={says}>
        <p role="alert" className="min-h-5 text-attack">
          {mutation.error?.message}
        </p>
        <div className="flex gap-2">
          <Button kind="primary" onClick={run} disabled={mutation.isPending}>
            {action}
          </Button>
          <Button onClick={() => change(false)}>Leave it</Button>
        </div>
      </Dialog>
    </>
  )
}
