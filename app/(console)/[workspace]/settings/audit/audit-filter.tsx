import { AUDIT_AREAS } from '@/app/_lib/audit-words'
import { INPUT } from '@/app/_ui/field'
import type { AuditDraft } from './filter'

export type Person = { id: string; name: string; email: string }
type Props = { draft: AuditDraft; people: Person[]; onChange: (draft: AuditDraft) => void }

/** What to look for: words, who, what kind, when. */
export function AuditFilter({ draft, people, onChange }: Props) {
  const set = (part: Partial<AuditDraft>) => onChange({ ...draft, ...part })
  return (
    <search className="grid grid-cols-2 items-end gap-3 md:grid-cols-[minmax(200px,2fr)_repeat(4,minmax(130px,1fr))]">
      <Narrow label="Search" isWide>
        <input
          type="search"
          value={draft.text}
          maxLength={100}
          onChange={(event) => set({ text: event.target.value })}
          placeholder="A name, an address, an id"
          className={INPUT}
        />
      </Narrow>
      <Narrow label="Who">
        <select value={draft.actor} onChange={(event) => set({ actor: event.target.value })} className={INPUT}>
          <option value="">Anybody</option>
          <option value="user">People</option>
          <option value="agent">Nodes</option>
          <option value="job">The platform</option>
          {people.map(({ id, name, email }) => (
            <option key={id} value={`user:${id}`}>
              {name}, {email}
            </option>
          ))}
        </select>
      </Narrow>
      <Narrow label="About">
        <select value={draft.action} onChange={(event) => set({ action: event.target.value })} className={INPUT}>
          <option value="">Anything</option>
          {AUDIT_AREAS.map(({ action, words }) => (
            <option key={action} value={action}>
              {words}
            </option>
          ))}
        </select>
      </Narrow>
      <Narrow label="From">
        <input
          type="date"
          value={draft.from}
          onChange={(event) => set({ from: event.target.value })}
          className={INPUT}
        />
      </Narrow>
      <Narrow label="Until">
        <input
          type="date"
          value={draft.until}
          onChange={(event) => set({ until: event.target.value })}
          className={INPUT}
        />
      </Narrow>
    </search>
  )
}

function Narrow({ label, isWide = false, children }: { label: string; isWide?: boolean; children: React.ReactNode }) {
  return (
    // biome-ignore lint/a11y/noLabelWithoutControl: the control is the child
    <label className={`flex min-w-0 flex-col gap-1 ${isWide ? 'col-span-2 md:col-span-1' : ''}`}>
      <span className="text-sm text-faint">{label}</span>
      {children}
    </label>
  )
}
