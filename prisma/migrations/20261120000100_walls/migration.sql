-- Roles. Their passwords and the right to log in are given by `server/db/main.ts`.
DO $$
BEGIN
  IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'tidegate_app') THEN
    CREATE ROLE tidegate_app NOLOGIN NOSUPERUSER NOBYPASSRLS NOCREATEDB NOCREATEROLE;
  END IF;
  IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'tidegate_engine') THEN
    CREATE ROLE tidegate_engine NOLOGIN NOSUPERUSER NOBYPASSRLS NOCREATEDB NOCREATEROLE;
  END IF;
END $$;

REVOKE CREATE ON SCHEMA public FROM PUBLIC;
GRANT USAGE ON SCHEMA public TO tidegate_app, tidegate_engine;
ALTER DEFAULT PRIVILEGES REVOKE EXECUTE ON FUNCTIONS FROM PUBLIC;

DO $$
BEGIN
  EXECUTE format('REVOKE TEMPORARY ON DATABASE %I FROM PUBLIC', current_database());
  EXECUTE format('GRANT TEMPORARY ON DATABASE %I TO tidegate_engine', current_database());
END $$;

-- Values the code relies on.
ALTER TABLE user_account ADD CONSTRAINT user_account_email_lower CHECK (email = lower(email));
ALTER TABLE member ADD CONSTRAINT member_role CHECK (role IN
  ('owner', 'admin', 'operator', 'analyst', 'team_manager', 'official', 'broadcaster', 'spectator', 'billing'));
ALTER TABLE node ADD CONSTRAINT node_state CHECK (state IN ('waiting', 'online', 'offline', 'archived'));
ALTER TABLE node ADD CONSTRAINT node_level CHECK (level IN ('nftables', 'iptables', 'detect-only'));
ALTER TABLE node_cursor ADD CONSTRAINT node_cursor_lane CHECK (lane IN ('incidents', 'samples'));
ALTER TABLE incident ADD CONSTRAINT incident_state CHECK (state IN
  ('suspected', 'confirmed', 'mitigating', 'mitigated', 'ending', 'resolved', 'rejected'));
ALTER TABLE mitigation ADD CONSTRAINT mitigation_level CHECK (level IN ('L1', 'L2', 'L3', 'L4'));
ALTER TABLE mitigation ADD CONSTRAINT mitigation_action CHECK (action IN ('drop', 'limit', 'count'));
ALTER TABLE evidence ADD CONSTRAINT evidence_state CHECK (state IN ('on_node', 'uploaded'));
ALTER TABLE outgoing_message ADD CONSTRAINT outgoing_message_kind CHECK (kind IN ('opened', 'updated', 'resolved'));
ALTER TABLE outgoing_message ADD CONSTRAINT outgoing_message_state CHECK (state IN
  ('pending', 'sending', 'sent', 'failed', 'dead'));
ALTER TABLE audit_entry ADD CONSTRAINT audit_entry_actor CHECK (actor_kind IN
  ('user', 'api_key', 'agent', 'job', 'webhook', 'spectator'));

-- Sweeps look at few rows among many.
CREATE INDEX outgoing_message_due ON outgoing_message (next_attempt_at) WHERE state IN ('pending', 'sending', 'failed');
CREATE INDEX incident_open ON incident (workspace_id, node_id) WHERE state NOT IN ('resolved', 'rejected');

-- Tenant walls. The sub-select is evaluated once a statement; unset or empty means no workspace, which matches nothing.
CREATE FUNCTION current_workspace() RETURNS uuid LANGUAGE sql STABLE PARALLEL SAFE SET search_path = pg_catalog
  AS $$ SELECT nullif(current_setting('app.workspace', true), '')::uuid $$;
GRANT EXECUTE ON FUNCTION current_workspace() TO tidegate_app, tidegate_engine;

DO $$
DECLARE tenant_table text;
BEGIN
  FOR tenant_table IN
    SELECT c.relname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
    JOIN pg_attribute a ON a.attrelid = c.oid AND a.attname = 'workspace_id' AND NOT a.attisdropped
    WHERE n.nspname = 'public' AND c.relkind = 'r'
  LOOP
    EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', tenant_table);
    EXECUTE format('ALTER TABLE %I FORCE ROW LEVEL SECURITY', tenant_table);
    EXECUTE format('CREATE POLICY own_workspace ON %I TO tidegate_app
      USING (workspace_id = (SELECT current_workspace())) WITH CHECK (workspace_id = (SELECT current_workspace()))', tenant_table);
    EXECUTE format('CREATE POLICY definer ON %I TO CURRENT_USER USING (true) WITH CHECK (true)', tenant_table);
  END LOOP;
END $$;

ALTER TABLE workspace ENABLE ROW LEVEL SECURITY;
ALTER TABLE workspace FORCE ROW LEVEL SECURITY;
CREATE POLICY own_workspace ON workspace TO tidegate_app USING (id = (SELECT current_workspace()));
CREATE POLICY definer ON workspace TO CURRENT_USER USING (true) WITH CHECK (true);

ALTER TABLE user_account ENABLE ROW LEVEL SECURITY;
ALTER TABLE user_account FORCE ROW LEVEL SECURITY;
CREATE POLICY fellow_member ON user_account FOR SELECT TO tidegate_app
  USING (EXISTS (SELECT FROM member m WHERE m.workspace_id = (SELECT current_workspace()) AND m.user_id = user_account.id));
CREATE POLICY definer ON user_account TO CURRENT_USER USING (true) WITH CHECK (true);

ALTER TABLE session ENABLE ROW LEVEL SECURITY;
ALTER TABLE session FORCE ROW LEVEL SECURITY;
CREATE POLICY definer ON session TO CURRENT_USER USING (true) WITH CHECK (true);

-- Rights of app: each table by what its verbs do. Nothing on session, node_nonce or password_hash; logs only grow.
GRANT SELECT ON workspace TO tidegate_app;
GRANT SELECT (id, email, name, created_at) ON user_account TO tidegate_app;
GRANT SELECT ON enrolment_token, node_credential, delivery TO tidegate_app;
GRANT SELECT, INSERT, UPDATE, DELETE ON member, destination, status_page, component, component_node TO tidegate_app;
GRANT SELECT, INSERT, UPDATE ON node, node_cursor, incident, surge, mitigation, evidence TO tidegate_app;
GRANT SELECT, INSERT ON incident_timeline, evidence_custody, audit_entry, outgoing_message TO tidegate_app;
GRANT INSERT, UPDATE ON enrolment_token, node_credential TO tidegate_app;
GRANT USAGE ON SEQUENCE outgoing_message_position_seq TO tidegate_app;

-- Rights of engine: cursors of the samples lane, nothing of what tenants configure.
GRANT SELECT, INSERT, UPDATE ON node_cursor TO tidegate_engine;
CREATE POLICY every_workspace ON node_cursor TO tidegate_engine USING (true) WITH CHECK (true);

-- Moves a lane on by one message. Called inside the transaction that stores the message, so both happen or neither.
CREATE FUNCTION cursor_advance(p_workspace uuid, p_node uuid, p_lane text, p_seq bigint, p_hash text,
                               OUT outcome text, OUT last_seq bigint)
LANGUAGE plpgsql SECURITY INVOKER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE stored_hash text;
BEGIN
  INSERT INTO node_cursor AS c (workspace_id, node_id, lane) VALUES (p_workspace, p_node, p_lane)
    ON CONFLICT (workspace_id, node_id, lane) DO NOTHING;
  SELECT c.last_seq, c.last_hash INTO last_seq, stored_hash FROM node_cursor c
    WHERE c.workspace_id = p_workspace AND c.node_id = p_node AND c.lane = p_lane FOR UPDATE;
  IF p_seq = last_seq AND stored_hash IS DISTINCT FROM p_hash THEN outcome := 'conflict';
  ELSIF p_seq <= last_seq THEN outcome := 'repeat';
  ELSIF p_seq > last_seq + 1 THEN outcome := 'gap';
  ELSE
    UPDATE node_cursor c SET last_seq = p_seq, last_hash = p_hash, updated_at = clock_timestamp()
      WHERE c.workspace_id = p_workspace AND c.node_id = p_node AND c.lane = p_lane;
    outcome := 'advanced'; last_seq := p_seq;
  END IF;
END $$;
GRANT EXECUTE ON FUNCTION cursor_advance(uuid, uuid, text, bigint, text) TO tidegate_app, tidegate_engine;
