import { CUT_TABLE, verifyBundle } from './agents'
import { nowUs, pass, until } from './clock'
import { CounterSeries, type Counters, readMachine } from './counters'
import { type Drill, type DrillReport, drillSteps } from './drill'
import type { Summary } from './echo-log'
import { type Flood, planFlood, type Scenario } from './floods'
import { countCutTable, readWireCounter, watchFirstPacket } from './observer'
import { type IncidentRecord, prefixed, type Records } from './records'
import { measureFlood, type RunResult, type StageTimes, stagesSince } from './result'
import { ATTACKED, ECHO_PATIENCE_MS, type Stand } from './stand'
import { NODE_NAMES } from './topology'
import type { Alert } from './witness'

export type FloodOrder = { scenario: Scenario; variant: string; seconds: number; drill: Drill | null }

const BESIDE_SECONDS = 5
const RULES_GONE_MS = 60_000
const RESOLVED_MS = 90_000
const EVIDENCE_MS = 60_000
/** Heading of the public page's section that exists only while an incident is open. */
const OPEN_ON_PAGE = '<h2>Going on</h2>'

type Fired = {
  firstUs: number
  endUs: number
  series: Counters[]
  peace: { wirePps: number; wireBytesPerSecond: number; deliveredPps: number }
  statusPageUs: number | null
  attackFrames: number
  generatorCores: number
  softnetDrops: number
  busyCores: number
  drill: DrillReport | null
}

/** One flood from quiet to quiet, measured from outside the agent. */
export async function runFlood(stand: Stand, order: FloodOrder): Promise<RunResult> {
  const flood = planFlood(order.scenario, order.variant, stand.target)
  await untilQuiet(stand)
  const sinceUs = nowUs()
  stand.sayTo(
    `flood: ${order.scenario} (${order.variant}), ${flood.pps} packets/s of ${flood.frameBytes} bytes for ${order.seconds} s`,
  )
  const fired = await fire(stand, flood, order)
  stand.sayTo(
    `flood: over, ${fired.attackFrames} frames on the wire; waiting for rules to go and the incident to resolve`,
  )
  const rulesGoneUs = await untilRulesGone(stand)
  const records = await untilResolved(stand, sinceUs)
  await pass((fired.endUs - nowUs()) / 1000 + BESIDE_SECONDS * 1000 + ECHO_PATIENCE_MS)
  const alerts = await readAlerts(stand)
  return assemble(stand, { order, flood, fired, records, alerts, rulesGoneUs })
}

async function untilQuiet(stand: Stand): Promise<void> {
  await until('the cut tables to be empty', async () => ((await countAll(stand)) === 0 ? true : null), {
    timeoutMs: RULES_GONE_MS,
    everyMs: 500,
  })
  stand.witness.send({
    type: 'watch',
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

async function countAll(stand: Stand): Promise<number> {
  const counts = await Promise.all(NODE_NAMES.map((node) => countCutTable(stand.lab.id, node, CUT_TABLE)))
  return counts.reduce((sum, count) => sum + count, 0)
}

async function fire(stand: Stand, flood: Flood, order: FloodOrder): Promise<Fired> {
  const { seconds } = order
  const steps = drillSteps(stand, order.drill, seconds)
  const watch = await watchFirstPacket(stand.lab.id, ATTACKED)
  const framesBefore = (await readWireCounter(stand.lab.id, ATTACKED)).packets
  const counters = new CounterSeries(stand.serverPid)
  try {
    await pass(2_000)
    await steps.beforeFlood()
    const peace = ratesOf(counters.samples)
    const machine = readMachine()
    stand.generator.send({ type: 'fire', config: `${flood.packets.join('\n')}\n`, pps: flood.pps, seconds })
    const spent = stand.generator.next((seconds * 2 + 15) * 1000, 'spent')
    spent.catch(() => watch.stop())
    const firstUs = await watch.firstUs
    const poll = { url: stand.platform.statusPageUrl, shows: OPEN_ON_PAGE, hides: null, everyMs: 10 }
    stand.witness.send({ type: 'watch', ...poll, timeoutMs: (seconds + 30) * 1000 })
    const drill = await steps.midFlood(counters.samples)
    const { endedUs, packets, cpuSeconds, wallSeconds } = await spent
    const after = readMachine()
    await steps.afterFlood()
    const status = await stand.witness.next((seconds + 40) * 1000, 'watched')
    await pass(200)
    const attackFrames = (await readWireCounter(stand.lab.id, ATTACKED)).packets - framesBefore
    if (attackFrames < packets * 0.99) throw new Error(`only ${attackFrames} of ${packets} frames reached the wire`)
    return {
      firstUs,
      endUs: endedUs,
      series: counters.stop(),
      peace,
      statusPageUs: status.atUs,
      attackFrames,
      generatorCores: cpuSeconds / wallSeconds,
      softnetDrops: after.softnetDrops - machine.softnetDrops,
      busyCores: (after.busySeconds - machine.busySeconds) / ((endedUs - firstUs) / 1e6),
      drill,
    }
  } finally {
    counters.stop()
    watch.stop()
  }
}

function ratesOf(samples: readonly Counters[]): Fired['peace'] {
  const [first, last] = [samples[0]!, samples.at(-1)!]
  const seconds = (last.atUs - first.atUs) / 1e6
  return {
    wirePps: (last.wirePackets - first.wirePackets) / seconds,
    wireBytesPerSecond: (last.wireBytes - first.wireBytes) / seconds,
    deliveredPps: (last.deliveredPackets - first.deliveredPackets) / seconds,
  }
}

/** Moment at which both cut tables were seen empty, or null when they did not get there in time. */
async function untilRulesGone(stand: Stand): Promise<number | null> {
  return until('the rules to go', async () => ((await countAll(stand)) === 0 ? nowUs() : null), {
    timeoutMs: RULES_GONE_MS,
    everyMs: 500,
  }).catch((error: Error) => {
    if (error.name === 'DeadlineError') return null
    throw error
  })
}

async function readRecords(stand: Stand, sinceUs: number): Promise<Records> {
  const { databaseUrl } = stand.platform
  stand.witness.send({ type: 'records', databaseUrl, workspaceUuid: stand.workspaceUuid, sinceUs })
  return (await stand.witness.next(20_000, 'records')).records
}

/** Records once the incident is resolved and its evidence uploaded; whatever there is when the time is up. */
async function untilResolved(stand: Stand, sinceUs: number): Promise<Records> {
  const own = ({ incidents }: Records) => incidents.filter(({ nodeName }) => nodeName === ATTACKED)
  const wait = (what: string, timeoutMs: number, done: (incident: IncidentRecord) => boolean) =>
    until(
      what,
      async () => {
        const records = await readRecords(stand, sinceUs)
        return own(records).length > 0 && own(records).every(done) ? records : null
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

async function readAlerts(stand: Stand): Promise<Alert[]> {
  stand.witness.send({ type: 'alerts' })
  return (await stand.witness.next(10_000, 'alerts')).alerts
}

type Parts = {
  order: FloodOrder
  flood: Flood
  fired: Fired
  records: Records
  alerts: Alert[]
  rulesGoneUs: number | null
}

async function assemble(
  stand: Stand,
  { order, flood, fired, records, alerts, rulesGoneUs }: Parts,
): Promise<RunResult> {
  const own = records.incidents.filter(({ nodeName }) => nodeName === ATTACKED)
  const incident = own[0] ?? null
  const id = incident === null ? null : prefixed('inc', incident.id)
  const opened = alerts.filter(
    ({ kind, incidentId }) => kind === 'incident.opened' && incidentId !== '' && prefixed('inc', incidentId) === id,
  )
  const stages = incident?.report.stages
  const ruleUs = stages?.ruleInKernelUs ?? null
  const times: StageTimes = {
    detected: stages?.detectedUs ?? null,
    ruleInKernel: ruleUs,
    incidentStored: incident === null ? null : (storedAt(stand, incident.id) ?? null),
    evidenceSecured: stages?.evidenceSecuredUs ?? null,
    firstAlert: opened[0]?.atUs ?? null,
    statusPage: fired.statusPageUs,
    resolved: incident?.state === 'resolved' ? (stages?.resolvedUs ?? null) : null,
  }
  const window = { firstUs: fired.firstUs, ruleUs, endUs: fired.endUs }
  const traffic = measureFlood(fired.series, fired.peace, window)
  const loss = await lossOf(stand, window)
  const { wirePps, droppedPps, deliveredPps, wireBps } = traffic
  const vectors = incident?.report.vectors.map(({ id, confidence, share }) => ({ id, confidence, share })) ?? []
  return {
    scenario: order.scenario,
    node: ATTACKED,
    incidents: own.length,
    surges: records.surges.filter(({ nodeName }) => nodeName === ATTACKED).map(({ reasons }) => ({ reasons })),
    incident: incident === null || id === null ? null : { id, vectors, state: incident.state },
    stagesMs: stagesSince(fired.firstUs, times),
    traffic: { wirePps, droppedPps, deliveredPps, wireBps },
    verifiedClients: {
      count: incident?.report.verifiedClients.count ?? 0,
      packetsSent: loss.sinceRule.sent,
      packetsLost: loss.sinceRule.lost,
      packetsLostBeforeRule: loss.beforeRule.lost,
      controlLost: stand.control.lost,
    },
    rttMs: {
      before: loss.before.rttMs?.p50 ?? null,
      during: loss.during.rttMs?.p50 ?? null,
      after: loss.after.rttMs?.p50 ?? null,
    },
    otherNodes: { incidents: records.incidents.length - own.length },
    rulesLeft: await countAll(stand),
    evidence: await evidenceOf(stand, incident),
    measured: {
      floodPps: Math.round(fired.attackFrames / ((fired.endUs - fired.firstUs) / 1e6)),
      floodSeconds: (fired.endUs - fired.firstUs) / 1e6,
      attackPackets: fired.attackFrames,
      attackPacketsDelivered: traffic.attackPacketsDelivered,
      droppedShareSinceRule: traffic.droppedShareSinceRule,
      vectorNamedRight: vectors.length > 0 && vectors.every(({ id }) => flood.vectorIds.includes(id)),
      rulesGoneAfterFloodMs: rulesGoneUs === null ? null : (rulesGoneUs - fired.endUs) / 1000,
      alertSignatureVerified: opened.length > 0 && opened.every(({ verified }) => verified),
      alertsOpened: new Set(opened.map(({ messageId }) => messageId)).size,
      rttP99Ms: {
        before: loss.before.rttMs?.p99 ?? null,
        during: loss.during.rttMs?.p99 ?? null,
        after: loss.after.rttMs?.p99 ?? null,
      },
      controlSent: stand.control.sent,
      softnetDrops: fired.softnetDrops,
      busyCores: fired.busyCores,
      generatorCores: fired.generatorCores,
      drill: fired.drill,
    },
  }
}

function storedAt(stand: Stand, uuid: string): number | undefined {
  const wanted = prefixed('inc', uuid)
  return [...stand.platform.stored].find(([id]) => prefixed('inc', id) === wanted)?.[1]
}

type Loss = Record<'before' | 'beforeRule' | 'sinceRule' | 'during' | 'after', Summary>

async function lossOf(
  stand: Stand,
  { firstUs, ruleUs, endUs }: { firstUs: number; ruleUs: number | null; endUs: number },
): Promise<Loss> {
  const beside = BESIDE_SECONDS * 1e6
  const cut = Math.min(ruleUs ?? endUs, endUs)
  return {
    before: await stand.playersOf(firstUs - beside, firstUs),
    beforeRule: await stand.playersOf(firstUs, cut),
    sinceRule: await stand.playersOf(cut, endUs),
    during: await stand.playersOf(firstUs, endUs),
    after: await stand.playersOf(endUs, endUs + beside),
  }
}

async function evidenceOf(stand: Stand, incident: IncidentRecord | null): Promise<RunResult['evidence']> {
  const evidence = incident?.evidence
  if (!evidence?.storedPath) return null
  const { manifest } = evidence.signed
  const checks = await Promise.all(
    evidence.publicKeys.map((key) => verifyBundle(stand.folders.root, evidence.storedPath!, key)),
  )
  return {
    path: evidence.storedPath,
    packets: manifest.files.reduce((sum, { packets }) => sum + packets, 0),
    packetsBeforeOnset: manifest.packetsBeforeOnset,
    verified: checks.includes(true),
  }
}
