import { VECTORS, type VectorId } from '../../wire/vectors'

/** What a list of incidents is narrowed to, as procedures take it. */
export type IncidentFilter = {
  state?: IncidentStateWord
  nodeId?: string
  groupId?: string
  isGroupless?: true
  vectorId?: VectorId
  peakPpsMin?: number
  isAcknowledged?: boolean
  days?: number
  fromMs?: number
  toMs?: number
  text?: string
}

export const INCIDENT_STATE_WORDS = {
  open: 'Going on',
  suspected: 'Suspected',
  attack: 'Under attack',
  mitigated: 'Mitigated',
  over: 'Over',
  rejected: 'Not an attack',
} as const
export type IncidentStateWord = keyof typeof INCIDENT_STATE_WORDS

export const SORT_WORDS = {
  newest: 'Newest first',
  oldest: 'Oldest first',
  peak: 'Highest peak first',
  longest: 'Longest first',
  dropped: 'Most dropped first',
} as const
export type IncidentSort = keyof typeof SORT_WORDS

export const VIEW_WORDS = {
  list: 'One by one',
  campaign: 'By campaign',
  day: 'By day',
  node: 'By node',
  group: 'By group',
} as const
export type IncidentView = keyof typeof VIEW_WORDS

export type IncidentQuery = { filter: IncidentFilter; sort: IncidentSort; view: IncidentView }

export const PEAKS = [10_000, 100_000, 1_000_000, 10_000_000] as const
export const SPANS = [1, 7, 30, 90] as const

const TEXT_MAX = 100
const oneOf = <Word extends string>(words: Record<Word, unknown>, text: string | null): Word | undefined =>
  text !== null && Object.hasOwn(words, text) ? (text as Word) : undefined

function whole(text: string | null, max = Number.MAX_SAFE_INTEGER): number | undefined {
  const value = text !== null && /^\d{1,16}$/.test(text) ? Number(text) : Number.NaN
  return value <= max ? value : undefined
}

const idOf = (prefix: string, text: string | null): string | undefined =>
  text !== null && new RegExp(`^${prefix}_[0-9a-f]{32}$`).test(text) ? text : undefined

const ANSWERS: Record<string, boolean> = { yes: true, no: false }

/** What an address asks for. What it says wrongly is left out, as an old link may say it. Pure. */
export function readIncidentQuery(params: Pick<URLSearchParams, 'get'>): IncidentQuery {
  const filter: IncidentFilter = {
    state: oneOf(INCIDENT_STATE_WORDS, params.get('state')),
    nodeId: idOf('nd', params.get('node')),
    groupId: idOf('grp', params.get('group')),
    isGroupless: params.get('group') === 'none' || undefined,
    vectorId: oneOf(VECTORS, params.get('vector')),
    peakPpsMin: whole(params.get('peak')),
    isAcknowledged: ANSWERS[params.get('acknowledged') ?? ''],
    days: whole(params.get('days'), 800) || undefined,
    fromMs: whole(params.get('from')),
    toMs: whole(params.get('to')),
    text: params.get('q')?.trim().slice(0, TEXT_MAX) || undefined,
  }
  return {
    filter: Object.fromEntries(Object.entries(filter).filter(([, value]) => value !== undefined)),
    sort: oneOf(SORT_WORDS, params.get('sort')) ?? 'newest',
    view: oneOf(VIEW_WORDS, params.get('view')) ?? 'list',
  }
}

/** The same as the part of an address behind `?`; empty where nothing is asked for. Pure. */
export function writeIncidentQuery({ filter, sort, view }: Partial<IncidentQuery>): string {
  const { state, nodeId, groupId, isGroupless, vectorId, peakPpsMin, isAcknowledged, days, fromMs, toMs, text } =
    filter ?? {}
  const said: Record<string, string | number | undefined> = {
    q: text,
    state,
    node: nodeId,
    group: isGroupless ? 'none' : groupId,
    vector: vectorId,
    peak: peakPpsMin,
    acknowledged: isAcknowledged === undefined ? undefined : isAcknowledged ? 'yes' : 'no',
    days,
    from: fromMs,
    to: toMs,
    sort: sort === 'newest' ? undefined : sort,
    view: view === 'list' ? undefined : view,
  }
  const params = new URLSearchParams()
  for (const [name, value] of Object.entries(said))
    if (value !== undefined && value !== '') params.set(name, String(value))
  return params.toString()
}

export const isNarrowed = (filter: IncidentFilter): boolean =>
  Object.values(filter).some((value) => value !== undefined)
