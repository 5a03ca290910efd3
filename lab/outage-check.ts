import { formatId } from '../server/core/ids'
import type { ReceivedWebhook } from '../server/testing/webhook-sink'
import { until } from './clock'
import type { OutageStand } from './outage-stand'

/** What an outage may never do. Each answers the faults it found, in words. */

type MessageRow = { id: string; kind: string; state: string }

/** Pure: messages as the platform has them against requests as the receiver got them. */
export function faultsOfAlerts(messages: readonly MessageRow[], received: readonly ReceivedWebhook[]): string[] {
  const faults: string[] = []
  for (const { id, kind, state } of messages) {
    const requests = received.filter((request) => request.id === id)
    if (requests.length === 0) faults.push(`the alert '${kind}' was lost (its row is '${state}')`)
    const unmarked = requests.slice(1).filter(({ mayBeRepeat }) => !mayBeRepeat).length
    if (unmarked > 0) faults.push(`the alert '${kind}' was sent again ${unmarked} times without its mark`)
  }
  const unknown = received.filter(({ id }) => messages.every((message) => message.id !== id))
  if (unknown.length > 0) faults.push(`${unknown.length} requests belong to no message`)
  for (const kind of ['opened', 'resolved']) {
    const count = messages.filter((message) => message.kind === kind).length
    if (count !== 1) faults.push(`there are ${count} messages '${kind}'`)
  }
  const types = received.map(({ type }) => type)
  if (types.lastIndexOf('incident.opened') > types.indexOf('incident.resolved'))
    faults.push('the end was told before the beginning')
  return faults
}

export async function faultsOfIncident(stand: OutageStand, incidentId: string): Promise<string[]> {
  const messages = await stand.rows<MessageRow>(
    'SELECT id, kind, state FROM outgoing_message WHERE incident_id = $1 ORDER BY position',
    [incidentId],
  )
  const received = receivedOf(stand, incidentId)
  const [incident] = await stand.rows<{ state: string }>('SELECT state FROM incident WHERE id = $1', [incidentId])
  const timeline = await stand.rows<{ kind: string; n: number }>(
    'SELECT kind, count(*)::int AS n FROM incident_timeline WHERE incident_id = $1 GROUP BY kind',
    [incidentId],
  )
  const page = await fetch(stand.statusPageUrl).then((reply) => (reply.ok ? reply.text() : ''))
  return [
    ...faultsOfAlerts(messages, received),
    ...(incident?.state === 'resolved' ? [] : [`the incident is ${incident?.state ?? 'unknown'}`]),
    ...timeline.filter(({ n }) => n !== 1).map(({ kind, n }) => `the timeline tells '${kind}' ${n} times`),
    ...(page.includes('</html>') && !page.includes('<h2>Going on</h2>')
      ? []
      : ['the status page does not say that it is over']),
  ]
}

export const receivedOf = ({ sink }: OutageStand, incidentId: string): ReceivedWebhook[] =>
  sink.received.filter(({ data }) => data.incidentId === formatId('inc', incidentId))

/** Samples of a batch that is not full yet wait on the node. */
const WAITING_MAX = 10

/** Every second for which a sample was made is stored, once; asked until what was made so far has arrived. */
export async function faultsOfSamples(stand: OutageStand): Promise<{ faults: string[]; stored: number }> {
  const made = stand.node.lastSecond() + 1 - WAITING_MAX
  const count = async () => {
    const [row] = await stand.rows<{ stored: number; seconds: number; highest: number }>(
      `SELECT count(*)::int AS stored, count(DISTINCT date_trunc('second', at))::int AS seconds,
         coalesce(extract(epoch FROM max(at) - to_timestamp($2::float8 / 1000))::int, -1) AS highest
       FROM sample_1s WHERE node_id = $1 AND at < to_timestamp($2::float8 / 1000 + $3)`,
      [stand.nodeUuid, stand.node.baseMs, made],
    )
    return row!
  }
  const arrived = await until(
    'the samples to arrive',
    async () => ((await count()).highest >= made - 1 ? true : null),
    {
      timeoutMs: 60_000,
    },
  ).catch((error: Error) => error)
  const { stored, seconds } = await count()
  return {
    stored,
    faults: [
      ...(arrived instanceof Error ? [arrived.message] : []),
      ...(seconds < made ? [`${made - seconds} samples of ${made} were lost`] : []),
      ...(stored > seconds ? [`${stored - seconds} samples are there twice`] : []),
    ],
  }
}
