import { inTreeOrder, pathOf } from '@/app/_lib/group-kinds'
import { ROLE_WORDS } from '@/app/_lib/roles'
import { Field, INPUT } from '@/app/_ui/field'
import type { GroupView } from '@/server/trpc/routers/groups'

type Granted = Exclude<keyof typeof ROLE_WORDS, 'spectator'>
const GRANTED = (Object.keys(ROLE_WORDS) as (keyof typeof ROLE_WORDS)[]).filter(
  (role): role is Granted => role !== 'spectator',
)
const OF_WORKSPACE: readonly Granted[] = ['owner', 'admin', 'billing']

/** What the fields hold; empty texts: the whole workspace, no end. */
export type GrantDraft = { role: Granted; groupId: string; until: string }
export const NO_GRANT: GrantDraft = { role: 'official', groupId: '', until: '' }

export const toGrant = ({ role, groupId, until }: GrantDraft) => ({
  role,
  groupId: OF_WORKSPACE.includes(role) || groupId === '' ? null : groupId,
  untilMs: until === '' ? null : new Date(until).getTime(),
})

type Props = { grant: GrantDraft; groups: GroupView[]; onChange: (grant: GrantDraft) => void }

/** A role, where it holds and until when. */
export function GrantFields({ grant, groups, onChange }: Props) {
  const { role, groupId, until } = grant
  const isOfWorkspace = OF_WORKSPACE.includes(role)
  return (
    <>
      <Field label="Role" hint={ROLE_WORDS[role].may}>
        <select
          value={role}
          onChange={(event) => onChange({ ...grant, role: event.target.value as Granted })}
          className={INPUT}
        >
          {GRANTED.map((one) => (
            <option key={one} value={one}>
              {ROLE_WORDS[one].name}
            </option>
          ))}
        </select>
      </Field>
      <Field
        label="Where"
        hint={isOfWorkspace ? 'This role holds in the whole workspace only.' : 'A group covers all groups in it.'}
      >
        <select
          value={isOfWorkspace ? '' : groupId}
          disabled={isOfWorkspace}
          onChange={(event) => onChange({ ...grant, groupId: event.target.value })}
          className={INPUT}
        >
          <option value="">The whole workspace</option>
          {inTreeOrder(groups).map(({ id }) => (
            <option key={id} value={id}>
              {pathOf(groups, id)}
            </option>
          ))}
        </select>
      </Field>
      <Field label="Until" hint="Leave it empty for a role without an end.">
        <input
          type="datetime-local"
          value={until}
          onChange={(event) => onChange({ ...grant, until: event.target.value })}
          className={INPUT}
        />
      </Field>
    </>
  )
}
