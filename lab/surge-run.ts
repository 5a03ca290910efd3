import { CUT_TABLE, waitUntilLearned } from './agents'
import { nowUs, pass } from './clock'
import { CounterSeries, type Counters, readMachine } from './counters'
import type { FloodOrder } from './flood-run'
import { countCutTable } from './observer'
import { countAll, readRecords, untilQuiet } from './quiet'
import type { Measured, RunResult, Stage } from './result'
import { STAGES } from './result'
import { crowdOf } from './scenarios'
import { ATTACKED, ECHO_PATIENCE_MS, type PlayersChild, type Stand, startPlayers, summariesOf } from './stand'
import { playerAddresses } from './topology'

/** An audience that grows eightfold: players of the real game, nobody an attacker. */

const PEACE_MS = 5_000
const LOOK_EVERY_MS = 500
const READY_MS = 20_000
/** Behind the last packet of a crowd, until the node has told what it made of it. */
const TOLD_MS = 4_000

/** Stands whose node has met the crowd. */
const met = new WeakSet<Stand>()

export async function runSurge(stand: Stand, { variant, seconds }: FloodOrder): Promise<RunResult> {
  const { joinSeconds, staySeconds } = crowdOf(variant, seconds)
  await untilQuiet(stand)
  if (met.has(stand)) await forget(stand)
  met.add(stand)
  const crowd = startPlayers(stand.lab, stand.folders, ATTACKED, ['crowd'])
  const { players } = await crowd.next(READY_MS, 'ready')
  const counters = new CounterSeries(stand.serverPid)
  const watch = watchCutTable(stand)
  try {
    await pass(PEACE_MS)
    const machine = readMachine()
    const startUs = nowUs()
    stand.sayTo(`surge: ${players} new players join within ${joinSeconds} s and stay ${staySeconds} s`)
    crowd.send({ type: 'join', overMs: joinSeconds * 1000 })
    await pass(joinSeconds * 1000)
    const fullUs = nowUs()
    await pass(staySeconds * 1000)
    const endUs = nowUs()
    const after = readMachine()
    await pass(ECHO_PATIENCE_MS)
    const span = { startUs, fullUs, endUs }
    const result = await assembleSurge(stand, { crowd, players, joinSeconds, span, series: counters.samples })
    crowd.send({ type: 'leave' })
    await pass(TOLD_MS)
    const records = await readRecords(stand, startUs)
    const own = records.incidents.filter(({ nodeName }) => nodeName === ATTACKED)
    return {
      ...result,
      incidents: own.length,
      incident: own[0] ? { id: own[0].id, vectors: own[0].report.vectors, state: own[0].state } : null,
      surges: records.surges.filter(({ nodeName }) => nodeName === ATTACKED).map(({ reasons }) => ({ reasons })),
      otherNodes: { incidents: records.incidents.length - own.length },
      crowd: { ...result.crowd!, rulesSeen: watch.most() },
      rulesLeft: await countAll(stand),
      measured: {
        ...result.measured,
        softnetDrops: after.softnetDrops - machine.softnetDrops,
        busyCores: (after.busySeconds - machine.busySeconds) / ((endUs - startUs) / 1e6),
      },
    }
  } finally {
    watch.stop()
    counters.stop()
    crowd.process.kill()
  }
}

/** A node that has met the crowd would know it: it starts again with its usual players only. */
async function forget(stand: Stand): Promise<void> {
  const agent = stand.agents.find(({ node }) => node === ATTACKED)!
  await agent.forget()
  agent.start()
  await waitUntilLearned([agent], { 'match-01': playerAddresses(ATTACKED).length, 'match-02': 0 }, stand.sayTo)
}

/** Most rules, chains and elements that stood at any look: nobody may be limited even for a moment. */
function watchCutTable(stand: Stand): { most: () => number; stop: () => void } {
  let most = 0
  const timer = setInterval(() => {
    countCutTable(stand.lab.id, ATTACKED, CUT_TABLE)
      .then((count) => {
        most = Math.max(most, count)
      })
      .catch(() => clearInterval(timer))
  }, LOOK_EVERY_MS)
  return { most: () => most, stop: () => clearInterval(timer) }
}

type SurgeStory = {
  crowd: PlayersChild
  players: number
  joinSeconds: number
  span: { startUs: number; fullUs: number; endUs: number }
  series: readonly Counters[]
}

async function assembleSurge(
  stand: Stand,
  { crowd, players, joinSeconds, span: { startUs, fullUs, endUs }, series }: SurgeStory,
): Promise<RunResult> {
  const joined = await summariesOf(crowd)(startUs, endUs)
  const before = await stand.playersOf(startUs - PEACE_MS * 1000, startUs)
  const during = await stand.playersOf(startUs, endUs)
  const full = ratesBetween(series, fullUs, endUs)
  const peace = ratesBetween(series, 0, startUs)
  const status = await stand.agents.find(({ node }) => node === ATTACKED)!.status()
  return {
    scenario: 'surge',
    node: ATTACKED,
    incidents: 0,
    surges: [],
    incident: null,
    stagesMs: Object.fromEntries(STAGES.map((stage) => [stage, null])) as Record<Stage, null>,
    traffic: { ...full, droppedPps: Math.max(0, full.wirePps - full.deliveredPps) },
    verifiedClients: {
      count: status?.verifiedClients ?? 0,
      packetsSent: during.sent,
      packetsLost: during.lost,
      packetsLostBeforeRule: 0,
      controlLost: stand.control.lost,
    },
    rttMs: { before: before.rttMs?.p50 ?? null, during: during.rttMs?.p50 ?? null, after: null },
    otherNodes: { incidents: 0 },
    rulesLeft: 0,
    evidence: null,
    heldBy: null,
    pulses: [],
    nodes: [],
    crowd: {
      players,
      joinSeconds,
      timesUsualPps: Math.round((full.wirePps / peace.wirePps) * 10) / 10,
      packetsSent: joined.sent,
      packetsLost: joined.lost,
      rttMs: joined.rttMs,
      rulesSeen: 0,
    },
    measured: {
      ...NO_FLOOD,
      rttP99Ms: { before: before.rttMs?.p99 ?? null, during: during.rttMs?.p99 ?? null, after: null },
      controlSent: stand.control.sent,
    },
  }
}

const NO_FLOOD: Omit<Measured, 'rttP99Ms' | 'controlSent'> = {
  floodPps: 0,
  floodSeconds: 0,
  attackPackets: 0,
  attackPacketsDelivered: 0,
  droppedShareSinceRule: null,
  vectorNamedRight: false,
  rulesGoneAfterFloodMs: null,
  alertSignatureVerified: false,
  alertsOpened: 0,
  softnetDrops: 0,
  busyCores: 0,
  generatorCores: 0,
  drill: null,
}

function ratesBetween(series: readonly Counters[], fromUs: number, toUs: number) {
  const first = series.find(({ atUs }) => atUs >= fromUs) ?? series[0]!
  const last = series.findLast(({ atUs }) => atUs <= toUs) ?? series.at(-1)!
  const perSecond = (a: number, b: number) => Math.round((b - a) / Math.max(1e-6, (last.atUs - first.atUs) / 1e6))
  return {
    wirePps: perSecond(first.wirePackets, last.wirePackets),
    deliveredPps: perSecond(first.deliveredPackets, last.deliveredPackets),
    wireBps: perSecond(first.wireBytes, last.wireBytes) * 8,
  }
}
