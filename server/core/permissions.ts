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

const CONFIGURE = ['owner', 'admin'] as const
const OPERATE = [...CONFIGURE, 'operator'] as const
const READ = [...OPERATE, 'analyst'] as const

/** The only table of who may do what. Roles bound to granted events read nothing until grants exist. */
export const PERMISSIONS = {
  'workspace.read': [...READ, 'billing'],
  'workspace.update': CONFIGURE,
  'workspace.delete': ['owner'],
  'billing.read': ['owner', 'billing'],
  'billing.update': ['owner', 'billing'],
  'member.read': READ,
  'member.update': CONFIGURE,
  'node.read': READ,
  'node.enrol': CONFIGURE,
  'node.archive': CONFIGURE,
  'node.revoke': CONFIGURE,
  'sample.read': READ,
  'incident.read': READ,
  'incident.acknowledge': OPERATE,
  'mitigation.apply': OPERATE,
  'drill.run': OPERATE,
  'evidence.read': READ,
  'evidence.download': READ,
  'destination.read': READ,
  'destination.update': CONFIGURE,
  'delivery.read': READ,
  'status_page.read': READ,
  'status_page.update': CONFIGURE,
  'audit.read': READ,
} as const satisfies Record<string, readonly Role[]>

export type Permission = keyof typeof PERMISSIONS

export const roleMay = (role: Role, permission: Permission): boolean =>
  (PERMISSIONS[permission] as readonly Role[]).includes(role)

export const isRole = (text: string): text is Role => (ROLES as readonly string[]).includes(text)
