'use client'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { effectOf, VERDICT_WORDS, type Verdict } from '@/app/_lib/feedback-effect'
import type { Series } from '@/app/_lib/series'
import { useTRPC, useTRPCClient } from '@/app/_lib/trpc'
import { Button } from '@/app/_ui/button'
import { Field, INPUT } from '@/app/_ui/field'
import { Time } from '@/app/_ui/time'
import { useToast } from '@/app/_ui/toast'
import type { FeedbackView } from '@/server/trpc/incident-notes'
import type { IncidentDetail } from '@/server/trpc/incident-view'
import { VECTORS, type VectorId } from '@/wire/vectors'

type Props = { workspace: string; incident: IncidentDetail; series: Series }

/** What people say the incident was, and the plain truth of what that changes. */
export function Feedback({ workspace, incident, series }: Props) {
  const { feedback } = incident
  const own = feedback.find(({ isOwn }) => isOwn)
  const [isOpen, setOpen] = useState(false)
  return (
    <div className="flex flex-col gap-3">
      {feedback.length === 0 ? (
        <p className="text-soft">Nobody has said yet whether this was rightly taken for an attack.</p>
      ) : (
        <ul className="flex flex-col">
          {feedback.map((one) => (
            <Said key={`${one.author}-${one.atMs}`} said={one} />
          ))}
        </ul>
      )}
      {incident.may.annotate ? (
        isOpen ? (
          <FeedbackForm
            workspace={workspace}
            incident={incident}
            series={series}
            own={own}
            onClose={() => setOpen(false)}
          />
        ) : (
          <Button className="self-start" onClick={() => setOpen(true)} data-noprint>
            {own ? 'Change what you said' : 'Was this right?'}
          </Button>
        )
      ) : null}
    </div>
  )
}

function Said({ said }: { said: FeedbackView }) {
  return (
    <li className="flex flex-col gap-0.5 border-b border-line py-2 first:pt-0 last:border-0">
      <span className="font-medium">
        {VERDICT_WORDS[said.verdict]}
        {said.vectorId ? `: ${VECTORS[said.vectorId].name}` : ''}
      </span>
      {said.text ? (
        <span dir="auto" className="[overflow-wrap:anywhere]">
          {said.text}
        </span>
      ) : null}
      <span className="text-sm text-faint">
        {said.author ?? 'Somebody who has left'}, <Time atMs={said.atMs} form="today" />
      </span>
    </li>
  )
}

type FormProps = Props & { own: FeedbackView | undefined; onClose: () => void }

function FeedbackForm({ workspace, incident, series, own, onClose }: FormProps) {
  const trpc = useTRPC()
  const client = useTRPCClient()
  const queries = useQueryClient()
  const toast = useToast()
  const [verdict, setVerdict] = useState<Verdict>(own?.verdict ?? 'audience')
  const [vectorId, setVectorId] = useState<VectorId | ''>(own?.vectorId ?? '')
  const [text, setText] = useState(own?.text ?? '')
  const id = incident.id
  const onSuccess = async () => {
    await queries.invalidateQueries({ queryKey: trpc.incidents.get.queryKey({ workspace, id }) })
    onClose()
  }
  const give = useMutation({
    mutationFn: () =>
      client.feedback.give.mutate({
        workspace,
        id,
        verdict,
        vectorId: verdict === 'misnamed' ? vectorId || null : null,
        text,
      }),
    onSuccess,
  })
  const withdraw = useMutation({
    mutationFn: () => client.feedback.withdraw.mutate({ workspace, id }),
    onSuccess: async () => {
      await onSuccess()
      toast({ title: 'Feedback taken back', text: 'It stands in the audit log that it was given and taken back.' })
    },
  })
  const error = give.error ?? withdraw.error
  return (
    <form
      className="flex flex-col gap-3 rounded-md border border-line p-3"
      data-noprint
      onSubmit={(event) => {
        event.preventDefault()
        if (!give.isPending) give.mutate()
      }}
    >
      <fieldset className="flex flex-col gap-1">
        <legend className="mb-1 font-medium">What was it?</legend>
        {(Object.keys(VERDICT_WORDS) as Verdict[]).map((one) => (
          <label key={one} className="flex min-h-7 items-center gap-2">
            <input
              type="radio"
              name="verdict"
              checked={verdict === one}
              onChange={() => setVerdict(one)}
              className="accent-accent"
            />
            {VERDICT_WORDS[one]}
          </label>
        ))}
      </fieldset>
      {verdict === 'misnamed' ? (
        <Field label="Which name, if you know it">
          <select
            value={vectorId}
            onChange={(event) => setVectorId(event.target.value as VectorId | '')}
            className={INPUT}
          >
            <option value="">Not known, or not in this list</option>
            {Object.entries(VECTORS).map(([key, { name }]) => (
              <option key={key} value={key}>
                {name}
              </option>
            ))}
          </select>
        </Field>
      ) : null}
      <Field label="How do you know?" hint="In a sentence; may stay empty.">
        <input value={text} maxLength={500} onChange={(event) => setText(event.target.value)} className={INPUT} />
      </Field>
      <Effect verdict={verdict} incident={incident} series={series} />
      <p role="alert" className="text-attack empty:hidden">
        {error?.message}
      </p>
      <div className="flex flex-wrap items-center gap-2">
        <Button type="submit" disabled={give.isPending}>
          Keep this
        </Button>
        <Button kind="quiet" onClick={onClose}>
          Cancel
        </Button>
        {own ? (
          <Button kind="quiet" onClick={() => withdraw.mutate()} disabled={withdraw.isPending} className="ml-auto">
            Take back
          </Button>
        ) : null}
      </div>
    </form>
  )
}

function Effect({ verdict, incident, series }: { verdict: Verdict; incident: IncidentDetail; series: Series }) {
  const sentences = effectOf(verdict, {
    score: incident.score,
    rules: incident.rules,
    seconds: series.points,
    startedMs: incident.startedMs,
    endedMs: incident.endedMs,
    usualPpsHigh: incident.baseline?.ppsHigh ?? null,
  })
  return (
    <div aria-live="polite" className="flex flex-col gap-1 rounded-md bg-sunken px-3 py-2 text-sm text-soft">
      <span className="font-medium text-ink">What this changes</span>
      {sentences.map((sentence) => (
        <p key={sentence}>{sentence}</p>
      ))}
    </div>
  )
}
