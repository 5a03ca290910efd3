'use client'
import { useState } from 'react'
import { toDraft } from '@/app/_lib/policy-draft'
import { scopeWords } from '@/app/_lib/policy-words'
import { Button } from '@/app/_ui/button'
import { LiveNote } from '@/app/_ui/live-note'
import { PageHeader } from '@/app/_ui/page-header'
import { Editor, useEdited } from './editor'
import { InForce } from './in-force'
import { ReviewDialog } from './review-dialog'
import { ScopePicker, ScopeTable } from './scopes'
import { StopDialog } from './stop-dialog'
import { type Policies, usePolicies } from './use-policies'
import { Versions } from './versions'

type Props = { workspace: string; id: string | null; loaded: Policies }

/** What nodes do with an attack: the policy of the workspace, a group or a node, and who takes it. */
export function MitigationPage({ workspace, id, loaded }: Props) {
  const { scopes, policy, versions, stops } = usePolicies(workspace, id, loaded)
  const [isStopping, setStopping] = useState(false)
  const [reviewed, setReviewed] = useState<'draft' | 'removal' | null>(null)
  const edited = useEdited(policy)
  const isStopped = stops.some(({ scope }) => scope.id === id)
  return (
    <div className="flex w-full max-w-[1440px] flex-col gap-6 p-4 sm:p-6 lg:px-8">
      <PageHeader
        title="Mitigation"
        context="What nodes do with an attack. Of several policies the nearest holds: the node’s own, then its groups’, then the workspace’s."
        action={
          policy.may.stop ? (
            <Button kind="danger" onClick={() => setStopping(true)} disabled={isStopped}>
              {isStopped ? 'Stopped' : `Stop mitigation${id === null ? '' : ' here'}`}
            </Button>
          ) : undefined
        }
      />
      <div className="flex flex-wrap items-end justify-between gap-4">
        <ScopePicker workspace={workspace} id={id} policy={policy} scopes={scopes} />
        <LiveNote />
      </div>
      <div className="grid gap-x-12 gap-y-7 xl:grid-cols-[minmax(0,1.5fr)_minmax(0,1fr)]">
        <Editor
          policy={policy}
          edited={edited}
          onReview={() => setReviewed('draft')}
          onRemove={() => setReviewed('removal')}
        />
        <div className="flex min-w-0 flex-col gap-7">
          <InForce workspace={workspace} policy={policy} stops={stops} />
          <Versions
            versions={versions}
            onRestore={policy.may.update ? (settings) => edited.change(toDraft(settings)) : null}
          />
          <ScopeTable workspace={workspace} scopes={scopes} id={id} />
        </div>
      </div>
      {reviewed ? (
        <ReviewDialog
          workspace={workspace}
          id={id}
          name={scopeWords(policy.scope)}
          settings={reviewed === 'draft' ? edited.settings : null}
          versionSeen={edited.versionSeen}
          onClose={() => setReviewed(null)}
          onSaved={() => {
            setReviewed(null)
            edited.saved()
          }}
        />
      ) : null}
      {isStopping ? (
        <StopDialog workspace={workspace} id={id} policy={policy} onClose={() => setStopping(false)} />
      ) : null}
    </div>
  )
}
