'use client'
import { useMutation } from '@tanstack/react-query'
import { useState } from 'react'
import { nodesWords, scopeWords } from '@/app/_lib/policy-words'
import { useTRPC } from '@/app/_lib/trpc'
import { Button } from '@/app/_ui/button'
import { Dialog } from '@/app/_ui/dialog'
import { Field, INPUT } from '@/app/_ui/field'
import { Segments } from '@/app/_ui/segments'
import type { PolicyDetail } from '@/server/trpc/policy-view'
import { useRefreshPolicies } from './use-policies'

type Props = { workspace: string; id: string | null; policy: PolicyDetail; onClose: () => void }

const SPANS = [
  { value: '15', words: '15 minutes' },
  { value: '60', words: '1 hour' },
  { value: '240', words: '4 hours' },
]

/** The kill switch: how long and why first, then what it means, then one press. */
export function StopDialog({ workspace, id, policy, onClose }: Props) {
  const trpc = useTRPC()
  const refresh = useRefreshPolicies()
  const [minutes, setMinutes] = useState('15')
  const [reason, setReason] = useState('')
  const [isConfirming, setConfirming] = useState(false)
  const where = scopeWords(policy.scope)
  const stop = useMutation(
    trpc.policies.stop.mutationOptions({
      onSuccess: () => {
        refresh()
        onClose()
      },
    }),
  )
  return (
    <Dialog
      open
      onOpenChange={(open) => (open ? undefined : onClose())}
      title={
        isConfirming ? `Stop all mitigation on ${nodesWords(policy.nodes.length)}?` : `Stop mitigation in ${where}`
      }
      description={
        isConfirming ? 'Read this once more.' : 'For when our own rules do harm. It ends by itself, or at one press.'
      }
    >
      {isConfirming ? (
        <Consequences policy={policy} span={SPANS.find(({ value }) => value === minutes)?.words ?? ''} />
      ) : (
        <form
          id="stop"
          className="flex flex-col gap-4"
          onSubmit={(event) => {
            event.preventDefault()
            setConfirming(true)
          }}
        >
          <div className="flex flex-col gap-1.5">
            <span className="font-medium">For how long</span>
            <div className="flex">
              <Segments label="For how long" options={SPANS} value={minutes} onChange={setMinutes} />
            </div>
          </div>
          <Field label="Why" hint="Goes into the audit log, and onto the banner that everybody sees.">
            <input
              value={reason}
              onChange={(event) => setReason(event.target.value)}
              required
              minLength={3}
              maxLength={300}
              placeholder="Players of match 3 cannot connect"
              className={INPUT}
            />
          </Field>
        </form>
      )}
      <p role="alert" className="min-h-5 text-attack empty:hidden">
        {stop.error?.message}
      </p>
      <div className="flex flex-wrap gap-2">
        {isConfirming ? (
          <Button
            kind="stop"
            className="h-11 px-5 text-md"
            disabled={stop.isPending}
            onClick={() => stop.mutate({ workspace, id, minutes: Number(minutes), reason })}
          >
            Stop all mitigation now
          </Button>
        ) : (
          <Button kind="danger" type="submit" form="stop">
            Continue
          </Button>
        )}
        <Button className={isConfirming ? 'h-11' : ''} onClick={isConfirming ? () => setConfirming(false) : onClose}>
          {isConfirming ? 'Back' : 'Leave it on'}
        </Button>
      </div>
    </Dialog>
  )
}

function Consequences({ policy, span }: { policy: PolicyDetail; span: string }) {
  const { openIncidents } = policy
  return (
    <ul className="flex list-disc flex-col gap-2 pl-5 text-md">
      <li>
        For {span} nothing is dropped or limited in {scopeWords(policy.scope)}. Rules go within a second.
      </li>
      {openIncidents > 0 ? (
        <li className="font-medium text-attack">
          {openIncidents === 1 ? 'One attack is' : `${openIncidents} attacks are`} going on there: all of it reaches the
          servers at once.
        </li>
      ) : (
        <li>No attack is going on there now. The next one reaches the servers in full.</li>
      )}
      <li>Detection, incidents, alerts and evidence go on. Rules count what they would have taken.</li>
    </ul>
  )
}
