'use client'
import { useMutation } from '@tanstack/react-query'
import { useEffect, useState } from 'react'
import { useTRPC } from '@/app/_lib/trpc'
import { Button } from '@/app/_ui/button'
import { Dialog } from '@/app/_ui/dialog'
import { Skeleton } from '@/app/_ui/skeleton'
import { Cell, HeadCell, Row, Table } from '@/app/_ui/table'
import { useToast } from '@/app/_ui/toast'
import type { Change, Danger, ReviewView, Settings } from '@/server/trpc/policy-view'
import { Preview } from './preview'
import { useRefreshPolicies } from './use-policies'

type Props = {
  workspace: string
  id: string | null
  name: string
  /** Null: its own policy goes. */
  settings: Settings | null
  versionSeen: number
  onClose: () => void
  onSaved: () => void
}

/** First what changes and what it would have done; then, where it may hurt, what may happen. Only then it is saved. */
export function ReviewDialog({ workspace, id, name, settings, versionSeen, onClose, onSaved }: Props) {
  const trpc = useTRPC()
  const toast = useToast()
  const refresh = useRefreshPolicies()
  const [isConfirming, setConfirming] = useState(false)
  const review = useMutation(trpc.policies.review.mutationOptions())
  const save = useMutation(
    trpc.policies.save.mutationOptions({
      onSuccess: ({ version }) => {
        refresh()
        toast({
          title: `Version ${version} is saved`,
          text: 'Connected nodes are told now; the others when they come back.',
        })
        onSaved()
      },
    }),
  )
  const { mutate } = review
  // biome-ignore lint/correctness/useExhaustiveDependencies: a draft is reviewed once, as it was when this opened
  useEffect(() => mutate({ workspace, id, settings }), [])
  const dangers = review.data?.dangers ?? []
  const confirm = () => save.mutate({ workspace, id, settings, versionSeen, confirmed: dangers.map(({ key }) => key) })
  const error = review.error ?? save.error
  return (
    <Dialog
      open
      isWide
      onOpenChange={(open) => (open ? undefined : onClose())}
      title={isConfirming ? 'This may hurt' : settings ? 'Review the policy' : 'Take away this policy'}
      description={isConfirming ? 'Read what may happen, and confirm each line.' : `Of ${name}. Nothing is saved yet.`}
    >
      {isConfirming ? (
        <Confirm dangers={dangers} isSaving={save.isPending} onBack={() => setConfirming(false)} onConfirm={confirm} />
      ) : (
        <>
          {review.data ? <Reviewed workspace={workspace} review={review.data} /> : null}
          {review.isPending || review.isIdle ? <Waiting /> : null}
        </>
      )}
      <p role="alert" className="min-h-5 text-attack empty:hidden">
        {error?.message}
      </p>
      {isConfirming ? null : (
        <div className="flex gap-2">
          {review.data ? (
            <Button
              kind="primary"
              disabled={save.isPending}
              onClick={() => (dangers.length > 0 ? setConfirming(true) : confirm())}
            >
              {dangers.length === 0
                ? 'Save'
                : `Continue: ${dangers.length === 1 ? 'one warning' : `${dangers.length} warnings`}`}
            </Button>
          ) : null}
          <Button onClick={onClose}>Back to the draft</Button>
        </div>
      )}
    </Dialog>
  )
}

const Waiting = () => (
  <div role="status" aria-label="Looking at the last 30 days" className="flex flex-col gap-3">
    <Skeleton className="h-20 w-full" />
    <Skeleton className="h-40 w-full" />
  </div>
)

function Reviewed({ workspace, review }: { workspace: string; review: ReviewView }) {
  return (
    <div className="flex flex-col gap-5">
      <section aria-label="What changes">
        <h3 className="pb-1 text-md font-semibold">What changes</h3>
        {review.changes.length === 0 ? (
          <p className="text-soft">No setting: what holds now becomes its own policy, whatever changes above it.</p>
        ) : (
          <Changes changes={review.changes} />
        )}
      </section>
      <section aria-label="In the last 30 days this would have">
        <h3 className="pb-1 text-md font-semibold">In the last {review.preview.days} days this would have …</h3>
        <Preview workspace={workspace} preview={review.preview} />
      </section>
    </div>
  )
}

const Changes = ({ changes }: { changes: Change[] }) => (
  <Table label="Changes">
    <thead>
      <tr>
        <HeadCell>Setting</HeadCell>
        <HeadCell>Now</HeadCell>
        <HeadCell>Then</HeadCell>
      </tr>
    </thead>
    <tbody>
      {changes.map(({ what, before, after }) => (
        <Row key={what}>
          <Cell>{what}</Cell>
          <Cell className="text-soft [overflow-wrap:anywhere]">{before}</Cell>
          <Cell className="font-medium [overflow-wrap:anywhere]">{after}</Cell>
        </Row>
      ))}
    </tbody>
  </Table>
)

type ConfirmProps = { dangers: Danger[]; isSaving: boolean; onBack: () => void; onConfirm: () => void }

function Confirm({ dangers, isSaving, onBack, onConfirm }: ConfirmProps) {
  const [accepted, setAccepted] = useState<ReadonlySet<string>>(new Set())
  const toggle = (key: string) => {
    const next = new Set(accepted)
    if (!next.delete(key)) next.add(key)
    setAccepted(next)
  }
  return (
    <>
      <ul className="flex flex-col gap-3">
        {dangers.map(({ key, title, text }) => (
          <li key={key} className="rounded-md border border-line-strong p-3">
            <label className="grid grid-cols-[auto_1fr] gap-x-3">
              <input
                type="checkbox"
                checked={accepted.has(key)}
                onChange={() => toggle(key)}
                className="mt-1 accent-accent"
              />
              <span>
                <span className="block text-md font-medium">{title}</span>
                <span className="block text-soft">{text}</span>
              </span>
            </label>
          </li>
        ))}
      </ul>
      <div className="flex gap-2">
        <Button kind="stop" disabled={isSaving || accepted.size < dangers.length} onClick={onConfirm}>
          Save it all the same
        </Button>
        <Button onClick={onBack}>Back</Button>
      </div>
    </>
  )
}
