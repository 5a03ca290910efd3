-- The tails of those nodes that somebody looks at; of all where p_nodes is null. Text as before: one line a node,
-- `second,wire[,delivered[,usual,high]]` joined by `;`, seconds from p_from, delivered and band only where they say something new.
DROP FUNCTION sample_tail(uuid, timestamptz, timestamptz);
CREATE FUNCTION sample_tail(p_workspace uuid, p_nodes uuid[], p_from timestamptz, p_to timestamptz)
RETURNS TABLE (node_id uuid, seconds text)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
  WITH band AS (
    SELECT s.node_id, s.at, round(s.wire_pps)::int8 AS wire, round(s.delivered_pps)::int8 AS delivered,
      round(s.baseline_pps)::int8 || ',' || round(s.baseline_pps_high)::int8 AS usual
    FROM node n JOIN sample_1s s ON s.workspace_id = n.workspace_id AND s.node_id = n.id
    WHERE n.workspace_id = p_workspace AND p_workspace = current_workspace() AND s.workspace_id = p_workspace
      AND (p_nodes IS NULL OR n.id = ANY (p_nodes))
      AND n.archived_at IS NULL AND s.at > p_from AND s.at <= p_to),
  changed AS (SELECT *, lag(b.usual) OVER (PARTITION BY b.node_id ORDER BY b.at) IS DISTINCT FROM b.usual AS is_new FROM band b)
  SELECT c.node_id, string_agg(extract(epoch FROM c.at - p_from)::int8 || ',' || c.wire || CASE
      WHEN c.is_new AND c.usual IS NOT NULL THEN ',' || c.delivered || ',' || c.usual
      WHEN c.delivered <> c.wire THEN ',' || c.delivered ELSE '' END, ';' ORDER BY c.at)
  FROM changed c GROUP BY c.node_id
$$;
REVOKE ALL ON FUNCTION sample_tail(uuid, uuid[], timestamptz, timestamptz) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION sample_tail(uuid, uuid[], timestamptz, timestamptz) TO tidegate_app;
