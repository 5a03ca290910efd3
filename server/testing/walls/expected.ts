import { ROLES, type Role } from '../../core/permissions'
import type { Kind } from './objects'

/** `inGroup`: a role given for a group carries it as well, as far as the group goes. */
export type Expected = {
  may: readonly Role[]
  takes: Kind | null
  inGroup?: boolean
  /** Ends what it takes: the next call needs a new one. */
  ends?: boolean
  extra?: object
}

const CONFIGURES: readonly Role[] = ['owner', 'admin']
const OPERATES: readonly Role[] = ['owner', 'admin', 'operator']
const READS: readonly Role[] = ['owner', 'admin', 'operator', 'analyst']
const FOLLOWS: readonly Role[] = ['owner', 'admin', 'operator', 'analyst', 'official', 'team_manager']
const WATCHES: readonly Role[] = ['owner', 'admin', 'operator', 'analyst', 'official', 'team_manager', 'broadcaster']
const ANYBODY: readonly Role[] = ROLES
/** Only who wrote it, whom the sweep is not. */
const ITS_AUTHOR: readonly Role[] = []
const ANYBODY_BUT_BILLING: readonly Role[] = [...WATCHES, 'spectator']

const ICS = { kind: 'file', text: 'BEGIN:VCALENDAR\nVERSION:2.0\nEND:VCALENDAR' }

const SETTINGS = { certain: 'drop', doubtful: 'limit', newSourcePps: 300, holdMs: 25_000 }

/** Who may call what, written by hand after PRODUCT.md. A new procedure must be added here. */
export const NEEDS = {
  'workspaces.get': { may: ANYBODY, takes: null, inGroup: true },
  'workspaces.find': { may: ANYBODY, takes: null, inGroup: true, extra: { text: 'match' } },
  'members.list': { may: READS, takes: null },
  'members.invites': { may: READS, takes: null },
  'members.invite': { may: CONFIGURES, takes: null, extra: { email: 'guest@example.org', grant: { role: 'analyst' } } },
  'members.resendInvite': { may: CONFIGURES, takes: 'invite', ends: true },
  'members.revokeInvite': { may: CONFIGURES, takes: 'invite', ends: true },
  'members.grant': { may: CONFIGURES, takes: 'member', extra: { grant: { role: 'analyst' } } },
  'members.revokeGrant': { may: CONFIGURES, takes: 'grant', ends: true },
  'members.remove': { may: CONFIGURES, takes: 'member', ends: true },
  'audit.list': { may: READS, takes: null },
  'audit.verify': { may: READS, takes: null },
  'signIn.get': { may: CONFIGURES, takes: null },
  'signIn.requireSecondFactor': { may: CONFIGURES, takes: null, extra: { isRequired: false } },
  'signIn.testIssuer': { may: ['owner'], takes: null, extra: { issuer: 'https://127.0.0.1' } },
  'signIn.saveIssuer': {
    may: ['owner'],
    takes: null,
    extra: { issuer: 'https://login.example.org', clientId: 'board', domains: ['example.org'] },
  },
  'signIn.removeIssuer': { may: ['owner'], takes: null },
  'groups.list': { may: WATCHES, takes: null, inGroup: true },
  'groups.create': { may: CONFIGURES, takes: null, extra: { kind: 'match', name: 'Match 9' } },
  'groups.update': { may: CONFIGURES, takes: 'group', extra: { name: 'Match 8' } },
  'groups.setNodes': { may: CONFIGURES, takes: 'group', extra: { nodeIds: [] }, ends: true },
  'groups.archive': { may: CONFIGURES, takes: 'group', ends: true },
  'events.calendar': { may: WATCHES, takes: null, inGroup: true, extra: { fromMs: 1, toMs: 2 } },
  'events.get': { may: WATCHES, takes: 'group', inGroup: true },
  'events.isLive': { may: WATCHES, takes: 'group', inGroup: true },
  'events.match': { may: WATCHES, takes: 'group', inGroup: true },
  'events.readiness': { may: READS, takes: 'group', inGroup: true },
  'events.create': { may: CONFIGURES, takes: null, extra: { kind: 'event', name: 'Major 9' } },
  'events.update': { may: CONFIGURES, takes: 'group', extra: { audienceTimes: 2 } },
  'events.followCalendar': { may: CONFIGURES, takes: 'importedMatch' },
  'events.previewCalendar': { may: CONFIGURES, takes: 'event', extra: { source: ICS } },
  'events.importCalendar': {
    may: CONFIGURES,
    takes: 'event',
    extra: { source: ICS, name: 'League', fingerprint: 'of another preview' },
  },
  'events.refreshCalendar': { may: CONFIGURES, takes: 'calendar' },
  'events.removeCalendar': { may: CONFIGURES, takes: 'calendar', ends: true, extra: { withMatches: false } },
  'boards.get': { may: ANYBODY_BUT_BILLING, takes: 'group', inGroup: true },
  'boards.links': { may: CONFIGURES, takes: 'group' },
  'boards.createLink': {
    may: CONFIGURES,
    takes: 'group',
    extra: { name: 'Studio', showsRates: false, expiresMs: Date.now() + 3_600_000 },
  },
  'boards.revokeLink': { may: CONFIGURES, takes: 'boardLink', ends: true },
  'nodes.names': { may: READS, takes: null, inGroup: true },
  'nodes.tiles': { may: READS, takes: null, inGroup: true },
  'nodes.seconds': { may: READS, takes: null, inGroup: true, extra: { since: { spanMs: 1_000 } } },
  'nodes.get': { may: READS, takes: 'node', inGroup: true },
  'nodes.series': { may: READS, takes: 'node', inGroup: true, extra: { since: { spanMs: 1_000 } } },
  'nodes.createEnrolment': { may: CONFIGURES, takes: null, extra: { nodeName: 'match-77' } },
  'nodes.enrolments': { may: CONFIGURES, takes: null },
  'nodes.revoke': { may: CONFIGURES, takes: 'node', ends: true },
  'nodes.archive': { may: CONFIGURES, takes: 'node', ends: true },
  'incidents.list': { may: FOLLOWS, takes: null, inGroup: true },
  'incidents.count': { may: FOLLOWS, takes: null, inGroup: true },
  'incidents.grouped': { may: FOLLOWS, takes: null, inGroup: true, extra: { by: 'group' } },
  'incidents.get': { may: FOLLOWS, takes: 'incident', inGroup: true },
  'incidents.samples': { may: FOLLOWS, takes: 'incident', inGroup: true },
  'incidents.acknowledge': { may: OPERATES, takes: 'incident', inGroup: true },
  'notes.add': { may: OPERATES, takes: 'incident', inGroup: true, extra: { text: 'Seen.' } },
  'notes.edit': { may: ITS_AUTHOR, takes: 'note', extra: { text: 'Seen twice.' } },
  'notes.remove': { may: ITS_AUTHOR, takes: 'note' },
  'notes.restore': { may: ITS_AUTHOR, takes: 'note' },
  'feedback.give': { may: OPERATES, takes: 'incident', inGroup: true, extra: { verdict: 'audience' } },
  'feedback.withdraw': { may: OPERATES, takes: 'incident', inGroup: true },
  'policies.list': { may: READS, takes: null, inGroup: true },
  'policies.get': { may: READS, takes: 'group', inGroup: true },
  'policies.versions': { may: READS, takes: 'group', inGroup: true },
  'policies.review': { may: READS, takes: 'group', inGroup: true, extra: { settings: SETTINGS } },
  'policies.save': { may: CONFIGURES, takes: 'group', extra: { settings: SETTINGS, versionSeen: 0 } },
  'policies.stops': { may: [...WATCHES, 'billing'], takes: null, inGroup: true },
  'policies.stop': { may: OPERATES, takes: 'group', inGroup: true, extra: { minutes: 15, reason: 'players are lost' } },
  'policies.resume': { may: OPERATES, takes: 'stop', inGroup: true },
  // Of an attack a broadcaster may know what a sponsor may; who else may read which edition stands in files.ts.
  'reports.ofIncident': { may: WATCHES, takes: 'incident', inGroup: true, extra: { edition: 'sponsor' } },
  'reports.ofGroup': { may: WATCHES, takes: 'group', inGroup: true, extra: { edition: 'sponsor', fromMs: 0, toMs: 1 } },
} as const satisfies Record<string, Expected>

export type Path = keyof typeof NEEDS
export const PATHS = Object.keys(NEEDS) as Path[]
