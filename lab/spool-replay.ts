import { appendFileSync, readdirSync, statSync, truncateSync } from 'node:fs'
import { join } from 'node:path'
import { pino } from 'pino'
import { openSpool } from '../agent/link/spool'
import { incidentBody, simulatedReport, simulatedSample, startAgent } from '../server/testing/agent-simulator'
import type { PushBody } from '../wire/messages'
import { pass, until } from './clock'
import type { Timeline } from './outage-parts'
import { sampleOf } from './outage-sample'
import { type OutageStand, openOutageStand } from './outage-stand'

/** A node that was cut off comes back with a full spool, its tail torn, and hands it over beside live data. */

export type Replay = {
  samples: number
  incidents: number
  /** From the start of the agent to the last of them stored. */
  seconds: number
  stored: number
  missing: number
  twice: number
  /** Transactions that stored a second before that of an earlier transaction. */
  outOfOrder: number
  incidentsStored: number
  openedMessages: number
  /** Samples that the node made meanwhile, second by second, and a neighbour's. */
  liveStored: number
  neighbourSent: number
  neighbourStored: number
  faults: string[]
}

const REPLAY_MS_MAX = 10 * 60_000

/** Writes the spool as the agent would have, one sample too many, and tears the last record of both lanes. */
async function fillSpool(stateDir: string, baseMs: number, samples: number, incidents: PushBody[]): Promise<void> {
  const log = pino({ level: 'silent' })
  const options = { bytesMax: null, memoryMax: 1e6, sync: false, log }
  const directory = (name: string) => join(stateDir, 'spool', name)
  const sampleSpool = openSpool({ ...options, name: 'samples', directory: directory('samples') })
  for (let second = 0; second <= samples; second += 1) sampleSpool.append(JSON.stringify(sampleOf(baseMs, second)), 0)
  const incidentSpool = openSpool({ ...options, name: 'incidents', directory: directory('incidents') })
  for (const body of incidents) incidentSpool.append(JSON.stringify(body), 0)
  await Promise.all([sampleSpool.close(), incidentSpool.close()])
  const tail = lastFile(directory('samples'))
  truncateSync(tail, statSync(tail).size - 100)
  appendFileSync(lastFile(directory('incidents')), Buffer.from([200, 1, 0, 0, 7, 7]))
}

const lastFile = (directory: string): string => {
  const name = readdirSync(directory)
    .filter((one) => one.endsWith('.log'))
    .sort()
    .at(-1)
  if (name === undefined) throw new Error(`${directory} holds no record`)
  return join(directory, name)
}

function threeIncidents(baseMs: number, samples: number): PushBody[] {
  return [0.2, 0.5, 0.8].map((share) => {
    const atUs = (baseMs + Math.floor(samples * share) * 1_000) * 1_000
    const stages = { ...simulatedReport().stages, trippedUs: atUs, detectedUs: atUs + 5_000, endingUs: atUs + 30e6 }
    const report = simulatedReport({ state: 'resolved', stages: { ...stages, resolvedUs: atUs + 40e6 } }, atUs)
    return incidentBody(report, 'resolved')
  })
}

export async function replaySpool(root: string, folder: string, samples: number): Promise<Replay> {
  const timeline: Timeline = {
    baseMs: (Math.floor(Date.now() / 1_000) - samples) * 1_000,
    firstSecond: samples,
    everyMs: 1_000,
  }
  const incidents = threeIncidents(timeline.baseMs, samples)
  let startedMs = 0
  const stand = await openOutageStand(root, folder, async (stateDir) => {
    await fillSpool(stateDir, timeline.baseMs, samples, incidents)
    startedMs = performance.now()
    return timeline
  })
  try {
    const neighbour = await startNeighbour(stand)
    const seconds = await untilReplayed(stand, samples, startedMs)
    const sent = await neighbour.stop()
    return await measure(stand, { samples, incidents: incidents.length, seconds, neighbour: { ...neighbour, sent } })
  } finally {
    await stand.close()
  }
}

/** Another node of the same platform, sending as always. */
async function startNeighbour(stand: OutageStand) {
  const agent = await startAgent(stand.proxy.url, stand.secondToken, 'match-02')
  let seq = 0
  let isOver = false
  const sending = (async () => {
    while (!isOver) {
      const ack = await agent.push('samples', seq + 1, { type: 'samples', samples: [simulatedSample(Date.now())] })
      if (ack.ok) seq = ack.lastSeq
      await pass(1_000)
    }
  })()
  return {
    stop: async () => {
      isOver = true
      await sending
      agent.close()
      return seq
    },
  }
}

async function untilReplayed(stand: OutageStand, samples: number, startedMs: number): Promise<number> {
  const last = new Date(stand.node.baseMs + (samples - 1) * 1_000)
  return until(
    `${samples} samples to be replayed`,
    async () => {
      const [row] = await stand.rows<{ here: boolean; told: number }>(
        `SELECT EXISTS (SELECT FROM sample_1s WHERE node_id = $1 AND at >= $2) AS here,
           (SELECT count(*)::int FROM outgoing_message WHERE state = 'sent') AS told`,
        [stand.nodeUuid, last],
      )
      return row?.here && row.told >= 6 ? (performance.now() - startedMs) / 1_000 : null
    },
    { timeoutMs: REPLAY_MS_MAX, everyMs: 250 },
  )
}

type Measured = { samples: number; incidents: number; seconds: number; neighbour: { sent: number } }

async function measure(stand: OutageStand, { samples, incidents, seconds, neighbour }: Measured): Promise<Replay> {
  const end = new Date(stand.node.baseMs + samples * 1_000)
  const [counts] = await stand.rows<{ stored: number; distinct: number; live: number; neighbour: number }>(
    `SELECT count(*) FILTER (WHERE node_id = $1 AND at < $2)::int AS stored,
       count(DISTINCT date_trunc('second', at)) FILTER (WHERE node_id = $1 AND at < $2)::int AS distinct,
       count(*) FILTER (WHERE node_id = $1 AND at >= $2)::int AS live,
       count(*) FILTER (WHERE node_id <> $1)::int AS neighbour FROM sample_1s`,
    [stand.nodeUuid, end],
  )
  // Transactions are numbered in the order in which they took the lane's cursor.
  const [order] = await stand.rows<{ inversions: number }>(
    `SELECT count(*)::int AS inversions FROM (
       SELECT min(at) AS first, lag(max(at)) OVER (ORDER BY xmin::text::bigint) AS before
       FROM sample_1s WHERE node_id = $1 GROUP BY xmin::text::bigint) s WHERE before > first`,
    [stand.nodeUuid],
  )
  const [told] = await stand.rows<{ incidents: number; opened: number }>(
    `SELECT (SELECT count(*)::int FROM incident WHERE state = 'resolved') AS incidents,
       (SELECT count(*)::int FROM outgoing_message WHERE kind = 'opened') AS opened`,
  )
  const found = {
    stored: counts?.stored ?? 0,
    missing: samples - (counts?.distinct ?? 0),
    twice: (counts?.stored ?? 0) - (counts?.distinct ?? 0),
    outOfOrder: order?.inversions ?? 0,
    incidentsStored: told?.incidents ?? 0,
    openedMessages: told?.opened ?? 0,
    liveStored: counts?.live ?? 0,
    neighbourSent: neighbour.sent,
    neighbourStored: counts?.neighbour ?? 0,
  }
  const repeated = stand.sink.received.length - new Set(stand.sink.received.map(({ id }) => id)).size
  const faults = [
    ...(found.missing > 0 ? [`${found.missing} samples are missing`] : []),
    ...(found.twice > 0 ? [`${found.twice} samples are there twice`] : []),
    ...(found.outOfOrder > 0 ? [`${found.outOfOrder} batches were stored out of order`] : []),
    ...(found.incidentsStored !== incidents ? [`${found.incidentsStored} of ${incidents} incidents were stored`] : []),
    ...(found.openedMessages !== incidents ? [`${found.openedMessages} incidents were alerted`] : []),
    ...(repeated > 0 ? [`${repeated} alerts were sent again`] : []),
    ...(found.neighbourStored < neighbour.sent - 1 ? ['the neighbour lost samples'] : []),
  ]
  return { samples, incidents, seconds, ...found, faults }
}
