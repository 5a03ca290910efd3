export const ROLES = [
  'owner',
  'admin',
  'operator',
  'analyst',
  'team_manager',
  'official',
  'broadcaster',
  'spectator',
  'billing',
] as const
export type Role = (typeof ROLES)[number]

/** A role in the whole workspace (`groupId` null), or in one group and those below it. Only such as hold now. */
export type Grant = { role: Role; groupId: string | null }

/** How far a permission goes: the whole workspace, or these groups and those below them. */
export type Reach = 'workspace' | readonly string[]

const CONFIGURE = ['owner', 'admin'] as const
const OPERATE = [...CONFIGURE, 'operator'] as const
const READ = [...OPERATE, 'analyst'] as const
const RULE_ON = [...READ, 'official'] as const
const FOLLOW = [...RULE_ON, 'team_manager'] as const
const WATCH = [...FOLLOW, 'broadcaster'] as const

type Rule = { roles: readonly Role[]; within: 'group' | 'workspace' }

/** May be given for a group: it is about nodes, and reaches those of the group. */
const inGroup = (roles: readonly Role[]): Rule => ({ roles, within: 'group' })
/** Holds in the whole workspace or not at all. */
const inWorkspace = (roles: readonly Role[]): Rule => ({ roles, within: 'workspace' })

/** The only table of who may do what. Procedures, routes, socket messages and pages all read it. */
export const PERMISSIONS = {
  'workspace.read': inGroup([...WATCH, 'billing']),
  'workspace.update': inWorkspace(CONFIGURE),
  'workspace.delete': inWorkspace(['owner']),
  'billing.read': inWorkspace(['owner', 'billing']),
  'billing.update': inWorkspace(['owner', 'billing']),
  'member.read': inWorkspace(READ),
  'member.update': inWorkspace(CONFIGURE),
  'sign_in.read': inWorkspace(CONFIGURE),
  // Who names the issuer can be anybody here, an owner too: an owner's matter, as making owners is.
  'sign_in.update': inWorkspace(['owner']),
  'group.read': inGroup(WATCH),
  'group.update': inWorkspace(CONFIGURE),
  'board.read': inGroup([...WATCH, 'spectator']),
  'board.share': inWorkspace(CONFIGURE),
  'node.read': inGroup(READ),
  'node.enrol': inWorkspace(CONFIGURE),
  'node.archive': inWorkspace(CONFIGURE),
  'node.revoke': inWorkspace(CONFIGURE),
  'sample.read': inGroup(READ),
  'incident.read': inGroup(FOLLOW),
  'incident.acknowledge': inGroup(OPERATE),
  'incident.annotate': inGroup(OPERATE),
  'mitigation.apply': inGroup(OPERATE),
  'policy.read': inGroup(READ),
  'policy.update': inWorkspace(CONFIGURE),
  'drill.run': inGroup(OPERATE),
  'evidence.read': inGroup(FOLLOW),
  'evidence.download': inGroup(RULE_ON),
  'report.read': inGroup(WATCH),
  'destination.read': inWorkspace(READ),
  'destination.update': inWorkspace(CONFIGURE),
  'delivery.read': inGroup(READ),
  'status_page.read': inWorkspace(READ),
  'status_page.update': inWorkspace(CONFIGURE),
  'audit.read': inWorkspace(READ),
} as const satisfies Record<string, Rule>

export type Permission = keyof typeof PERMISSIONS

/** How far these grants carry a permission; null when not at all. */
export function reachOf(grants: readonly Grant[], permission: Permission): Reach | null {
  const { roles, within }: Rule = PERMISSIONS[permission]
  const fitting = grants.filter(({ role }) => roles.includes(role))
  if (fitting.some(({ groupId }) => groupId === null)) return 'workspace'
  if (within === 'workspace' || fitting.length === 0) return null
  return fitting.flatMap(({ groupId }) => (groupId === null ? [] : [groupId]))
}

export type Rights = Record<Permission, boolean>

/** Which permissions these grants carry anywhere in the workspace. */
export const rightsOf = (grants: readonly Grant[]): Rights =>
  Object.fromEntries(
    (Object.keys(PERMISSIONS) as Permission[]).map((one) => [one, reachOf(grants, one) !== null]),
  ) as Rights

export const isRole = (text: string): text is Role => (ROLES as readonly string[]).includes(text)
