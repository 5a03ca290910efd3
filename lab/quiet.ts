import { CUT_TABLE } from './agents'
import { nowUs, pass, until } from './clock'
import { countCutTable } from './observer'
import type { IncidentRecord, Records } from './records'
import { ATTACKED, type Stand } from './stand'
import { NODE_NAMES, type NodeName } from './topology'

/** Waits of a run: until nothing stands from before, until the rules are gone, until the platform has it all. */

const RULES_GONE_MS = 90_000
const RESOLVED_MS = 90_000
const EVIDENCE_MS = 60_000
/** Heading of the public page's section that exists only while an incident is open. */
export const OPEN_ON_PAGE = '<h2>Going on</h2>'

/** Matches the page while it tells of an open incident on this node; its components are numbered like the nodes. */
export const openOnPage = (node: NodeName): string =>
  `${OPEN_ON_PAGE}<ol>(?:(?!</ol>).)*Match ${NODE_NAMES.indexOf(node) + 1}\\b`

export async function untilQuiet(stand: Stand): Promise<void> {
  await until('the cut tables to be empty', async () => ((await countAll(stand)) === 0 ? true : null), {
    timeoutMs: RULES_GONE_MS,
    everyMs: 500,
  })
  stand.witness.send({
    type: 'watch',
    tag: 'quiet',
    url: stand.platform.statusPageUrl,
    shows: '</html>',
    hides: OPEN_ON_PAGE,
    timeoutMs: 30_000,
    everyMs: 250,
  })
  const { atUs } = await stand.witness.next(40_000, 'watched')
  if (atUs === null) throw new Error('the status page still shows an incident from before this flood')
  await pass(1_000)
}

export async function countAll(stand: Stand): Promise<number> {
  const counts = await Promise.all(NODE_NAMES.map((node) => countCutTable(stand.lab.id, node, CUT_TABLE)))
  return counts.reduce((sum, count) => sum + count, 0)
}

/** Moment at which all cut tables were seen empty, or null when they did not get there in time. */
export async function untilRulesGone(stand: Stand): Promise<number | null> {
  return until('the rules to go', async () => ((await countAll(stand)) === 0 ? nowUs() : null), {
    timeoutMs: RULES_GONE_MS,
    everyMs: 500,
  }).catch((error: Error) => {
    if (error.name === 'DeadlineError') return null
    throw error
  })
}

export async function readRecords(stand: Stand, sinceUs: number): Promise<Records> {
  const { databaseUrl } = stand.platform
  stand.witness.send({ type: 'records', databaseUrl, workspaceUuid: stand.workspaceUuid, sinceUs })
  return (await stand.witness.next(20_000, 'records')).records
}

/** Records once every attacked node's incident is resolved and its evidence uploaded; what there is when time is up. */
export async function untilResolved(
  stand: Stand,
  sinceUs: number,
  nodes: readonly NodeName[] = [ATTACKED],
): Promise<Records> {
  const wait = (what: string, timeoutMs: number, done: (incident: IncidentRecord) => boolean) =>
    until(
      what,
      async () => {
        const records = await readRecords(stand, sinceUs)
        const own = (node: NodeName) => records.incidents.filter(({ nodeName }) => nodeName === node)
        return nodes.every((node) => own(node).length > 0 && own(node).every(done)) ? records : null
      },
      { timeoutMs, everyMs: 500 },
    ).catch((error: Error) => {
      if (error.name !== 'DeadlineError') throw error
      stand.sayTo(error.message)
      return null
    })
  const resolved = await wait('the incident to resolve', RESOLVED_MS, ({ state }) => state === 'resolved')
  if (resolved === null) return readRecords(stand, sinceUs)
  const uploaded = await wait('the evidence upload', EVIDENCE_MS, ({ evidence }) => evidence?.storedPath != null)
  return uploaded ?? readRecords(stand, sinceUs)
}
