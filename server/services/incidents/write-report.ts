import type { IncidentEvent, IncidentReport, IncidentState } from '../../../wire/incident'
import { BUILT_IN_POLICY_ID } from '../../../wire/messages'
import { VECTORS } from '../../../wire/vectors'
import type { NotifyEffect } from '../../confirm/decide'
import { formatId, newId } from '../../core/ids'
import { microsToTimestamp, microsToTimestampOrNull } from '../../core/units'
import { Prisma, type Tx } from '../../db/pool'
import { actorId, type Ctx, clockOf } from '../context'
import { BUILT_IN, policyRowOf } from '../policies/settings'

export type ReportWrite = {
  nodeId: string
  event: IncidentEvent
  report: IncidentReport
  /** State and words that `confirm` decided on. */
  state: IncidentState
  effects: readonly NotifyEffect[]
  /** Audit action, or null when the report changes nothing that an auditor asks for. */
  auditAction: string | null
  before: { state: IncidentState; revision: number } | null
}

const at = (us: number | null) => Prisma.sql`${microsToTimestampOrNull(us)}::timestamptz`
const json = (value: unknown) => Prisma.sql`${JSON.stringify(value)}::jsonb`

/** Inserts the incident; gives no row when it is known. */
export function insertIncident(ctx: Ctx, { nodeId, report, state }: ReportWrite): Prisma.Sql {
  const { stages } = report
  const now = at(clockOf(ctx).micros())
  return Prisma.sql`
    INSERT INTO incident (workspace_id, id, node_id, state, revision, score, report, policy, opened_at, first_packet_at,
      detected_at, rule_in_kernel_at, stored_at, evidence_secured_at, mitigated_at, ending_at, resolved_at, updated_at)
    VALUES (${ctx.workspaceId}::uuid, ${report.id}::uuid, ${nodeId}::uuid, ${state}, ${report.revision}::int,
      ${report.score}::float8, ${json(report)}, ${frozenPolicy(ctx, report)}, ${at(stages.detectedUs)}, ${at(stages.trippedUs)},
      ${at(stages.detectedUs)}, ${at(stages.ruleInKernelUs)}, ${now}, ${at(stages.evidenceSecuredUs)},
      ${at(stages.mitigatedUs)}, ${at(stages.endingUs)}, ${at(stages.resolvedUs)}, ${now})
    ON CONFLICT (workspace_id, id) DO NOTHING RETURNING workspace_id, id, node_id, revision`
}

/** What the node went by, with its settings: versions never change, so its id says them for good. Older agents tell no id. */
function frozenPolicy({ workspaceId }: Ctx, { policy }: IncidentReport): Prisma.Sql {
  const unsaved = policy.id === BUILT_IN_POLICY_ID ? { settings: BUILT_IN } : {}
  return Prisma.sql`${json(policy)} || coalesce((SELECT jsonb_build_object('settings', v.settings, 'groupId', v.group_id,
    'nodeId', v.node_id) FROM policy_version v
    WHERE v.workspace_id = ${workspaceId}::uuid AND v.id = ${policyRowOf(policy.id)}::uuid), ${json(unsaved)})`
}

/** Replaces an older report; gives no row when the known one is as new. Stage times once known stay. */
export function replaceIncident(ctx: Ctx, { nodeId, report, state }: ReportWrite): Prisma.Sql {
  const { stages } = report
  return Prisma.sql`
    UPDATE incident SET state = ${state}, revision = ${report.revision}::int, score = ${report.score}::float8,
      report = ${json(report)}, rule_in_kernel_at = coalesce(rule_in_kernel_at, ${at(stages.ruleInKernelUs)}),
      evidence_secured_at = coalesce(evidence_secured_at, ${at(stages.evidenceSecuredUs)}),
      mitigated_at = coalesce(mitigated_at, ${at(stages.mitigatedUs)}), ending_at = ${at(stages.endingUs)},
      resolved_at = coalesce(resolved_at, CASE WHEN ${state} IN ('resolved', 'rejected')
        THEN coalesce(${at(stages.resolvedUs)}, ${at(clockOf(ctx).micros())}) END),
      updated_at = ${at(clockOf(ctx).micros())}
    WHERE workspace_id = ${ctx.workspaceId}::uuid AND id = ${report.id}::uuid AND node_id = ${nodeId}::uuid
      AND revision < ${report.revision}::int
    RETURNING workspace_id, id, node_id, revision`
}

/**
 * Everything that follows from a report, in one statement: timeline, rules with their hits, audit, one message for each
 * destination that wants it, and both notifications. Nothing of it happens when `write` gives no row.
 */
export async function writeReport(tx: Tx, ctx: Ctx, given: ReportWrite, write: Prisma.Sql): Promise<boolean> {
  const rows = await tx.$queryRaw<{ told: number }[]>`
    WITH written AS (${write}),
    line AS (${insertTimeline(ctx, given)}),
    rules AS (${upsertRules(given)}),
    audit AS (${insertAudit(ctx, given)}),
    messages AS (${insertMessages(ctx, given)})
    SELECT count(pg_notify('incident', json_build_object('workspaceId', w.workspace_id, 'incidentId', w.id,
        'revision', w.revision)::text))::int AS told,
      (SELECT count(pg_notify('outgoing_message', json_build_object('workspaceId', m.workspace_id,
        'messageId', m.id)::text)) FROM messages m)::int AS messages
    FROM written w`
  return (rows[0]?.told ?? 0) > 0
}

const insertTimeline = (ctx: Ctx, { event, report }: ReportWrite) => Prisma.sql`
  INSERT INTO incident_timeline (workspace_id, id, incident_id, at, kind, text, actor_kind, actor_id, revision)
  SELECT workspace_id, ${newId()}::uuid, id, ${at(event.atUs)}, ${event.kind}, ${event.text}, ${ctx.actor.kind},
    ${actorId(ctx)}, ${report.revision}::int FROM written
  ON CONFLICT DO NOTHING RETURNING 1`

function upsertRules({ report }: ReportWrite): Prisma.Sql {
  const rules = report.rules.map((rule) => ({
    ...rule,
    installedAt: microsToTimestamp(rule.installedUs),
    removedAt: microsToTimestampOrNull(rule.removedUs),
  }))
  return Prisma.sql`
    INSERT INTO mitigation AS m (workspace_id, incident_id, rule_id, level, vector_id, action, words, nft, packets, bytes,
      installed_at, removed_at)
    SELECT w.workspace_id, w.id, r.id, r.level, r."vectorId", r.action, r.words, r.nft, r.packets, r.bytes,
      r."installedAt", r."removedAt"
    FROM written w CROSS JOIN jsonb_to_recordset(${json(rules)}) AS r (id text, level text, "vectorId" text, action text,
      words text, nft text, packets int8, bytes int8, "installedAt" timestamptz, "removedAt" timestamptz)
    ON CONFLICT (workspace_id, incident_id, rule_id) DO UPDATE SET action = excluded.action, words = excluded.words,
      nft = excluded.nft, packets = greatest(m.packets, excluded.packets), bytes = greatest(m.bytes, excluded.bytes),
      removed_at = excluded.removed_at
    RETURNING 1`
}

const insertAudit = (ctx: Ctx, { auditAction, before, report, state }: ReportWrite) => Prisma.sql`
  INSERT INTO audit_entry (workspace_id, id, at, actor_kind, actor_id, action, subject_kind, subject_id, before, after)
  SELECT workspace_id, ${newId()}::uuid, ${at(clockOf(ctx).micros())}, ${ctx.actor.kind}, ${actorId(ctx)},
    ${auditAction ?? ''}, 'incident', id::text, nullif(${json(before)}, 'null'::jsonb),
    ${json({ state, revision: report.revision })}
  FROM written WHERE ${auditAction !== null}::boolean RETURNING 1`

function insertMessages(ctx: Ctx, given: ReportWrite): Prisma.Sql {
  const { report } = given
  const wanted = given.effects.map((kind, order) => ({
    kind,
    order,
    key: kind === 'updated' ? `${report.id}:updated:${report.revision}` : `${report.id}:${kind}`,
    notice: noticeOf(ctx, given, kind),
  }))
  const now = at(clockOf(ctx).micros())
  return Prisma.sql`
    INSERT INTO outgoing_message (workspace_id, id, incident_id, destination_id, kind, payload, dedup_key, next_attempt_at,
      created_at)
    SELECT w.workspace_id, gen_random_uuid(), w.id, d.id, e.kind,
      e.notice || jsonb_build_object('workspaceName', s.name, 'workspaceSlug', s.slug, 'nodeName', n.name), e.key, ${now}, ${now}
    FROM written w
    JOIN workspace s ON s.id = w.workspace_id
    JOIN node n ON n.workspace_id = w.workspace_id AND n.id = w.node_id
    JOIN destination d ON d.workspace_id = w.workspace_id AND d.enabled
    JOIN jsonb_to_recordset(${json(wanted)}) AS e (kind text, "order" int, key text, notice jsonb) ON e.kind = ANY (d.kinds)
    ORDER BY e."order"
    ON CONFLICT (workspace_id, destination_id, dedup_key) DO NOTHING RETURNING workspace_id, id`
}

/** What every channel renders from: the incident as it was when the message was written. Names are added by the statement. */
function noticeOf(ctx: Ctx, { nodeId, event, report, state }: ReportWrite, kind: NotifyEffect) {
  return {
    type: `incident.${kind}`,
    incidentId: formatId('inc', report.id),
    workspaceId: formatId('ws', ctx.workspaceId),
    nodeId: formatId('nd', nodeId),
    state,
    revision: report.revision,
    score: report.score,
    target: report.target,
    vectors: report.vectors.map(({ id, confidence, share }) => ({ id, name: VECTORS[id].name, confidence, share })),
    wire: report.traffic.wire,
    detectedUs: report.stages.detectedUs,
    resolvedUs: report.stages.resolvedUs,
    event: event.kind,
    startedUs: report.stages.trippedUs,
    ruleInKernelUs: report.stages.ruleInKernelUs,
    delivered: report.traffic.delivered,
    droppedPackets: report.traffic.droppedPackets,
    verifiedClients: report.verifiedClients,
  }
}
