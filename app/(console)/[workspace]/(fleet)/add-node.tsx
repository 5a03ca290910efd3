'use client'
import { useMutation } from '@tanstack/react-query'
import { useState } from 'react'
import { useTRPC } from '@/app/_lib/trpc'
import { Button } from '@/app/_ui/button'
import { Dialog } from '@/app/_ui/dialog'
import type { GroupView } from '@/server/trpc/routers/groups'
import { EnrolmentForm } from './enrolment-form'
import { EnrolmentLine } from './enrolment-line'
import { useEnrolment } from './use-enrolment'

type Props = { workspace: string; groups: readonly GroupView[]; kind?: 'primary' | 'plain' }

/** Makes a one-time enrolment line for a server. */
export function AddNode({ workspace, groups, kind = 'primary' }: Props) {
  const [open, setOpen] = useState(false)
  return (
    <>
      <Button kind={kind} onClick={() => setOpen(true)}>
        Add a node
      </Button>
      <Dialog
        open={open}
        onOpenChange={setOpen}
        title="Add a node"
        description="One line, run as root on the server, installs the agent and enrols it. It shows up here by itself."
      >
        <NewEnrolment workspace={workspace} groups={groups} />
      </Dialog>
    </>
  )
}

function NewEnrolment({ workspace, groups }: Omit<Props, 'kind'>) {
  const { made, error, isPending, make, renew } = useEnrolment(workspace)
  if (made) return <EnrolmentLine key={made.id} {...made} onRenew={renew} />
  return <EnrolmentForm groups={groups} error={error} isPending={isPending} onSubmit={make} />
}

type AgainProps = { workspace: string; nodeName: string; kind?: 'primary' | 'plain' }

/** The same for a node that has its name already: it keeps its history and gets a new key. */
export function EnrolAgain({ workspace, nodeName, kind }: AgainProps) {
  const trpc = useTRPC()
  const [open, setOpen] = useState(false)
  const mutation = useMutation(trpc.nodes.createEnrolment.mutationOptions())
  const show = () => {
    mutation.mutate({ workspace, nodeName })
    setOpen(true)
  }
  return (
    <>
      <Button kind={kind} onClick={show}>
        New enrolment line
      </Button>
      <Dialog
        open={open}
        onOpenChange={setOpen}
        title={`Enrol ${nodeName}`}
        description="One line, run as root on the server. Its old key ends the moment the new one is used; its history stays."
      >
        {mutation.data ? (
          <EnrolmentLine {...mutation.data} />
        ) : (
          <p role="status" className="min-h-5">
            {mutation.error ? <span className="text-attack">{mutation.error.message}</span> : 'Making the line…'}
          </p>
        )}
      </Dialog>
    </>
  )
}
