'use client'
import { useState } from 'react'
import { latePart } from '@/app/_lib/late-part'
import { Button } from '@/app/_ui/button'
import { Dialog } from '@/app/_ui/dialog'
import type { GroupView } from '@/server/trpc/routers/groups'

const NewEnrolment = latePart(() => import('./new-enrolment').then((part) => part.NewEnrolment))

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
