'use client'
import { useMutation } from '@tanstack/react-query'
import Link from 'next/link'
import { useState } from 'react'
import { inTreeOrder, KIND_WORDS, KINDS } from '@/app/_lib/group-kinds'
import { useTRPC } from '@/app/_lib/trpc'
import { Button } from '@/app/_ui/button'
import { Field, INPUT } from '@/app/_ui/field'
import type { GroupView } from '@/server/trpc/routers/groups'

type Props = { workspace: string; groups: readonly GroupView[]; mayCreate: boolean; onGroups: () => void }

export function GroupStep({ workspace, groups, mayCreate, onGroups }: Props) {
  if (groups.length > 0) return <Groups workspace={workspace} groups={groups} />
  if (!mayCreate) return <p className="text-soft">A match, a stage or a region: what the server belongs to.</p>
  return <GroupForm workspace={workspace} onGroups={onGroups} />
}

const SHOWN = 4

function Groups({ workspace, groups }: Pick<Props, 'workspace' | 'groups'>) {
  const tree = inTreeOrder(groups)
  const more = tree.length - SHOWN
  return (
    <p className="text-soft [overflow-wrap:anywhere]">
      {tree.slice(0, SHOWN).map(({ id, name, kind }, index) => (
        <span key={id}>
          {index > 0 ? ', ' : ''}
          <span className="font-medium text-ink">{name}</span> ({KIND_WORDS[kind].toLowerCase()})
        </span>
      ))}
      {more > 0 ? ` and ${more} more` : ''}.{' '}
      <Link href={`/${workspace}/groups`} className="text-accent underline underline-offset-2">
        All groups
      </Link>
    </p>
  )
}

function GroupForm({ workspace, onGroups }: Pick<Props, 'workspace' | 'onGroups'>) {
  const trpc = useTRPC()
  const [name, setName] = useState('')
  const [kind, setKind] = useState<GroupView['kind']>('match')
  const create = useMutation(
    trpc.groups.create.mutationOptions({
      // Also when it failed: a colleague may just have made the same one.
      onSettled: onGroups,
    }),
  )
  return (
    <form
      className="flex flex-col gap-3"
      onSubmit={(event) => {
        event.preventDefault()
        if (!create.isPending) create.mutate({ workspace, kind, name, parentId: null })
      }}
    >
      <p className="text-soft">
        What the server belongs to: a match, a stage, a region or a place in a pipeline. Roles, policies and boards are
        given per group.
      </p>
      <div className="grid grid-cols-[minmax(0,1fr)_auto] gap-3">
        <Field label="Name of the group">
          <input
            value={name}
            onChange={(event) => setName(event.target.value)}
            required
            maxLength={80}
            autoComplete="off"
            placeholder="Match 1"
            className={INPUT}
          />
        </Field>
        <Field label="Kind">
          <select value={kind} onChange={(event) => setKind(event.target.value as typeof kind)} className={INPUT}>
            {KINDS.map((one) => (
              <option key={one} value={one}>
                {KIND_WORDS[one]}
              </option>
            ))}
          </select>
        </Field>
      </div>
      <div className="flex flex-wrap items-center gap-x-4 gap-y-2">
        <Button kind="primary" type="submit" disabled={create.isPending}>
          Create the group
        </Button>
        <p role="alert" className="text-attack">
          {create.error?.message}
        </p>
      </div>
    </form>
  )
}
