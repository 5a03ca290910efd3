-- A token can be taken back before it is used.
ALTER TABLE enrolment_token ADD COLUMN revoked_at TIMESTAMPTZ(6);

-- As before, and: a token that was taken back is good no more.
CREATE OR REPLACE FUNCTION node_enrol(p_token_hash text, p_public_key text, p_hostname text, p_agent_version text,
                           p_now timestamptz, p_node_id uuid, p_credential_id uuid, p_audit_id uuid)
RETURNS TABLE (workspace_id uuid, workspace_name text, node_id uuid, node_name text)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
#variable_conflict use_column
DECLARE token enrolment_token%ROWTYPE; enrolled uuid; credential uuid;
BEGIN
  UPDATE enrolment_token t SET used_at = p_now
    WHERE t.token_hash = p_token_hash AND t.used_at IS NULL AND t.revoked_at IS NULL AND t.expires_at > p_now RETURNING * INTO token;
  IF NOT FOUND THEN RETURN; END IF;
  INSERT INTO node AS n (workspace_id, id, name, hostname, agent_version, enrolled_at)
    VALUES (token.workspace_id, p_node_id, token.node_name, p_hostname, p_agent_version, p_now)
    ON CONFLICT (workspace_id, name) DO UPDATE
      SET hostname = p_hostname, agent_version = p_agent_version, enrolled_at = p_now, archived_at = NULL, state = 'waiting'
    RETURNING n.id INTO enrolled;
  UPDATE node_credential c SET revoked_at = p_now
    WHERE c.workspace_id = token.workspace_id AND c.node_id = enrolled AND c.revoked_at IS NULL;
  INSERT INTO node_credential AS c (workspace_id, id, node_id, public_key, created_at)
    VALUES (token.workspace_id, p_credential_id, enrolled, p_public_key, p_now)
    ON CONFLICT (node_id, public_key) DO UPDATE SET revoked_at = NULL, created_at = p_now
    RETURNING c.id INTO credential;
  UPDATE enrolment_token t SET node_id = enrolled WHERE t.workspace_id = token.workspace_id AND t.id = token.id;
  INSERT INTO audit_entry (workspace_id, id, at, actor_kind, actor_id, action, subject_kind, subject_id, after)
    VALUES (token.workspace_id, p_audit_id, p_now, 'agent', enrolled::text, 'node.enrol', 'node', enrolled::text,
            jsonb_build_object('name', token.node_name, 'hostname', p_hostname, 'credentialId', credential));
  RETURN QUERY SELECT w.id, w.name, enrolled, token.node_name FROM workspace w WHERE w.id = token.workspace_id;
END $$;

-- Whose a refused token is and why it is good no more, so that its workspace reads of it.
CREATE FUNCTION enrolment_token_by_hash(p_token_hash text)
RETURNS TABLE (workspace_id uuid, id uuid, used_at timestamptz, revoked_at timestamptz, expires_at timestamptz)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
  SELECT t.workspace_id, t.id, t.used_at, t.revoked_at, t.expires_at FROM enrolment_token t WHERE t.token_hash = p_token_hash
$$;
REVOKE EXECUTE ON FUNCTION enrolment_token_by_hash(text) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION enrolment_token_by_hash(text) TO tidegate_app;
