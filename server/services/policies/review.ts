import { z } from 'zod'
import type { IncidentReport } from '../../../wire/incident'
import type { VectorId } from '../../../wire/vectors'
import { DAY_MS } from '../../core/units'
import type { Tx } from '../../db/pool'
import { countSpansAbove, type SpansAbove } from '../../db/sample-reads'
import { type Ctx, clockOf, inTenant, parseInput, requirePermission } from '../context'
import { nodesWithin } from '../reach'
import { inheritedBy, type PolicyBook, readBook, sourceOf } from './book'
import { type Change, changesBetween, type Danger, newDangers } from './compare'
import { isOther, outcomeOf, type Range, type RuleOutcome } from './outcome'
import { holding } from './save'
import { requireScope, ScopeInput } from './scope'
import { BUILT_IN, PolicySettings, type Scope } from './settings'

const Input = z.object({ scope: ScopeInput, settings: PolicySettings.nullable() })

export const PREVIEW_DAYS = 30
const INCIDENTS_MAX = 1_000
const SHOWN_MAX = 50

export type IncidentOutcome = {
  id: string
  nodeName: string
  startedAt: Date
  peakPps: number
  /** Rules that would have been others. */
  rules: RuleOutcome[]
  dropped: number
  wouldDrop: Range
}

export type Preview = {
  days: number
  /** Nodes that would take this policy. */
  nodes: number
  incidents: number
  /** There were more; these are the newest. */
  isCut: boolean
  /** Recorded while the kill switch was on: no policy would have mattered. */
  stopped: number
  /** Those that would have gone otherwise, newest first, and how many they are in all. */
  differing: IncidentOutcome[]
  differingCount: number
  dropped: number
  wouldDrop: Range
  /** Pauses longer than the draft's quiet time: where one incident would have been two. */
  splits: number
  /** Incidents on one node so near to each other that they would have been one. */
  merges: number
  /** How often the nodes' whole traffic was above the rate of new sources; null without samples. */
  pace: SpansAbove | null
}

export type Review = { changes: Change[]; dangers: Danger[]; preview: Preview }

/** What a draft would change, what it may do to people, and what it would have done lately. Saves nothing. */
export async function reviewPolicy({ ctx, input }: { ctx: Ctx; input: z.input<typeof Input> }): Promise<Review> {
  const reach = requirePermission(ctx, 'policy.read')
  const { scope: meant, settings } = parseInput(Input, input)
  const { workspaceId } = ctx
  const nowMs = clockOf(ctx).now()
  return inTenant(ctx, async (tx) => {
    const book = await readBook(tx, workspaceId, new Date(nowMs))
    const scope = await requireScope(tx, book, reach, meant, true)
    const before = holding(book, scope).settings
    const draft = settings ?? inheritedBy(book, scope).settings
    const seen = await nodesWithin(tx, reach)
    const nodeIds = takersOf(book, scope).filter((id) => seen === null || seen.includes(id))
    const since = new Date(nowMs - PREVIEW_DAYS * DAY_MS)
    const pace = await countSpansAbove(tx, { workspaceId, nodeIds, fromMs: since.getTime(), pps: draft.newSourcePps })
    const incidents = await readIncidents(tx, workspaceId, nodeIds, since)
    return {
      changes: changesBetween(before, draft),
      dangers: newDangers(before, draft),
      preview: { nodes: nodeIds.length, pace, ...previewOf(incidents, draft) },
    }
  })
}

/** Nodes that would take the scope's policy if it had one of its own; where it is about to lose it, those that take it now. */
const takersOf = (book: PolicyBook, scope: Scope): string[] =>
  book.nodes
    .filter(({ id }) => sourceOf(book, id, { scopeId: scope.id, isOwn: true }).id === scope.id)
    .map(({ id }) => id)

type PastIncident = {
  id: string
  nodeId: string
  nodeName: string
  firstPacketAt: Date
  endingAt: Date | null
  endedAt: Date
  rules: IncidentReport['rules']
  peakPps: number
  policy: { stopped?: boolean; settings?: unknown }
  /** Longest pause after which the attack came back, in ms. */
  pauses: number[]
}

function readIncidents(tx: Tx, workspaceId: string, nodeIds: string[], since: Date): Promise<PastIncident[]> {
  // What a node calls the ending comes a second after it fell quiet.
  return tx.$queryRaw<PastIncident[]>`
    SELECT i.id, i.node_id AS "nodeId", n.name AS "nodeName", i.first_packet_at AS "firstPacketAt", i.ending_at AS "endingAt",
      coalesce(i.resolved_at, i.updated_at) AS "endedAt", i.report -> 'rules' AS rules, i.policy,
      (i.report -> 'traffic' -> 'peakWire' ->> 'pps')::float8 AS "peakPps",
      coalesce((SELECT array_agg(p.ms) FROM (
        SELECT extract(epoch FROM t.at - lag(t.at) OVER (ORDER BY t.at, t.id))::float8 * 1000 + 1000 AS ms, t.kind
        FROM incident_timeline t WHERE t.workspace_id = i.workspace_id AND t.incident_id = i.id
          AND t.kind IN ('ending', 'resumed')) p WHERE p.kind = 'resumed' AND p.ms IS NOT NULL), '{}') AS pauses
    FROM incident i JOIN node n ON n.workspace_id = i.workspace_id AND n.id = i.node_id
    WHERE i.workspace_id = ${workspaceId}::uuid AND i.node_id = ANY (${nodeIds}::uuid[]) AND i.opened_at > ${since}::timestamptz
      AND i.state <> 'rejected'
    ORDER BY i.opened_at DESC LIMIT ${INCIDENTS_MAX + 1}::int`
}

function previewOf(found: PastIncident[], draft: PolicySettings): Omit<Preview, 'nodes' | 'pace'> {
  const incidents = found.slice(0, INCIDENTS_MAX)
  const acted = incidents.filter(({ policy }) => policy.stopped !== true)
  const outcomes = acted.map((incident) => toOutcome(incident, draft))
  const differing = outcomes.filter(({ rules }) => rules.length > 0)
  const sum = (pick: (one: IncidentOutcome) => number): number => outcomes.reduce((all, one) => all + pick(one), 0)
  return {
    days: PREVIEW_DAYS,
    incidents: incidents.length,
    isCut: found.length > INCIDENTS_MAX,
    stopped: incidents.length - acted.length,
    differing: differing.slice(0, SHOWN_MAX),
    differingCount: differing.length,
    dropped: sum(({ dropped }) => dropped),
    wouldDrop: { low: sum(({ wouldDrop }) => wouldDrop.low), high: sum(({ wouldDrop }) => wouldDrop.high) },
    splits: incidents.reduce((count, { pauses }) => count + pauses.filter((ms) => ms > draft.holdMs).length, 0),
    merges: countMerges(incidents, draft.holdMs),
  }
}

/** The policy that an incident froze; what was built in before nodes said which one they go by. */
const pastSettings = ({ policy }: PastIncident): PolicySettings =>
  PolicySettings.safeParse(policy.settings).data ?? BUILT_IN

function toOutcome(incident: PastIncident, draft: PolicySettings): IncidentOutcome {
  const past = pastSettings(incident)
  const endedUs = incident.endedAt.getTime() * 1_000
  const rules = incident.rules.map((rule) => {
    const seconds = Math.max(0, ((rule.removedUs ?? endedUs) - rule.installedUs) / 1e6)
    return outcomeOf({ ...rule, vectorId: rule.vectorId as VectorId, seconds }, past, draft)
  })
  const { id, nodeName, firstPacketAt, peakPps } = incident
  return {
    id,
    nodeName,
    startedAt: firstPacketAt,
    peakPps,
    rules: rules.filter(isOther),
    dropped: rules.reduce((sum, { dropped }) => sum + dropped, 0),
    wouldDrop: {
      low: rules.reduce((sum, { wouldDrop }) => sum + wouldDrop.low, 0),
      high: rules.reduce((sum, { wouldDrop }) => sum + wouldDrop.high, 0),
    },
  }
}

/** Newest first: an incident that began before the one before it on its node would have been over. */
function countMerges(incidents: readonly PastIncident[], holdMs: number): number {
  const next = new Map<string, PastIncident>()
  let merges = 0
  for (const incident of incidents) {
    const later = next.get(incident.nodeId)
    const quietAt = incident.endingAt ?? incident.endedAt
    if (later && later.firstPacketAt.getTime() - quietAt.getTime() <= holdMs) merges += 1
    next.set(incident.nodeId, incident)
  }
  return merges
}
