import { networksOf, type PolicyDraft } from '@/app/_lib/policy-draft'
import { Button } from '@/app/_ui/button'
import { Field, INPUT } from '@/app/_ui/field'
import { Section } from '@/app/_ui/section'
import { FRIEND_NETWORKS_MAX } from '@/wire/messages'

type Props = { draft: PolicyDraft; onChange: (draft: PolicyDraft) => void; mayUpdate: boolean }

/** Sources that no limit holds back. */
export function Friends({ draft, onChange, mayUpdate }: Props) {
  const { friends } = draft
  const count = friends.reduce((sum, { text }) => sum + networksOf(text).length, 0)
  const set = (key: number, part: Partial<PolicyDraft['friends'][number]>) =>
    onChange({ ...draft, friends: friends.map((list) => (list.key === key ? { ...list, ...part } : list)) })
  const add = () => {
    const key = Math.max(-1, ...friends.map((list) => list.key)) + 1
    onChange({ ...draft, friends: [...friends, { key, name: '', text: '' }] })
  }
  return (
    <Section title="Friends" aside={count > 0 ? `${count} of ${FRIEND_NETWORKS_MAX} networks` : undefined}>
      <p className="text-soft">
        Sources that no limit ever holds back: the ranges of your CDN, casters, observers. What a signature or
        fingerprint proves is dropped even from them, because addresses can be forged.
      </p>
      {friends.map((list) => (
        <div
          key={list.key}
          className="grid gap-3 border-b border-line pb-4 sm:grid-cols-[minmax(0,1fr)_minmax(0,2fr)_auto]"
        >
          <Field label="Name of the list">
            <input
              value={list.name}
              onChange={(event) => set(list.key, { name: event.target.value })}
              required
              maxLength={60}
              placeholder="Casters"
              className={INPUT}
            />
          </Field>
          <Field label="Networks" hint="One a line, IPv4 or IPv6: 203.0.113.0/24, 2001:db8::/32, or one address.">
            <textarea
              value={list.text}
              onChange={(event) => set(list.key, { text: event.target.value })}
              required
              rows={Math.min(10, Math.max(3, list.text.split('\n').length))}
              spellCheck={false}
              className={`${INPUT} h-auto py-2 font-mono text-sm`}
            />
          </Field>
          {mayUpdate ? (
            <Button
              kind="quiet"
              className="justify-self-start sm:mt-[26px]"
              onClick={() => onChange({ ...draft, friends: friends.filter(({ key }) => key !== list.key) })}
            >
              Remove<span className="sr-only"> the list {list.name}</span>
            </Button>
          ) : null}
        </div>
      ))}
      {mayUpdate ? (
        <div>
          <Button onClick={add}>Add a friends list</Button>
        </div>
      ) : friends.length === 0 ? (
        <p className="text-soft">None.</p>
      ) : null}
    </Section>
  )
}
