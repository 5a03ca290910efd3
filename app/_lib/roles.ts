import type { Role } from '@/server/core/permissions'

/** Roles as people say them, and what each may, in one line. */
export const ROLE_WORDS: Record<Role, { name: string; may: string }> = {
  owner: { name: 'Owner', may: 'Everything, billing and deleting the workspace included' },
  admin: { name: 'Admin', may: 'Everything but billing and deletion' },
  operator: { name: 'Operator', may: 'Acknowledge, apply and withdraw mitigation, run drills' },
  analyst: { name: 'Analyst', may: 'Read everything, download evidence' },
  official: { name: 'Official', may: 'Read incidents and evidence of what is granted' },
  team_manager: { name: 'Team manager', may: 'Read incidents of granted matches, no evidence download' },
  broadcaster: { name: 'Broadcaster', may: 'The board of what is granted: no addresses, no evidence' },
  spectator: { name: 'Spectator', may: 'The board by a link, without an account' },
  billing: { name: 'Billing', may: 'Plan and invoices' },
}

export const roleNames = (roles: readonly string[]): string =>
  roles.map((role) => ROLE_WORDS[role as Role]?.name.toLowerCase() ?? role).join(', ')
