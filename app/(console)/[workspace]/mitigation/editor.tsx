'use client'
import { useState } from 'react'
import { isSameDraft, type PolicyDraft, toDraft, toSettings } from '@/app/_lib/policy-draft'
import { nodesWords, scopeWords } from '@/app/_lib/policy-words'
import { Button } from '@/app/_ui/button'
import { Field, INPUT } from '@/app/_ui/field'
import { Section } from '@/app/_ui/section'
import type { PolicyDetail, Settings } from '@/server/trpc/policy-view'
import { Actions, ByVector } from './actions'
import { Friends } from './friends'

export type Edited = {
  draft: PolicyDraft
  settings: Settings
  isChanged: boolean
  /** Somebody saved since the first key was pressed. */
  isOutdated: boolean
  versionSeen: number
  change: (draft: PolicyDraft) => void
  discard: () => void
  saved: () => void
}

/** A draft on top of what was last seen; while nobody typed, it follows what is saved. */
export function useEdited(policy: PolicyDetail): Edited {
  const [work, setWork] = useState<{ draft: PolicyDraft; on: number } | null>(null)
  const before = toDraft(policy.settings)
  const draft = work?.draft ?? before
  const discard = () => setWork(null)
  return {
    draft,
    settings: toSettings(draft),
    isChanged: work !== null && !isSameDraft(before, draft),
    isOutdated: work !== null && work.on !== policy.versions,
    versionSeen: work?.on ?? policy.versions,
    change: (next) => setWork({ draft: next, on: work?.on ?? policy.versions }),
    discard,
    saved: discard,
  }
}

type Props = { policy: PolicyDetail; edited: Edited; onReview: () => void; onRemove: () => void }

export function Editor({ policy, edited, onReview, onRemove }: Props) {
  const { draft, change } = edited
  return (
    <form
      className="flex min-w-0 flex-col gap-7"
      onSubmit={(event) => {
        event.preventDefault()
        onReview()
      }}
    >
      <Whose policy={policy} onRemove={onRemove} />
      <fieldset disabled={!policy.may.update} className="flex min-w-0 flex-col gap-7">
        <legend className="sr-only">Policy of {scopeWords(policy.scope)}</legend>
        <Actions draft={draft} onChange={change} />
        <ByVector draft={draft} onChange={change} />
        <Figures draft={draft} onChange={change} />
        <Friends draft={draft} onChange={change} mayUpdate={policy.may.update} />
      </fieldset>
      {edited.isChanged || (!policy.own && policy.may.update && policy.scope.kind !== 'workspace') ? (
        <SaveBar policy={policy} edited={edited} />
      ) : null}
    </form>
  )
}

/** Whether this is the scope's own policy, and the way back to none. */
function Whose({ policy, onRemove }: { policy: PolicyDetail; onRemove: () => void }) {
  const { own, inherited, scope, may } = policy
  const above = inherited.isBuiltIn ? 'what is built in' : `that of ${scopeWords(inherited.scope)}`
  const takers = policy.nodes.filter(({ from }) => from.id === scope.id)
  const holding = takers.filter(({ holds }) => holds === 'yes').length
  const taken = `${above}${inherited.isBuiltIn ? '' : `, version ${inherited.version}`}`
  return (
    <div className="flex flex-wrap items-center justify-between gap-x-6 gap-y-2">
      <p className="text-md">
        {own ? (
          <>
            {scope.kind === 'workspace' ? 'The workspace' : scope.name} has{' '}
            {scope.kind === 'workspace' ? 'a policy' : 'its own policy'}, version {own.version}
            {takers.length === 0 ? '' : `, in force on ${holding} of ${nodesWords(takers.length)}`}.
          </>
        ) : scope.kind === 'workspace' ? (
          'Nothing was changed yet: nodes go by the careful policy that is built in.'
        ) : (
          <>
            {scope.name} has no policy of its own and takes {taken}.
            {may.update ? ' Change it below to give it one.' : ''}
          </>
        )}{' '}
        {may.update ? null : <span className="text-soft">Your role may read, not change it.</span>}
      </p>
      {own && may.update ? <Button onClick={onRemove}>Go back to {above}</Button> : null}
    </div>
  )
}

type Part = { draft: PolicyDraft; onChange: (draft: PolicyDraft) => void }

function Figures({ draft, onChange }: Part) {
  return (
    <Section title="Rates and persistence">
      <div className="grid gap-x-8 gap-y-4 sm:grid-cols-2">
        <Field
          label="New sources, packets a second"
          hint="What a limit lets through of all sources together that were not verified before the attack."
        >
          <input
            type="number"
            inputMode="numeric"
            required
            min={1}
            max={1_000_000}
            step={1}
            value={draft.newSourcePps}
            onChange={(event) => onChange({ ...draft, newSourcePps: event.target.value })}
            className={`${INPUT} figures`}
          />
        </Field>
        <Field
          label="Quiet seconds until it is over"
          hint="After five quiet seconds rules only count. An attack that comes back within this time is the same incident."
        >
          <input
            type="number"
            inputMode="numeric"
            required
            min={5}
            max={3_600}
            step={1}
            value={draft.holdS}
            onChange={(event) => onChange({ ...draft, holdS: event.target.value })}
            className={`${INPUT} figures`}
          />
        </Field>
      </div>
    </Section>
  )
}

function SaveBar({ policy, edited }: { policy: PolicyDetail; edited: Edited }) {
  return (
    <div className="sticky bottom-0 z-10 -mx-2 flex flex-wrap items-center justify-between gap-3 border-t border-line-strong bg-surface px-2 py-3">
      <p role="status" className={edited.isOutdated ? 'text-attack' : 'text-soft'}>
        {edited.isOutdated
          ? 'Somebody saved another version meanwhile. Discard, look at it, and begin again.'
          : edited.isChanged
            ? 'Changed, not saved.'
            : `As ${policy.inherited.isBuiltIn ? 'built in' : scopeWords(policy.inherited.scope)}, not its own yet.`}
      </p>
      <div className="flex gap-2">
        {edited.isChanged ? <Button onClick={edited.discard}>Discard</Button> : null}
        <Button kind="primary" type="submit" disabled={edited.isOutdated}>
          Review and save
        </Button>
      </div>
    </div>
  )
}
