import { dayAndTime } from './times'

/** What was done, said after who did it; `%` stands for what it was done to. */
const PHRASES: Record<string, string> = {
  'workspace.create': 'made the workspace',
  'workspace.update': 'changed the workspace',
  'member.remove': 'removed %',
  'member.join': 'joined through the workspace’s own sign-in',
  'grant.create': 'gave % a role',
  'grant.revoke': 'took a role from %',
  'invite.create': 'invited %',
  'invite.resend': 'sent the invitation of % again',
  'invite.revoke': 'took back the invitation of %',
  'invite.accept': 'accepted the invitation',
  'group.create': 'made the group %',
  'group.update': 'changed the group %',
  'group.set_nodes': 'chose the nodes of %',
  'group.archive': 'archived the group %',
  'group.set_schedule': 'set when % is on air',
  'group.follow_calendar': 'let % follow its calendar again',
  'calendar.import': 'brought in the calendar %',
  'calendar.refresh': 'read the calendar % anew',
  'calendar.fail': 'could not read the calendar %',
  'calendar.remove': 'removed the calendar %',
  'board_link.create': 'made a link to the board',
  'board_link.revoke': 'took back a link to the board',
  'policy.update': 'changed the policy of %',
  'policy.remove': 'removed the policy of %',
  'mitigation.stop': 'stopped mitigation in %',
  'mitigation.resume': 'let mitigation in % go on',
  'node.enrol': 'was enrolled',
  'node.archive': 'archived %',
  'node.revoke': 'took away the key of %',
  'node.disk_full': 'said that its disk is full',
  'node.disk_ok': 'said that its disk has room again',
  'enrolment_token.create': 'made an enrol line for %',
  'enrolment_token.revoke': 'took back the enrol line for %',
  'connect.refused': 'was refused a connection',
  'enrol.refused': 'was refused enrolment',
  'push.refused': 'was refused a report',
  'upload.refused': 'was refused an upload',
  'incident.open': 'reported an attack',
  'incident.update': 'reported a change of the attack',
  'incident.acknowledge': 'acknowledged the incident on %',
  'incident.export': 'exported the list of incidents',
  'note.add': 'wrote a note on an incident',
  'note.edit': 'changed a note on an incident',
  'note.remove': 'removed a note from an incident',
  'note.restore': 'brought a note back',
  'feedback.give': 'said what the incident on % was',
  'feedback.withdraw': 'took back what was said of the incident on %',
  'evidence.register': 'announced an evidence bundle',
  'evidence.upload': 'uploaded an evidence bundle',
  'evidence.download': 'downloaded an evidence bundle',
  'destination.create': 'made the destination %',
  'audit.export': 'exported this log',
  'second_factor.enable': 'set up a second factor',
  'second_factor.disable': 'switched the second factor off',
  'second_factor.recover': 'signed in with a recovery code',
  'second_factor.new_codes': 'made new recovery codes',
  'sign_in.update': 'changed how members sign in',
  'sign_in.remove': 'removed the sign-in of the workspace’s own',
  'sign_in.link': 'was recognised by the workspace’s own sign-in',
  'sign_in.open': 'signed in through the workspace’s own sign-in',
}

/** What the log can be narrowed to: all actions that begin so. */
export const AUDIT_AREAS: readonly { action: string; words: string }[] = [
  { action: 'member', words: 'Members' },
  { action: 'grant', words: 'Roles' },
  { action: 'invite', words: 'Invitations' },
  { action: 'sign_in', words: 'Sign-in' },
  { action: 'second_factor', words: 'Second factor' },
  { action: 'group', words: 'Groups' },
  { action: 'calendar', words: 'Calendars' },
  { action: 'board_link', words: 'Links to the board' },
  { action: 'policy', words: 'Policies' },
  { action: 'mitigation', words: 'Mitigation stopped' },
  { action: 'node', words: 'Nodes' },
  { action: 'enrolment_token', words: 'Enrol lines' },
  { action: 'incident', words: 'Incidents' },
  { action: 'note', words: 'Notes' },
  { action: 'feedback', words: 'Feedback' },
  { action: 'evidence', words: 'Evidence' },
  { action: 'destination', words: 'Destinations' },
  { action: 'audit', words: 'This log' },
]

const shortId = (id: string): string => (/^[0-9a-f-]{36}$/.test(id) ? id.slice(-12) : id)

/** “gave Olga a role”. An action that has no words yet is named as it is kept. Pure. */
export function phraseOf(action: string, subject: { kind: string; id: string; name: string | null }): string {
  const what = subject.name ?? `${subject.kind.replaceAll('_', ' ')} ${shortId(subject.id)}`
  const phrase = PHRASES[action]
  if (phrase) return phrase.replace('%', what)
  const [noun = '', verb = ''] = action.split('.')
  return `${verb.replaceAll('_', ' ')} (${noun.replaceAll('_', ' ')}): ${what}`
}

/** Who: a name, or what it is where it has none. Pure. */
export function actorWords({ kind, id, name }: { kind: string; id: string; name: string | null }): string {
  if (name !== null) return name
  if (kind === 'user') return `Somebody no longer here (${shortId(id)})`
  if (kind === 'agent') return `Node ${shortId(id)}`
  if (kind === 'job') return 'The platform'
  return `${kind.replaceAll('_', ' ')} ${shortId(id)}`
}

export type Change = { field: string; was: string | null; is: string | null }

const fieldsOf = (value: unknown): Record<string, unknown> => {
  if (value === null || value === undefined) return {}
  return typeof value === 'object' && !Array.isArray(value) ? (value as Record<string, unknown>) : { value }
}

/** What changed, field by field, with names for ids; what stayed the same is left out. Pure. */
export function changesOf(before: unknown, after: unknown, names: Record<string, string>): Change[] {
  const [was, is] = [fieldsOf(before), fieldsOf(after)]
  const keys = [...new Set([...Object.keys(was), ...Object.keys(is)])]
  return keys
    .filter((key) => JSON.stringify(was[key]) !== JSON.stringify(is[key]))
    .map((key) => ({ field: fieldWords(key), was: said(key, was[key], names), is: said(key, is[key], names) }))
    .filter(({ was: left, is: right }) => left !== right)
}

/** `groupId` → “group”, `untilMs` → “until”. */
const fieldWords = (key: string): string =>
  key
    .replace(/(?<=[a-z])(Id|Ids|Ms|At)$/, '')
    .replace(/([a-z])([A-Z])/g, '$1 $2')
    .replaceAll('_', ' ')
    .toLowerCase()

function said(key: string, value: unknown, names: Record<string, string>): string | null {
  if (value === null || value === undefined || value === '') return null
  if (Array.isArray(value)) return listWords(key, value, names)
  if (typeof value === 'boolean') return value ? 'yes' : 'no'
  if (typeof value === 'number') return key.endsWith('Ms') ? `${dayAndTime(value, 'UTC')} UTC` : String(value)
  if (typeof value === 'string') return names[value] ?? shortId(value)
  return recordWords(value as Record<string, unknown>, names)
}

const LISTED_MAX = 8

function listWords(key: string, all: readonly unknown[], names: Record<string, string>): string | null {
  const between = all.some((one) => typeof one === 'object') ? '; ' : ', '
  const shown = all.slice(0, LISTED_MAX).map((one) => said(key, one, names) ?? 'nothing')
  const more = all.length > LISTED_MAX ? [`${all.length - LISTED_MAX} more`] : []
  return [...shown, ...more].join(between) || null
}

/** A setting that changed, a time on air, or whatever else has fields: “SYN flood: by proof → limit”. */
function recordWords(value: Record<string, unknown>, names: Record<string, string>): string {
  const { what, before, after, startsMs, endsMs } = value
  if (typeof what === 'string')
    return `${what}: ${said('before', before, names) ?? 'nothing'} → ${said('after', after, names) ?? 'nothing'}`
  if (typeof startsMs === 'number' && typeof endsMs === 'number')
    return `${dayAndTime(startsMs, 'UTC')} to ${dayAndTime(endsMs, 'UTC')} UTC`
  return Object.entries(value)
    .map(([key, one]) => `${fieldWords(key)} ${said(key, one, names) ?? 'nothing'}`)
    .join(', ')
}
