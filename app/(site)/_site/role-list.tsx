import { ROLE_WORDS } from '@/app/_lib/roles'

const SHOWN = [
  'operator',
  'analyst',
  'official',
  'team_manager',
  'broadcaster',
  'spectator',
  'admin',
  'billing',
] as const

/** Roles as the members page says them. */
export function RoleList() {
  return (
    <dl className="grid gap-x-10 sm:grid-cols-2">
      {SHOWN.map((role) => (
        <div key={role} className="flex flex-col gap-0.5 border-b border-line py-3.5">
          <dt className="text-md font-medium">{ROLE_WORDS[role].name}</dt>
          <dd className="text-soft">{ROLE_WORDS[role].may}</dd>
        </div>
      ))}
    </dl>
  )
}
