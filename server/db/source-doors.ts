import type { AppDb } from './pool'

export type ClaimedSources = { workspaceId: string; evidenceId: string; path: string; attempts: number }

/** Uploaded bundles whose sources nobody has read, under a lease. */
export async function claimSources(
  { pool }: AppDb,
  { limit, nowMs, leaseMs }: { limit: number; nowMs: number; leaseMs: number },
): Promise<ClaimedSources[]> {
  const { rows } = await pool.query<ClaimedSources>(
    `SELECT workspace_id AS "workspaceId", evidence_id AS "evidenceId", stored_path AS path, attempts
     FROM source_map_claim($1, make_interval(secs => $2), $3)`,
    [new Date(nowMs), leaseMs / 1_000, limit],
  )
  return rows
}
