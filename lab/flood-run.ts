import { verifyBundle } from './agents'
import { nowUs, pass } from './clock'
import type { Drill } from './drill'
import type { Summary } from './echo-log'
import { type Fired, fire, type Volley } from './fire'
import { pulsesOf } from './pulses'
import { countAll, untilQuiet, untilResolved, untilRulesGone } from './quiet'
import { type IncidentRecord, prefixed, type Records } from './records'
import {
  type FloodTraffic,
  heldBy,
  joinFloods,
  measureFlood,
  type NodeMeasured,
  type NodeResult,
  type RunResult,
  type StageTimes,
  stagesSince,
} from './result'
import { type Plan, planScenario, type Scenario } from './scenarios'
import { ECHO_PATIENCE_MS, type Stand } from './stand'
import { NODE_NAMES, type NodeName } from './topology'
import type { Alert } from './witness'

export type FloodOrder = { scenario: Scenario; variant: string; seconds: number; drill: Drill | null }

const BESIDE_SECONDS = 5

/** One story of floods from quiet to quiet, measured from outside the agents. */
export async function runFlood(
  stand: Stand,
  order: FloodOrder & { scenario: Exclude<Scenario, 'surge'> },
): Promise<RunResult> {
  const targets = Object.fromEntries(NODE_NAMES.map((node) => [node, stand.sides[node].target]))
  const plan = planScenario(order.scenario, order.variant, targets as Record<NodeName, Stand['target']>, order.seconds)
  await untilQuiet(stand)
  const sinceUs = nowUs()
  stand.sayTo(`flood: ${order.scenario} (${order.variant})${inWords(plan)}`)
  const volley = await fire(stand, plan, order.drill)
  const endUs = Math.max(...volley.fired.map(({ bursts }) => bursts.at(-1)!.endUs))
  stand.sayTo('flood: over; waiting for rules to go and incidents to resolve')
  const rulesGoneUs = await untilRulesGone(stand)
  const nodes = volley.fired.map(({ side }) => side.node)
  const records = await untilResolved(stand, sinceUs, nodes)
  await pass((endUs - nowUs()) / 1000 + BESIDE_SECONDS * 1000 + ECHO_PATIENCE_MS)
  const alerts = await readAlerts(stand)
  const results: NodeResult[] = []
  for (const fired of volley.fired) results.push(await assembleNode(stand, { fired, records, alerts }))
  return assemble(stand, { order, volley, records, results, rulesGoneUs, endUs })
}

const inWords = ({ bursts, seconds, everySeconds }: Plan): string => {
  const [first = []] = bursts
  const floods = first.map(({ node, flood }) => `${flood.pps} packets/s of ${flood.frameBytes} bytes at ${node}`)
  const pulses = bursts.length > 1 ? `, ${bursts.length} times, ${everySeconds - seconds} s apart` : ''
  return `: ${floods.join(' and ')} for ${seconds} s${pulses}`
}

async function readAlerts(stand: Stand): Promise<Alert[]> {
  stand.witness.send({ type: 'alerts' })
  return (await stand.witness.next(10_000, 'alerts')).alerts
}

type Story = {
  order: FloodOrder
  volley: Volley
  records: Records
  results: NodeResult[]
  rulesGoneUs: number | null
  endUs: number
}

async function assemble(
  stand: Stand,
  { order, volley, records, results, rulesGoneUs, endUs }: Story,
): Promise<RunResult> {
  const [first] = results
  const attacked = results.map(({ node }) => node)
  const incidents = results.reduce((sum, one) => sum + one.incidents, 0)
  const { measured, ...top } = first!
  return {
    scenario: order.scenario,
    ...top,
    incidents,
    surges: records.surges
      .filter(({ nodeName }) => attacked.includes(nodeName as NodeName))
      .map(({ reasons }) => ({ reasons })),
    otherNodes: { incidents: records.incidents.length - incidents },
    rulesLeft: await countAll(stand),
    nodes: results,
    crowd: null,
    measured: {
      ...measured,
      rulesGoneAfterFloodMs: rulesGoneUs === null ? null : (rulesGoneUs - endUs) / 1000,
      controlSent: stand.control.sent,
      softnetDrops: volley.softnetDrops,
      busyCores: volley.busyCores,
      drill: volley.drill,
    },
  }
}

type NodeStory = { fired: Fired; records: Records; alerts: Alert[] }

async function assembleNode(stand: Stand, { fired, records, alerts }: NodeStory): Promise<NodeResult> {
  const { node } = fired.side
  const own = records.incidents.filter(({ nodeName }) => nodeName === node)
  const incident = own[0] ?? null
  const id = incident === null ? null : prefixed('inc', incident.id)
  const opened = alerts.filter(
    ({ kind, incidentId }) => kind === 'incident.opened' && incidentId !== '' && prefixed('inc', incidentId) === id,
  )
  const windows = pulsesOf(stand, fired, incident)
  const traffic = joinFloods(windows.map((window) => measureFlood(fired.series, fired.peace, window)))
  const loss = await lossOf(fired, windows)
  const { wirePps, droppedPps, deliveredPps, wireBps } = traffic
  const vectors = incident?.report.vectors.map(({ id, confidence, share }) => ({ id, confidence, share })) ?? []
  return {
    node,
    incidents: own.length,
    incident: incident === null || id === null ? null : { id, vectors, state: incident.state },
    stagesMs: stagesSince(fired.bursts[0]!.firstUs, stageTimes(stand, fired, incident, opened)),
    traffic: { wirePps, droppedPps, deliveredPps, wireBps },
    verifiedClients: {
      count: incident?.report.verifiedClients.count ?? 0,
      packetsSent: loss.sinceRule.sent,
      packetsLost: loss.sinceRule.lost,
      packetsLostBeforeRule: loss.beforeRule.lost,
      controlLost: stand.control.lost,
    },
    rttMs: tripsOf(loss, 'p50'),
    evidence: await evidenceOf(stand, incident),
    heldBy: heldBy(incident?.report.rules ?? [], traffic),
    pulses: fired.bursts.length < 2 ? [] : windows.map(({ pulse }) => pulse),
    measured: { ...measuredOf(fired, traffic, vectors, opened), rttP99Ms: tripsOf(loss, 'p99') },
  }
}

function stageTimes(stand: Stand, fired: Fired, incident: IncidentRecord | null, opened: Alert[]): StageTimes {
  const stages = incident?.report.stages
  return {
    detected: stages?.detectedUs ?? null,
    ruleInKernel: stages?.ruleInKernelUs ?? null,
    incidentStored: incident === null ? null : (storedAt(stand, incident.id) ?? null),
    evidenceSecured: stages?.evidenceSecuredUs ?? null,
    firstAlert: opened[0]?.atUs ?? null,
    statusPage: fired.statusPageUs,
    resolved: incident?.state === 'resolved' ? (stages?.resolvedUs ?? null) : null,
  }
}

const tripsOf = ({ before, during, after }: Loss, which: 'p50' | 'p99'): NodeResult['rttMs'] => ({
  before: before.rttMs?.[which] ?? null,
  during: during.rttMs?.[which] ?? null,
  after: after.rttMs?.[which] ?? null,
})

function measuredOf(
  { bursts, generatorCores }: Fired,
  traffic: FloodTraffic,
  vectors: { id: string }[],
  opened: Alert[],
): Omit<NodeMeasured, 'rttP99Ms'> {
  const wanted = new Set(bursts.flatMap(({ flood }) => flood.vectorIds))
  const attackPackets = bursts.reduce((sum, { frames }) => sum + frames, 0)
  const floodSeconds = bursts.reduce((sum, burst) => sum + (burst.endUs - burst.firstUs) / 1e6, 0)
  return {
    floodPps: Math.round(attackPackets / floodSeconds),
    floodSeconds,
    attackPackets,
    attackPacketsDelivered: traffic.attackPacketsDelivered,
    droppedShareSinceRule: traffic.droppedShareSinceRule,
    vectorNamedRight: vectors.length > 0 && vectors.every(({ id }) => wanted.has(id)),
    alertSignatureVerified: opened.length > 0 && opened.every(({ verified }) => verified),
    alertsOpened: new Set(opened.map(({ messageId }) => messageId)).size,
    generatorCores,
  }
}

function storedAt(stand: Stand, uuid: string): number | undefined {
  const wanted = prefixed('inc', uuid)
  return [...stand.platform.stored].find(([id]) => prefixed('inc', id) === wanted)?.[1]
}

type Loss = Record<'before' | 'beforeRule' | 'sinceRule' | 'during' | 'after', Summary>

async function lossOf(
  { side, bursts }: Fired,
  windows: { firstUs: number; ruleUs: number | null; endUs: number }[],
): Promise<Loss> {
  const beside = BESIDE_SECONDS * 1e6
  const firstUs = bursts[0]!.firstUs
  const endUs = bursts.at(-1)!.endUs
  const cuts = windows.map((window) => ({ ...window, cutUs: Math.min(window.ruleUs ?? window.endUs, window.endUs) }))
  const over = async (spans: [number, number][]): Promise<Summary> => {
    const found: Summary[] = []
    for (const [from, to] of spans) found.push(await side.playersOf(from, to))
    const worst = found.toSorted((a, b) => (b.rttMs?.p50 ?? 0) - (a.rttMs?.p50 ?? 0))[0]
    const sum = (of: (one: Summary) => number) => found.reduce((total, one) => total + of(one), 0)
    return { sent: sum(({ sent }) => sent), lost: sum(({ lost }) => lost), rttMs: worst?.rttMs ?? null }
  }
  return {
    before: await over([[firstUs - beside, firstUs]]),
    beforeRule: await over(cuts.map((cut) => [cut.firstUs, cut.cutUs])),
    sinceRule: await over(cuts.map((cut) => [cut.cutUs, cut.endUs])),
    during: await over(cuts.map((cut) => [cut.firstUs, cut.endUs])),
    after: await over([[endUs, endUs + beside]]),
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
