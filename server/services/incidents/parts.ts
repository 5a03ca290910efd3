import type { Tx } from '../../db/pool'

export type TimelineEntry = { id: string; atUs: number; kind: string; text: string; actorKind: string; actorId: string }

/** Rule that stands or stood, with its hits. */
export type Mitigation = {
  ruleId: string
  level: string
  vectorId: string
  action: string
  words: string
  nft: string
  packets: number
  bytes: number
  installedUs: number
  removedUs: number | null
}

/** What happened in one incident, in order. */
export const selectTimeline = (tx: Tx, workspaceId: string, incidentId: string): Promise<TimelineEntry[]> =>
  tx.$queryRaw<TimelineEntry[]>`
    SELECT id, (extract(epoch FROM at) * 1000000)::float8 AS "atUs", kind, text, actor_kind AS "actorKind",
      actor_id AS "actorId"
    FROM incident_timeline WHERE workspace_id = ${workspaceId}::uuid AND incident_id = ${incidentId}::uuid
    ORDER BY at, id`

/** Rules of one incident, in the order in which they were installed. */
export const selectMitigations = (tx: Tx, workspaceId: string, incidentId: string): Promise<Mitigation[]> =>
  tx.$queryRaw<Mitigation[]>`
    SELECT rule_id AS "ruleId", level, vector_id AS "vectorId", action, words, nft, packets::float8, bytes::float8,
      (extract(epoch FROM installed_at) * 1000000)::float8 AS "installedUs",
      (extract(epoch FROM removed_at) * 1000000)::float8 AS "removedUs"
    FROM mitigation WHERE workspace_id = ${workspaceId}::uuid AND incident_id = ${incidentId}::uuid
    ORDER BY installed_at, rule_id`
