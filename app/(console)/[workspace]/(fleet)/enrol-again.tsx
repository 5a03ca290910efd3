'use client'
import { useMutation } from '@tanstack/react-query'
import { useState } from 'react'
import { useTRPC } from '@/app/_lib/trpc'
import { Button } from '@/app/_ui/button'
import { Dialog } from '@/app/_ui/dialog'
import { EnrolmentLine } from './enrolment-line'

type Props = { workspace: string; nodeName: string; kind?: 'primary' | 'plain' }

/** A one-time enrolment line for a node that has its name already: it keeps its history and gets a new key. */
export function EnrolAgain({ workspace, nodeName, kind }: Props) {
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
