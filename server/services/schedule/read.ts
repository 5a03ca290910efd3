import type { Tx } from '../../db/pool'
import { type Ctx, readOnce } from '../context'
import type { ScheduledGroup } from './schedule'

/**
 * Every group of the workspace that is not archived, with its times, by name; whoever asks narrows it by their reach. One
 * statement: boards ask every two seconds, and each node that connects.
 */
export const readSchedule = (ctx: Ctx, tx: Tx): Promise<ScheduledGroup[]> =>
  readOnce(ctx, 'schedule', () => selectSchedule(tx, ctx.workspaceId))

const selectSchedule = (tx: Tx, workspaceId: string): Promise<ScheduledGroup[]> =>
  tx.$queryRaw<ScheduledGroup[]>`
    SELECT g.id, g.parent_id AS "parentId", g.kind, g.name, s.time_zone AS "timeZone", s.audience_times AS "audienceTimes",
      coalesce(n.ids, '[]') AS "nodeIds", coalesce(w.windows, '[]') AS windows
    FROM node_group g
    LEFT JOIN group_schedule s ON s.workspace_id = g.workspace_id AND s.group_id = g.id
    LEFT JOIN (
      SELECT gn.group_id, jsonb_agg(gn.node_id ORDER BY n.name) AS ids FROM group_node gn
      JOIN node n ON n.workspace_id = gn.workspace_id AND n.id = gn.node_id AND n.archived_at IS NULL
      WHERE gn.workspace_id = ${workspaceId}::uuid GROUP BY gn.group_id) n ON n.group_id = g.id
    LEFT JOIN (
      SELECT group_id, jsonb_agg(jsonb_build_object('startsMs', (extract(epoch FROM starts_at) * 1000)::int8,
        'endsMs', (extract(epoch FROM ends_at) * 1000)::int8) ORDER BY starts_at) AS windows
      FROM schedule_window WHERE workspace_id = ${workspaceId}::uuid GROUP BY group_id) w ON w.group_id = g.id
    WHERE g.workspace_id = ${workspaceId}::uuid AND g.archived_at IS NULL ORDER BY g.name, g.id`
