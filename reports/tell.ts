import { whatAndWhere } from '../app/_lib/sentence'
import type { Report, ReportedIncident } from '../server/services/reports/report'
import type { Block, ReportDocument } from './document'
import { EDITION_WORDS } from './document'
import { tellLeague } from './league'
import { tellRetrospective } from './retrospective'
import { tellSponsor } from './sponsor'
import { timesIn, type When } from './when'

export type Told = { report: Report; when: When; nameOf: (userId: string) => string | null }

const TELLERS: Record<Report['edition'], (told: Told) => Block[]> = {
  league: tellLeague,
  sponsor: tellSponsor,
  retrospective: tellRetrospective,
}

/** What happened, as blocks that a page and a PDF draw alike. Pure. */
export function tellReport(report: Report, zone: string, nameOf: Told['nameOf'] = () => null): ReportDocument {
  const when = timesIn(zone)
  const title = titleOf(report, when)
  return {
    edition: report.edition,
    kicker: EDITION_WORDS[report.edition],
    title,
    origin: `${report.workspaceName}. Made ${when.full(report.madeMs)}. All times in ${zone}.`,
    blocks: [...TELLERS[report.edition]({ report, when, nameOf }), ...leftOut(report)],
    fileName: `${report.edition}-report-${slug(title)}.pdf`,
  }
}

function titleOf({ scope, incidents, edition, workspaceName }: Report, when: When): string {
  if (scope.kind !== 'incident')
    return `${scope.kind === 'group' ? scope.name : workspaceName}, ${when.date(scope.fromMs)} to ${when.date(scope.toMs - 1)}`
  const incident = incidents[0] as ReportedIncident
  const date = when.date(incident.firstPacketUs / 1_000)
  if (edition === 'sponsor') return `${incident.places.at(-1) ?? incident.nodeName}, ${date}`
  const { state, report, nodeName } = incident
  const vectors = [...report.vectors].sort((left, right) => right.share - left.share)
  return `${whatAndWhere({ state, vectors, node: { name: nodeName } })}, ${date}`
}

const leftOut = ({ leftOut: count }: Report): Block[] =>
  count === 0
    ? []
    : [
        {
          kind: 'text',
          tone: 'quiet',
          text: `${count === 1 ? 'One older incident' : `${count} older incidents`} of this span ${count === 1 ? 'is' : 'are'} not told here; the list of incidents and its export hold all of them.`,
        },
      ]

const slug = (text: string): string =>
  text
    .normalize('NFKD')
    .replace(/[^A-Za-z0-9]+/g, '-')
    .replace(/^-+|-+$/g, '')
    .toLowerCase()
    .slice(0, 60) || 'incident'
