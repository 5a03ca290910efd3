'use client'
import { useMutation } from '@tanstack/react-query'
import { Check, Copy } from 'lucide-react'
import { useState } from 'react'
import { useTRPC } from '@/app/_lib/trpc'
import { Button } from '@/app/_ui/button'
import { Dialog } from '@/app/_ui/dialog'
import { Time } from '@/app/_ui/time'

/** Makes a one-time enrolment line for a server. */
type Props = { workspace: string; kind?: 'primary' | 'plain' }

export function AddNode({ workspace, kind = 'primary' }: Props) {
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
        <EnrolmentForm workspace={workspace} />
      </Dialog>
    </>
  )
}

/** The same for a node that has its name already: it keeps its history and gets a new key. */
export function EnrolAgain({ workspace, nodeName, kind }: Props & { nodeName: string }) {
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

function EnrolmentForm({ workspace }: Omit<Props, 'kind'>) {
  const trpc = useTRPC()
  const [name, setName] = useState('')
  const mutation = useMutation(trpc.nodes.createEnrolment.mutationOptions())
  if (mutation.data) return <EnrolmentLine {...mutation.data} />
  return (
    <form
      className="flex flex-col gap-4"
      onSubmit={(event) => {
        event.preventDefault()
        mutation.mutate({ workspace, nodeName: name.trim() })
      }}
    >
      <label className="flex flex-col gap-1.5">
        <span className="font-medium">Name of the node</span>
        <input
          value={name}
          onChange={(event) => setName(event.target.value)}
          required
          pattern="[a-z0-9][a-z0-9\-]{0,62}"
          title="Lower-case letters, digits and hyphens, at most 63"
          autoCapitalize="none"
          spellCheck={false}
          placeholder="match-03"
          aria-describedby="node-name-hint"
          className="h-9 rounded-md border border-line-strong bg-surface px-3 placeholder:text-faint"
        />
        <span id="node-name-hint" className="text-sm text-faint">
          Lower-case letters, digits and hyphens, as it should read in an alert.
        </span>
      </label>
      <p role="alert" className="min-h-5 text-attack">
        {mutation.error?.message}
      </p>
      <div>
        <Button kind="primary" type="submit" disabled={mutation.isPending}>
          Create the line
        </Button>
      </div>
    </form>
  )
}

function EnrolmentLine({ line, expiresMs }: { line: string; expiresMs: number }) {
  const [copied, setCopied] = useState(false)
  return (
    <div className="flex flex-col gap-3">
      <pre className="rounded-md border border-line bg-sunken p-3 font-mono text-sm break-all whitespace-pre-wrap">
        {line}
      </pre>
      <div className="flex items-center justify-between gap-4">
        <p className="text-sm text-faint">
          Good for one node, until <Time atMs={expiresMs} />. It is shown only now.
        </p>
        <Button onClick={() => void navigator.clipboard.writeText(line).then(() => setCopied(true))}>
          {copied ? <Check aria-hidden="true" size={14} /> : <Copy aria-hidden="true" size={14} />}
          {copied ? 'Copied' : 'Copy'}
        </Button>
      </div>
    </div>
  )
}
