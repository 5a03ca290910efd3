'use client'
import { Plus, X } from 'lucide-react'
import { Button } from '@/app/_ui/button'
import { INPUT } from '@/app/_ui/field'

/** `target`: id of a server or a group; empty: not chosen yet. */
export type RuleDraft = { key: number; field: 'title' | 'location'; contains: string; target: string }

type Named = { id: string; name: string }
type Props = { rules: RuleDraft[]; nodes: Named[]; groups: Named[]; onChange: (rules: RuleDraft[]) => void }

let keys = 1_000

/** Which servers a match plays on, told by words in the calendar. */
export function ServerRules({ rules, nodes, groups, onChange }: Props) {
  const set = (key: number, change: Partial<RuleDraft>) =>
    onChange(rules.map((rule) => (rule.key === key ? { ...rule, ...change } : rule)))
  const add = () => {
    keys += 1
    onChange([...rules, { key: keys, field: 'location', contains: '', target: '' }])
  }
  return (
    <fieldset className="flex flex-col gap-2">
      <legend className="mb-1 font-medium">Servers</legend>
      <p className="text-soft">
        A match plays on the server, region or pipeline role that its location names, or else its title. Where they use
        other words, say which:
      </p>
      {rules.map(({ key, field, contains, target }, index) => (
        <div
          key={key}
          className="grid gap-2 sm:grid-cols-[auto_auto_minmax(0,1fr)_auto_minmax(0,1fr)_auto] sm:items-center"
        >
          <select
            aria-label={`Field of rule ${index + 1}`}
            value={field}
            onChange={(event) => set(key, { field: event.target.value as RuleDraft['field'] })}
            className={`${INPUT} sm:!w-auto`}
          >
            <option value="location">Location</option>
            <option value="title">Title</option>
          </select>
          <span className="text-faint">has</span>
          <input
            aria-label={`Words of rule ${index + 1}`}
            value={contains}
            maxLength={80}
            onChange={(event) => set(key, { contains: event.target.value })}
            placeholder="Stage A"
            className={INPUT}
          />
          <span className="text-faint">plays on</span>
          <select
            aria-label={`Servers of rule ${index + 1}`}
            value={target}
            onChange={(event) => set(key, { target: event.target.value })}
            className={INPUT}
          >
            <option value="">Choose</option>
            {groups.length > 0 ? (
              <optgroup label="Regions and roles">
                {groups.map(({ id, name }) => (
                  <option key={id} value={id}>
                    {name}
                  </option>
                ))}
              </optgroup>
            ) : null}
            <optgroup label="Servers">
              {nodes.map(({ id, name }) => (
                <option key={id} value={id}>
                  {name}
                </option>
              ))}
            </optgroup>
          </select>
          <Button
            kind="quiet"
            className="justify-self-start !px-2"
            aria-label={`Remove rule ${index + 1}`}
            onClick={() => onChange(rules.filter((rule) => rule.key !== key))}
          >
            <X aria-hidden="true" size={14} />
          </Button>
        </div>
      ))}
      <div>
        <Button kind="quiet" onClick={add}>
          <Plus aria-hidden="true" size={14} /> Add a rule
        </Button>
      </div>
    </fieldset>
  )
}
