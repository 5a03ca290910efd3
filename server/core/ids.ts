import { uuidv7 } from 'uuidv7'
import { ValidationError } from './errors'

export const ID_PREFIXES = {
  workspace: 'ws',
  user: 'usr',
  member: 'mem',
  grant: 'grt',
  invite: 'inv',
  group: 'grp',
  window: 'win',
  calendar: 'cal',
  boardLink: 'bl',
  node: 'nd',
  credential: 'key',
  enrolment: 'etk',
  incident: 'inc',
  timeline: 'tl',
  note: 'note',
  surge: 'sg',
  evidence: 'ev',
  destination: 'dst',
  message: 'msg',
  delivery: 'dlv',
  statusPage: 'sp',
  component: 'cmp',
  audit: 'aud',
  policy: 'pol',
  stop: 'stp',
} as const
export type IdPrefix = (typeof ID_PREFIXES)[keyof typeof ID_PREFIXES]

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/

/** New id as the database keeps it: a UUIDv7, ordered by time of making. */
export const newId = (): string => uuidv7()

/** `inc`, uuid → `inc_` and 32 hex digits. */
export function formatId(prefix: IdPrefix, uuid: string): string {
  if (!UUID.test(uuid)) throw new ValidationError(`'${uuid}' is not an id as the database keeps it.`)
  return `${prefix}_${uuid.replaceAll('-', '')}`
}

/** `inc_` and 32 hex digits → uuid. A bare uuid is taken as it is; another prefix is refused. */
export function parseId(prefix: IdPrefix, text: string): string {
  if (UUID.test(text)) return text
  const hex = text.startsWith(`${prefix}_`) ? text.slice(prefix.length + 1) : ''
  if (!/^[0-9a-f]{32}$/.test(hex)) {
    throw new ValidationError(`'${text.slice(0, 64)}' is not an id of this kind. It begins with ${prefix}_.`, 'id')
  }
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`
}
