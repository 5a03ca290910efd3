-- Self-serve: a trial with an end, enrolment into groups, requests of people who have no account yet.
ALTER TABLE "workspace" ADD COLUMN "trial_ends_at" TIMESTAMPTZ(6);
CREATE TABLE "enrolment_token_group" (
    "workspace_id" UUID NOT NULL,
    "token_id" UUID NOT NULL,
    "group_id" UUID NOT NULL,

    CONSTRAINT "enrolment_token_group_pkey" PRIMARY KEY ("workspace_id","token_id","group_id")
);
CREATE TABLE "booking_request" (
    "id" UUID NOT NULL,
    "email" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "organisation" TEXT NOT NULL,
    "runs" TEXT NOT NULL,
    "servers" TEXT NOT NULL,
    "preferred_time" TEXT NOT NULL,
    "message" TEXT NOT NULL,
    "created_at" TIMESTAMPTZ(6) NOT NULL,

    CONSTRAINT "booking_request_pkey" PRIMARY KEY ("id")
);
CREATE TABLE "guide_request" (
    "id" UUID NOT NULL,
    "email" TEXT NOT NULL,
    "token_hash" TEXT NOT NULL,
    "created_at" TIMESTAMPTZ(6) NOT NULL,
    "expires_at" TIMESTAMPTZ(6) NOT NULL,
    "consented_at" TIMESTAMPTZ(6),
    "replaced_at" TIMESTAMPTZ(6),

    CONSTRAINT "guide_request_pkey" PRIMARY KEY ("id")
);
CREATE INDEX "enrolment_token_group_workspace_id_group_id_idx" ON "enrolment_token_group"("workspace_id", "group_id");
CREATE UNIQUE INDEX "guide_request_token_hash_key" ON "guide_request"("token_hash");
CREATE INDEX "guide_request_email_idx" ON "guide_request"("email");
ALTER TABLE "enrolment_token_group" ADD CONSTRAINT "enrolment_token_group_workspace_id_token_id_fkey" FOREIGN KEY ("workspace_id", "token_id") REFERENCES "enrolment_token"("workspace_id", "id") ON DELETE CASCADE ON UPDATE CASCADE;
ALTER TABLE "enrolment_token_group" ADD CONSTRAINT "enrolment_token_group_workspace_id_group_id_fkey" FOREIGN KEY ("workspace_id", "group_id") REFERENCES "node_group"("workspace_id", "id") ON DELETE CASCADE ON UPDATE CASCADE;

ALTER TABLE booking_request ADD CONSTRAINT booking_request_email_lower CHECK (email = lower(email));
ALTER TABLE guide_request ADD CONSTRAINT guide_request_email_lower CHECK (email = lower(email));

DO $$
DECLARE walled text;
BEGIN
  FOREACH walled IN ARRAY ARRAY['enrolment_token_group', 'booking_request', 'guide_request'] LOOP
    EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', walled);
    EXECUTE format('ALTER TABLE %I FORCE ROW LEVEL SECURITY', walled);
    EXECUTE format('CREATE POLICY definer ON %I TO CURRENT_USER USING (true) WITH CHECK (true)', walled);
  END LOOP;
END $$;
CREATE POLICY own_workspace ON enrolment_token_group TO tidegate_app
  USING (workspace_id = (SELECT current_workspace())) WITH CHECK (workspace_id = (SELECT current_workspace()));
GRANT SELECT, INSERT ON enrolment_token_group TO tidegate_app;

-- As before, and: the workspace gets a trial that ends then.
DROP FUNCTION sign_up_confirm(text, timestamptz, uuid, uuid, uuid, uuid, uuid);
CREATE FUNCTION sign_up_confirm(p_token_hash text, p_now timestamptz, p_user uuid, p_workspace uuid, p_member uuid,
                                p_grant uuid, p_audit uuid, p_trial_ends timestamptz)
RETURNS TABLE (user_id uuid, slug text)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
#variable_conflict use_column
DECLARE asked sign_up%ROWTYPE; free_slug text; turn int := 1;
BEGIN
  UPDATE sign_up s SET used_at = p_now WHERE s.token_hash = p_token_hash AND s.used_at IS NULL AND s.expires_at > p_now
    RETURNING * INTO asked;
  IF NOT FOUND THEN RETURN; END IF;
  INSERT INTO user_account AS u (id, email, name, password_hash, created_at)
    VALUES (p_user, asked.email, asked.name, asked.password_hash, p_now) ON CONFLICT (email) DO NOTHING;
  IF NOT FOUND THEN RETURN; END IF;
  free_slug := asked.slug;
  -- Names may be alike; addresses of workspaces may not. Another signup may take the same one at this moment.
  LOOP
    BEGIN
      INSERT INTO workspace (id, slug, name, created_at, trial_ends_at)
        VALUES (p_workspace, free_slug, asked.workspace_name, p_now, p_trial_ends);
      EXIT;
    EXCEPTION WHEN unique_violation THEN
      turn := turn + 1;
      free_slug := asked.slug || '-' || turn;
    END;
  END LOOP;
  INSERT INTO member (workspace_id, id, user_id, created_at) VALUES (p_workspace, p_member, p_user, p_now);
  INSERT INTO member_grant (workspace_id, id, member_id, role, valid_from, created_at)
    VALUES (p_workspace, p_grant, p_member, 'owner', p_now, p_now);
  INSERT INTO audit_entry (workspace_id, id, at, actor_kind, actor_id, action, subject_kind, subject_id)
    VALUES (p_workspace, p_audit, p_now, 'user', p_user::text, 'workspace.create', 'workspace', p_workspace::text);
  RETURN QUERY SELECT p_user, free_slug;
END $$;

-- As before, and: the node lands in the token's groups, and who looks at the fleet hears of it.
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
  INSERT INTO group_node (workspace_id, group_id, node_id)
    SELECT tg.workspace_id, tg.group_id, enrolled FROM enrolment_token_group tg
      JOIN node_group g ON g.workspace_id = tg.workspace_id AND g.id = tg.group_id AND g.archived_at IS NULL
      WHERE tg.workspace_id = token.workspace_id AND tg.token_id = token.id
    ON CONFLICT DO NOTHING;
  UPDATE enrolment_token t SET node_id = enrolled WHERE t.workspace_id = token.workspace_id AND t.id = token.id;
  INSERT INTO audit_entry (workspace_id, id, at, actor_kind, actor_id, action, subject_kind, subject_id, after)
    VALUES (token.workspace_id, p_audit_id, p_now, 'agent', enrolled::text, 'node.enrol', 'node', enrolled::text,
            jsonb_build_object('name', token.node_name, 'hostname', p_hostname, 'credentialId', credential));
  PERFORM pg_notify('node', json_build_object('workspaceId', token.workspace_id, 'nodeId', enrolled)::text);
  RETURN QUERY SELECT w.id, w.name, enrolled, token.node_name FROM workspace w WHERE w.id = token.workspace_id;
END $$;

-- Keeps a booking request. False when it is kept already: the same form sent twice is one request.
CREATE FUNCTION booking_request_create(p_id uuid, p_email text, p_name text, p_organisation text, p_runs text, p_servers text,
                                       p_preferred_time text, p_message text, p_now timestamptz) RETURNS boolean
LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
  WITH kept AS (INSERT INTO booking_request (id, email, name, organisation, runs, servers, preferred_time, message, created_at)
    VALUES (p_id, p_email, p_name, p_organisation, p_runs, p_servers, p_preferred_time, p_message, p_now)
    ON CONFLICT (id) DO NOTHING RETURNING 1)
  SELECT EXISTS (SELECT FROM kept)
$$;

-- A link to the guide for this address; links that waited for it before are good no more.
CREATE FUNCTION guide_request_create(p_id uuid, p_email text, p_token_hash text, p_now timestamptz, p_expires timestamptz)
RETURNS void LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
  UPDATE guide_request g SET replaced_at = p_now
    WHERE g.email = p_email AND g.consented_at IS NULL AND g.replaced_at IS NULL;
  INSERT INTO guide_request (id, email, token_hash, created_at, expires_at)
    VALUES (p_id, p_email, p_token_hash, p_now, p_expires)
$$;

-- What a link leads to: `waiting` for its press, `open` once pressed and while `p_read` lasts, else why not; null when unknown.
CREATE FUNCTION guide_request_state(p_token_hash text, p_now timestamptz, p_read interval) RETURNS text
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
  SELECT CASE WHEN g.consented_at IS NOT NULL AND g.consented_at + p_read > p_now THEN 'open'
              WHEN g.consented_at IS NOT NULL THEN 'expired'
              WHEN g.replaced_at IS NOT NULL THEN 'replaced'
              WHEN g.expires_at <= p_now THEN 'expired'
              ELSE 'waiting' END
  FROM guide_request g WHERE g.token_hash = p_token_hash
$$;

-- The press that proves the address and says yes. Once; the time of the first press stays.
CREATE FUNCTION guide_request_confirm(p_token_hash text, p_now timestamptz) RETURNS boolean
LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
  WITH done AS (UPDATE guide_request g SET consented_at = p_now
    WHERE g.token_hash = p_token_hash AND g.consented_at IS NULL AND g.replaced_at IS NULL AND g.expires_at > p_now RETURNING 1)
  SELECT EXISTS (SELECT FROM done)
$$;

GRANT EXECUTE ON FUNCTION sign_up_confirm(text, timestamptz, uuid, uuid, uuid, uuid, uuid, timestamptz),
  booking_request_create(uuid, text, text, text, text, text, text, text, timestamptz),
  guide_request_create(uuid, text, text, timestamptz, timestamptz),
  guide_request_state(text, timestamptz, interval), guide_request_confirm(text, timestamptz) TO tidegate_app;
