'use client'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { inTreeOrder, KIND_WORDS, KINDS, pathOf } from '@/app/_lib/group-kinds'
import { useTRPC, useTRPCClient } from '@/app/_lib/trpc'
import { Button } from '@/app/_ui/button'
import { Dialog } from '@/app/_ui/dialog'
import { Field, INPUT } from '@/app/_ui/field'
import { useToast } from '@/app/_ui/toast'
import type { GroupView } from '@/server/trpc/routers/groups'
import type { NamedNode } from './groups-page'

type Props = {
  workspace: string
  /** Null: a new one. */
  group: GroupView | null
  groups: GroupView[]
  nodes: NamedNode[]
  onClose: () => void
}

export function GroupDialog({ workspace, group, groups, nodes, onClose }: Props) {
  const trpc = useTRPC()
  const client = useTRPCClient()
  const queries = useQueryClient()
  const toast = useToast()
  const [kind, setKind] = useState(group?.kind ?? 'match')
  const [name, setName] = useState(group?.name ?? '')
  const [parentId, setParentId] = useState(group?.parentId ?? null)
  const [chosen, setChosen] = useState<ReadonlySet<string>>(new Set(group?.nodeIds))
  const settled = async () => {
    await queries.invalidateQueries({ queryKey: trpc.groups.list.queryKey({ workspace }) })
    onClose()
  }
  const save = useMutation({
    mutationFn: async () => {
      const fields = { workspace, kind, name, parentId }
      const id = group?.id ?? (await client.groups.create.mutate(fields)).id
      if (group) await client.groups.update.mutate({ ...fields, id })
      await client.groups.setNodes.mutate({ workspace, id, nodeIds: [...chosen] })
    },
    onSuccess: settled,
  })
  const archive = useMutation({
    mutationFn: async () => {
      if (group) await client.groups.archive.mutate({ workspace, id: group.id })
    },
    onSuccess: async () => {
      await settled()
      toast({
        title: `${group?.name} is archived`,
        text: 'Its nodes stay in the fleet. What was granted for it ended.',
      })
    },
  })
  const error = save.error ?? archive.error
  return (
    <Dialog
      open
      onOpenChange={(open) => (open ? undefined : onClose())}
      title={group ? 'Edit group' : 'Add a group'}
      description="Events hold stages, stages hold matches; a node may belong to a match, a region and a role at once."
    >
      <form
        className="flex flex-col gap-4"
        onSubmit={(event) => {
          event.preventDefault()
          save.mutate()
        }}
      >
        <div className="grid grid-cols-[1fr_auto] gap-3">
          <Field label="Name">
            <input
              value={name}
              onChange={(event) => setName(event.target.value)}
              required
              maxLength={80}
              placeholder="Match 3"
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
        <Field label="Lies in">
          <select
            value={parentId ?? ''}
            onChange={(event) => setParentId(event.target.value || null)}
            className={INPUT}
          >
            <option value="">Nothing: it stands at the top</option>
            {inTreeOrder(groups)
              .filter(({ id }) => id !== group?.id)
              .map(({ id }) => (
                <option key={id} value={id}>
                  {pathOf(groups, id)}
                </option>
              ))}
          </select>
        </Field>
        <NodeChoice nodes={nodes} chosen={chosen} onChange={setChosen} />
        <p role="alert" className="min-h-5 text-attack">
          {error?.message}
        </p>
        <div className="flex items-center justify-between gap-3">
          <Button kind="primary" type="submit" disabled={save.isPending}>
            {group ? 'Save' : 'Add the group'}
          </Button>
          {group ? (
            <Button onClick={() => archive.mutate()} disabled={archive.isPending}>
              Archive
            </Button>
          ) : null}
        </div>
      </form>
    </Dialog>
  )
}

type ChoiceProps = { nodes: NamedNode[]; chosen: ReadonlySet<string>; onChange: (chosen: ReadonlySet<string>) => void }

export function NodeChoice({ nodes, chosen, onChange }: ChoiceProps) {
  const [search, setSearch] = useState('')
  const shown = nodes.filter(({ name }) => name.includes(search.trim().toLowerCase()))
  const toggle = (id: string) => {
    const next = new Set(chosen)
    if (!next.delete(id)) next.add(id)
    onChange(next)
  }
  return (
    <fieldset className="flex flex-col gap-1.5">
      <legend className="mb-1.5 font-medium">
        Nodes <span className="figures font-normal text-faint">{chosen.size} chosen</span>
      </legend>
      {nodes.length > 12 ? (
        <input
          type="search"
          aria-label="Find a node"
          placeholder="Find a node"
          value={search}
          onChange={(event) => setSearch(event.target.value)}
          className={INPUT}
        />
      ) : null}
      {nodes.length === 0 ? <p className="text-soft">No node is enrolled yet. Add nodes on the fleet page.</p> : null}
      <div className="grid max-h-52 grid-cols-2 gap-x-4 overflow-y-auto rounded-md border border-line p-2">
        {shown.map(({ id, name }) => (
          <label key={id} className="flex h-7 items-center gap-2 truncate">
            <input type="checkbox" checked={chosen.has(id)} onChange={() => toggle(id)} className="accent-accent" />
            {name}
          </label>
        ))}
      </div>
    </fieldset>
  )
}
