/** Same words as the verb's; pages load none of its code. */
export const EDITION_CHOICES = {
  league: { name: 'League', says: 'For a ruling: what happened to which match when, with the evidence.' },
  sponsor: { name: 'Sponsor', says: 'Availability in plain words and numbers; no addresses, no rates.' },
  retrospective: { name: 'Retrospective', says: 'Stage times, rules with hits, who was told, notes.' },
} as const
export type Edition = keyof typeof EDITION_CHOICES

export type ReportQuery = {
  edition: Edition
  zone: string
  groupId: string | undefined
  fromMs: number | undefined
  toMs: number | undefined
}

const moment = (text: string | null): number | undefined =>
  text !== null && /^\d{1,15}$/.test(text) ? Number(text) : undefined

/** What an address asks for; what it does not say is the league's edition in UTC. Pure. */
export function readReportQuery(params: Pick<URLSearchParams, 'get'>): ReportQuery {
  const edition = params.get('for') ?? ''
  const group = params.get('group') ?? ''
  const zone = params.get('zone') ?? ''
  return {
    edition: Object.hasOwn(EDITION_CHOICES, edition) ? (edition as Edition) : 'league',
    zone: /^[\w+\-/]{1,64}$/.test(zone) && isZone(zone) ? zone : 'UTC',
    groupId: /^grp_[0-9a-f]{32}$/.test(group) ? group : undefined,
    fromMs: moment(params.get('from')),
    toMs: moment(params.get('to')),
  }
}

export function writeReportQuery({ edition, zone, groupId, fromMs, toMs }: Partial<ReportQuery>): string {
  const said = { for: edition, group: groupId, from: fromMs, to: toMs, zone }
  const params = new URLSearchParams()
  for (const [name, value] of Object.entries(said)) if (value !== undefined) params.set(name, String(value))
  return params.toString()
}

function isZone(zone: string): boolean {
  try {
    return new Intl.DateTimeFormat('en', { timeZone: zone }) !== null
  } catch {
    return false
  }
}
