-- What pages ask of a few nodes is read of these nodes: none of it grows with the fleet any more.

-- The last second of each of these nodes, of all where p_nodes is null.
DROP FUNCTION sample_latest(uuid, timestamptz);
CREATE FUNCTION sample_latest(p_workspace uuid, p_nodes uuid[], p_from timestamptz)
RETURNS TABLE (node_id uuid, at timestamptz, wire_pps float8, wire_bps float8, delivered_pps float8, delivered_pps_min float8,
               baseline_pps float8, baseline_pps_high float8)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
  SELECT n.id, s.at, s.wire_pps, s.wire_bps, s.delivered_pps,
    (SELECT min(l.delivered_pps) FROM sample_1s l WHERE l.workspace_id = n.workspace_id AND l.node_id = n.id
       AND l.at > greatest(p_from, s.at - interval '5 seconds')), s.baseline_pps, s.baseline_pps_high
  FROM node n CROSS JOIN LATERAL (SELECT * FROM sample_1s s WHERE s.workspace_id = n.workspace_id AND s.node_id = n.id
    AND s.at > p_from ORDER BY s.at DESC LIMIT 1) s
  WHERE n.workspace_id = p_workspace AND p_workspace = current_workspace() AND (p_nodes IS NULL OR n.id = ANY (p_nodes))
    AND n.archived_at IS NULL
$$;
REVOKE ALL ON FUNCTION sample_latest(uuid, uuid[], timestamptz) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION sample_latest(uuid, uuid[], timestamptz) TO tidegate_app;

-- Groups that each of these nodes lies in, itself or through others.
CREATE FUNCTION groups_of_nodes(p_nodes uuid[]) RETURNS TABLE (group_id uuid, node_id uuid)
LANGUAGE sql STABLE SECURITY INVOKER SET search_path = pg_catalog, public, pg_temp AS $$
  WITH RECURSIVE above AS (
    SELECT g.id, gn.node_id, g.parent_id FROM group_node gn
      JOIN node_group g ON g.workspace_id = gn.workspace_id AND g.id = gn.group_id AND g.archived_at IS NULL
      WHERE gn.workspace_id = (SELECT current_workspace()) AND gn.node_id = ANY (p_nodes)
    UNION
    SELECT g.id, a.node_id, g.parent_id FROM above a
      JOIN node_group g ON g.workspace_id = (SELECT current_workspace()) AND g.id = a.parent_id AND g.archived_at IS NULL)
  SELECT a.id, a.node_id FROM above a
$$;
GRANT EXECUTE ON FUNCTION groups_of_nodes(uuid[]) TO tidegate_app;

-- The log names people who left by the line that says so.
CREATE INDEX audit_entry_member_remove_idx ON audit_entry (workspace_id) WHERE action = 'member.remove';
