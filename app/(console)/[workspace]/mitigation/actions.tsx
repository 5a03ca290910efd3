import { ChevronRight } from 'lucide-react'
import { ACTION_WORDS, KIND_WORDS, type PolicyDraft, vectorsOfKind, withAction } from '@/app/_lib/policy-draft'
import { Section } from '@/app/_ui/section'
import { Segments } from '@/app/_ui/segments'
import { POLICY_ACTIONS, type PolicyAction } from '@/wire/messages'
import { VECTORS, type VectorKind } from '@/wire/vectors'

type Props = { draft: PolicyDraft; onChange: (draft: PolicyDraft) => void }

const OPTIONS = POLICY_ACTIONS.map((value) => ({ value, words: ACTION_WORDS[value] }))
const BY_PROOF = { value: 'proof', words: 'By proof' }

const PROOFS = [
  {
    key: 'certain',
    name: 'Certain',
    text: 'Its signature proves it: answers from reflectors, packets to ports where nobody serves.',
  },
  {
    key: 'doubtful',
    name: 'Doubtful',
    text: 'Probably an attack, at a port that players use as well: only a fingerprint tells them apart, or nothing.',
  },
] as const

/** What is done by how sure the name of an attack is. */
export function Actions({ draft, onChange }: Props) {
  return (
    <Section title="What is done">
      <ul className="flex flex-col">
        {PROOFS.map(({ key, name, text }) => (
          <li
            key={key}
            className="flex flex-wrap items-center justify-between gap-x-8 gap-y-2 border-b border-line py-3 first:pt-0 last:border-0"
          >
            <div className="min-w-0 flex-1 basis-72">
              <h3 className="font-medium">{name}</h3>
              <p className="text-soft">{text}</p>
            </div>
            <Segments
              label={`${name} vectors`}
              options={OPTIONS}
              value={draft[key]}
              onChange={(action) => onChange({ ...draft, [key]: action as PolicyAction })}
            />
          </li>
        ))}
      </ul>
      <dl className="grid gap-x-8 gap-y-1 text-sm text-soft sm:grid-cols-3">
        <Term name="Observe">counts what a rule would have taken, and takes nothing.</Term>
        <Term name="Limit">lets some packets a second of new sources through; verified clients stay untouched.</Term>
        <Term name="Drop">drops what the narrowest rule selects. Never a whole protocol.</Term>
      </dl>
    </Section>
  )
}

const Term = ({ name, children }: { name: string; children: React.ReactNode }) => (
  <div>
    <dt className="inline font-medium text-ink">{name}</dt> <dd className="inline">{children}</dd>
  </div>
)

/** Vectors that are set apart from what their proof decides. */
export function ByVector({ draft, onChange }: Props) {
  return (
    <Section title="By vector" aside="set apart from certain and doubtful">
      <div className="flex flex-col gap-px overflow-hidden rounded-md border border-line bg-line">
        {(Object.keys(KIND_WORDS) as VectorKind[]).map((kind) => (
          <Family key={kind} kind={kind} draft={draft} onChange={onChange} />
        ))}
      </div>
    </Section>
  )
}

function Family({ kind, draft, onChange }: Props & { kind: VectorKind }) {
  const ids = vectorsOfKind(kind)
  const apart = ids.filter((id) => draft.vectors[id] !== undefined)
  return (
    <details className="group bg-surface">
      <summary className="eased grid list-none grid-cols-[auto_1fr_auto] items-center gap-x-2 px-3 py-2.5 hover:bg-hover">
        <ChevronRight aria-hidden="true" size={14} className="eased text-faint group-open:rotate-90" />
        <span className="font-medium">{KIND_WORDS[kind]}</span>
        <span className="text-sm text-soft">
          {apart.length === 0
            ? `${ids.length === 1 ? '1 vector' : `all ${ids.length}`} by proof`
            : `${apart.length} of ${ids.length} set apart`}
        </span>
      </summary>
      <ul className="border-t border-line px-3">
        {ids.map((id) => (
          <li
            key={id}
            className="flex flex-wrap items-center justify-between gap-x-6 gap-y-1 border-b border-line py-1.5 last:border-0"
          >
            <span className={draft.vectors[id] === undefined ? 'text-soft' : 'font-medium'}>{VECTORS[id].name}</span>
            <Segments
              label={VECTORS[id].name}
              isSmall
              options={[BY_PROOF, ...OPTIONS]}
              value={draft.vectors[id] ?? BY_PROOF.value}
              onChange={(value) =>
                onChange(withAction(draft, id, value === BY_PROOF.value ? null : (value as PolicyAction)))
              }
            />
          </li>
        ))}
      </ul>
    </details>
  )
}
