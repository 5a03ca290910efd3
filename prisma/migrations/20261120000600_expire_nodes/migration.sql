-- A killed gateway cannot say that its nodes are gone. Connected nodes are seen every two seconds; who was not seen for
-- long is offline, whatever its row says.
CREATE FUNCTION node_expire(p_before timestamptz) RETURNS int
LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
  WITH gone AS (UPDATE node n SET state = 'offline' WHERE n.state = 'online' AND n.last_seen_at < p_before
    RETURNING n.workspace_id, n.id)
  SELECT count(pg_notify('node', json_build_object('workspaceId', workspace_id, 'nodeId', id)::text))::int FROM gone
$$;
REVOKE EXECUTE ON FUNCTION node_expire(timestamptz) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION node_expire(timestamptz) TO tidegate_engine;
