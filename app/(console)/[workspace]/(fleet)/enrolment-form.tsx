'use client'
import { useEffect, useRef, useState } from 'react'
import { inTreeOrder, KIND_WORDS } from '@/app/_lib/group-kinds'
import { Button } from '@/app/_ui/button'
import type { GroupView } from '@/server/trpc/routers/groups'

export type Wanted = { nodeName: string; groupIds: string[] }
type Props = {
  groups: readonly GroupView[]
  /** What the form begins with. */
  wanted?: Partial<Wanted>
  error: string | null
  isPending: boolean
  onSubmit: (wanted: Wanted) => void
  /** It came in place of what had the focus. */
  takesFocus?: boolean
}

/** Name of the node, and the groups it lands in once it enrols. */
export function EnrolmentForm({ groups, wanted, error, isPending, onSubmit, takesFocus = false }: Props) {
  const first = useRef<HTMLInputElement>(null)
  useEffect(() => {
    if (takesFocus) first.current?.focus()
  }, [takesFocus])
  const [name, setName] = useState(wanted?.nodeName ?? '')
  const [chosen, setChosen] = useState<readonly string[]>(wanted?.groupIds ?? [])
  return (
    <form
      className="flex flex-col gap-4"
      onSubmit={(event) => {
        event.preventDefault()
        if (!isPending) onSubmit({ nodeName: name.trim(), groupIds: [...chosen] })
      }}
    >
      <label className="flex flex-col gap-1.5">
        <span className="font-medium">Name of the node</span>
        <input
          ref={first}
          value={name}
          onChange={(event) => setName(event.target.value)}
          required
          maxLength={63}
          pattern="[a-z0-9][a-z0-9\-]{0,62}"
          title="Lower-case letters, digits and hyphens, at most 63"
          autoCapitalize="none"
          autoComplete="off"
          spellCheck={false}
          placeholder="match-03"
          aria-describedby="node-name-hint"
          className="h-9 rounded-md border border-line-strong bg-surface px-3 placeholder:text-faint"
        />
        <span id="node-name-hint" className="text-sm text-faint">
          Lower-case letters, digits and hyphens, as it should read in an alert.
        </span>
      </label>
      <GroupChoice groups={groups} chosen={chosen} onChange={setChosen} />
      <div className="flex flex-wrap items-center gap-x-4 gap-y-2">
        <Button kind="primary" type="submit" disabled={isPending}>
          Create the line
        </Button>
        <p role="alert" className="text-attack">
          {error}
        </p>
      </div>
    </form>
  )
}

type ChoiceProps = {
  groups: readonly GroupView[]
  chosen: readonly string[]
  onChange: (chosen: readonly string[]) => void
}

function GroupChoice({ groups, chosen, onChange }: ChoiceProps) {
  if (groups.length === 0) return null
  return (
    <fieldset className="flex flex-col">
      <legend className="mb-1.5 font-medium">
        Groups it lands in <span className="figures font-normal text-faint">{chosen.length} chosen</span>
      </legend>
      <div className="flex max-h-40 flex-col overflow-y-auto rounded-md border border-line p-2">
        {inTreeOrder(groups).map(({ id, name, kind, depth }) => (
          <label key={id} className="flex min-h-7 items-center gap-2" style={{ paddingLeft: depth * 16 }}>
            <input
              type="checkbox"
              checked={chosen.includes(id)}
              onChange={({ target }) =>
                onChange(target.checked ? [...chosen, id] : chosen.filter((other) => other !== id))
              }
              className="accent-accent"
            />
            <span className="min-w-0 [overflow-wrap:anywhere]">{name}</span>
            <span className="ml-auto shrink-0 text-sm text-faint">{KIND_WORDS[kind]}</span>
          </label>
        ))}
      </div>
    </fieldset>
  )
}
