import type { Span } from '../schedule/schedule'
import type { IcsCalendar, IcsEntry } from './parse-ics'
import type { Servers } from './servers'

/** What a match is called, when it is on air and where, as the calendar last had it. */
type Imported = { name: string; location: string; startsMs: number; endsMs: number; nodeIds: readonly string[] }

export type KnownEntry = Imported & {
  id: string
  uid: string
  recurrence: string
  groupId: string
  state: 'current' | 'cancelled' | 'withdrawn'
  /** The match as it stands now: what differs from the import was changed by hand. */
  match: { name: string; windows: readonly Span[]; nodeIds: readonly string[]; isArchived: boolean }
}

export type Field = 'name' | 'window' | 'servers'

export type Change = Imported & {
  kind: 'add' | 'change' | 'cancel' | 'withdraw' | 'same'
  uid: string
  recurrence: string
  /** Null: not there yet. */
  known: KnownEntry | null
  serversBy: string | null
  /** What becomes different in the match; and what stays as it was changed by hand. */
  fields: Field[]
  kept: Field[]
  /** It had been cancelled or withdrawn, and is back. */
  isBack: boolean
}

export type Plan = { changes: Change[]; ignored: number }

type Given = {
  calendar: Pick<IcsCalendar, 'entries' | 'cutMs' | 'unreadable'>
  known: readonly KnownEntry[]
  /** Names beside these matches that belong to none of them. */
  takenNames: readonly string[]
  serversOf: (entry: IcsEntry) => Servers
  /** Text of a start, for titles that occur more than once. */
  dayOf: (ms: number) => string
  nowMs: number
}

const keyOf = ({ uid, recurrence }: { uid: string; recurrence: string }): string => `${uid}\n${recurrence}`

/** What importing this calendar would change: followed by UID and recurrence, three ways, so that edits by hand stay. Pure. */
export function planImport({ calendar, known, takenNames, serversOf, dayOf, nowMs }: Given): Plan {
  const byKey = new Map(known.map((entry) => [keyOf(entry), entry]))
  const present = calendar.entries.filter((entry) => !entry.isCancelled || byKey.has(keyOf(entry)))
  const ignored = calendar.entries.length - present.length
  const standing = present.filter(({ isCancelled }) => !isCancelled)
  const ownGroups = new Set(
    standing
      .flatMap((entry) => byKey.get(keyOf(entry)) ?? [])
      .filter(followsName)
      .map(({ groupId }) => groupId),
  )
  const handNamed = known
    .filter(({ groupId, match }) => !ownGroups.has(groupId) && !match.isArchived)
    .map(({ match }) => match.name)
  const names = nameEntries(standing, [...takenNames, ...handNamed], dayOf)
  const changes = present.map((entry) =>
    changeFor(entry, byKey.get(keyOf(entry)) ?? null, names.get(entry) ?? entry.title, serversOf(entry)),
  )
  const seen = new Set(present.map(keyOf))
  for (const entry of known) if (isGone(entry, seen, calendar, nowMs)) changes.push(withdrawal(entry))
  return { changes, ignored }
}

/** Not in the calendar any more. What is over stays as history, and what could not be read or was cut off is not known to be gone. */
function isGone(
  entry: KnownEntry,
  seen: ReadonlySet<string>,
  { cutMs, unreadable }: Given['calendar'],
  nowMs: number,
): boolean {
  if (seen.has(keyOf(entry)) || entry.state !== 'current' || entry.endsMs <= nowMs) return false
  if (cutMs !== null && entry.startsMs >= cutMs) return false
  return unreadable?.has(entry.uid) === false
}

const base = (known: KnownEntry) => ({
  uid: known.uid,
  recurrence: known.recurrence,
  known,
  name: known.match.name,
  location: known.location,
  startsMs: known.startsMs,
  endsMs: known.endsMs,
  nodeIds: known.nodeIds,
  serversBy: null,
  fields: [],
  kept: [],
  isBack: false,
})

const withdrawal = (known: KnownEntry): Change => ({ ...base(known), kind: 'withdraw' })

const sameNodes = (left: readonly string[], right: readonly string[]): boolean =>
  left.length === right.length && left.every((id) => right.includes(id))
const isWindow = (windows: readonly Span[], { startsMs, endsMs }: Span): boolean =>
  windows.length === 1 && windows[0]?.startsMs === startsMs && windows[0].endsMs === endsMs
const followsName = ({ name, match }: KnownEntry): boolean => match.name === name

function changeFor(entry: IcsEntry, known: KnownEntry | null, name: string, { nodeIds, by }: Servers): Change {
  const { uid, recurrence, location, startsMs, endsMs } = entry
  const said = { uid, recurrence, name, location, startsMs, endsMs, nodeIds, serversBy: by }
  if (known === null) return { ...said, kind: 'add', known, fields: [], kept: [], isBack: false }
  if (entry.isCancelled)
    return { ...base(known), startsMs, endsMs, kind: known.state === 'cancelled' ? 'same' : 'cancel' }
  const { match } = known
  const isBack = known.state !== 'current'
  // Archived by hand while the calendar still had it: it stays away.
  if (match.isArchived && !isBack) return { ...base(known), kind: 'same' }
  const follows: Record<Field, boolean> = {
    name: followsName(known),
    window: isWindow(match.windows, known),
    servers: sameNodes(match.nodeIds, known.nodeIds),
  }
  const differs: Record<Field, boolean> = {
    name: match.name !== name,
    window: !isWindow(match.windows, entry),
    servers: !sameNodes(match.nodeIds, nodeIds),
  }
  const all: Field[] = ['name', 'window', 'servers']
  const fields = all.filter((field) => follows[field] && differs[field])
  const kept = all.filter((field) => !follows[field] && differs[field])
  const isTold =
    known.name !== name ||
    known.location !== location ||
    !sameNodes(known.nodeIds, nodeIds) ||
    known.startsMs !== startsMs ||
    known.endsMs !== endsMs
  return { ...said, kind: fields.length > 0 || isBack || isTold ? 'change' : 'same', known, fields, kept, isBack }
}

const NAME_LENGTH_MAX = 80

/** As much of a title as leaves room for what follows; no character is cut in two. */
function withEnd(title: string, end: string): string {
  let cut = ''
  for (const character of title) {
    if (cut.length + character.length + end.length > NAME_LENGTH_MAX) break
    cut += character
  }
  return `${cut.trimEnd()}${end}`
}

/** Names beside each other must differ: titles that occur more than once get their day, and then a number. */
function nameEntries(
  entries: readonly IcsEntry[],
  takenNames: readonly string[],
  dayOf: Given['dayOf'],
): Map<IcsEntry, string> {
  const counts = new Map<string, number>()
  for (const { title } of entries) counts.set(title, (counts.get(title) ?? 0) + 1)
  const taken = new Set(takenNames)
  const names = new Map<IcsEntry, string>()
  for (const entry of entries) {
    const isAlone = counts.get(entry.title) === 1
    const wanted = isAlone ? withEnd(entry.title, '') : withEnd(entry.title, ` · ${dayOf(entry.startsMs)}`)
    let name = wanted
    for (let turn = 2; taken.has(name); turn += 1) name = withEnd(wanted, ` (${turn})`)
    taken.add(name)
    names.set(entry, name)
  }
  return names
}
