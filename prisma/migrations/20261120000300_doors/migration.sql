-- Doors through the tenant walls: each takes what the caller proved and gives back no more than it needs.
-- They run as the owner of the tables, with a fixed search path. Listed in server/db/README.md.

CREATE FUNCTION user_for_sign_in(p_email text)
RETURNS TABLE (id uuid, email text, name text, password_hash text)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp
AS $$ SELECT u.id, u.email, u.name, u.password_hash FROM user_account u WHERE u.email = lower(p_email) $$;

CREATE FUNCTION session_create(p_id text, p_user uuid, p_host text, p_now timestamptz, p_expires timestamptz)
RETURNS void LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp
AS $$ INSERT INTO session (id, user_id, host, created_at, expires_at, last_seen_at)
      VALUES (p_id, p_user, p_host, p_now, p_expires, p_now) $$;

-- Only a live session is found. The time it was last seen is written once a minute at most.
CREATE FUNCTION session_get(p_id text, p_now timestamptz)
RETURNS TABLE (id text, user_id uuid, email text, name text, host text, expires_at timestamptz)
LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
  UPDATE session s SET last_seen_at = p_now
    WHERE s.id = p_id AND s.revoked_at IS NULL AND s.expires_at > p_now AND s.last_seen_at < p_now - interval '1 minute';
  SELECT s.id, s.user_id, u.email, u.name, s.host, s.expires_at FROM session s JOIN user_account u ON u.id = s.user_id
    WHERE s.id = p_id AND s.revoked_at IS NULL AND s.expires_at > p_now;
$$;

CREATE FUNCTION session_revoke(p_id text, p_now timestamptz) RETURNS boolean
LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
  WITH done AS (UPDATE session SET revoked_at = p_now WHERE id = p_id AND revoked_at IS NULL RETURNING 1)
  SELECT EXISTS (SELECT FROM done)
$$;

CREATE FUNCTION memberships_of_user(p_user uuid)
RETURNS TABLE (workspace_id uuid, slug text, name text, member_id uuid, role text)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
  SELECT w.id, w.slug, w.name, m.id, m.role FROM member m JOIN workspace w ON w.id = m.workspace_id
    WHERE m.user_id = p_user ORDER BY w.name
$$;

-- Newest key of a node. An archived node counts as revoked.
CREATE FUNCTION node_credential_by_node(p_node uuid)
RETURNS TABLE (workspace_id uuid, node_id uuid, credential_id uuid, public_key text, is_revoked boolean)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
  SELECT c.workspace_id, c.node_id, c.id, c.public_key, c.revoked_at IS NOT NULL OR n.archived_at IS NOT NULL
    FROM node n JOIN node_credential c ON c.workspace_id = n.workspace_id AND c.node_id = n.id
    WHERE n.id = p_node ORDER BY c.created_at DESC, c.id DESC LIMIT 1
$$;

CREATE FUNCTION node_nonce_spend(p_workspace uuid, p_node uuid, p_nonce text, p_expires timestamptz) RETURNS boolean
LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
  WITH spent AS (INSERT INTO node_nonce (workspace_id, node_id, nonce, expires_at)
    VALUES (p_workspace, p_node, p_nonce, p_expires) ON CONFLICT DO NOTHING RETURNING 1)
  SELECT EXISTS (SELECT FROM spent)
$$;

CREATE FUNCTION node_nonce_forget(p_now timestamptz) RETURNS bigint
LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
  WITH gone AS (DELETE FROM node_nonce WHERE expires_at < p_now RETURNING 1) SELECT count(*) FROM gone
$$;

-- Notes that these nodes are connected; gives back the credentials among them that are good no more.
CREATE FUNCTION node_check_connected(p_credentials uuid[], p_now timestamptz) RETURNS SETOF uuid
LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
  UPDATE node n SET last_seen_at = p_now FROM node_credential c
    WHERE c.id = ANY (p_credentials) AND c.revoked_at IS NULL AND n.workspace_id = c.workspace_id AND n.id = c.node_id
      AND n.archived_at IS NULL;
  SELECT asked.id FROM unnest(p_credentials) AS asked (id)
    LEFT JOIN node_credential c ON c.id = asked.id
    LEFT JOIN node n ON n.workspace_id = c.workspace_id AND n.id = c.node_id
    WHERE c.id IS NULL OR c.revoked_at IS NOT NULL OR n.archived_at IS NOT NULL;
$$;

-- Trades a token for a credential. A token is good once and for its hour; enrolling a known name replaces its key.
CREATE FUNCTION node_enrol(p_token_hash text, p_public_key text, p_hostname text, p_agent_version text,
                           p_now timestamptz, p_node_id uuid, p_credential_id uuid, p_audit_id uuid)
RETURNS TABLE (workspace_id uuid, workspace_name text, node_id uuid, node_name text)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
#variable_conflict use_column
DECLARE token enrolment_token%ROWTYPE; enrolled uuid;
BEGIN
  UPDATE enrolment_token t SET used_at = p_now
    WHERE t.token_hash = p_token_hash AND t.used_at IS NULL AND t.expires_at > p_now RETURNING * INTO token;
  IF NOT FOUND THEN RETURN; END IF;
  INSERT INTO node AS n (workspace_id, id, name, hostname, agent_version, enrolled_at)
    VALUES (token.workspace_id, p_node_id, token.node_name, p_hostname, p_agent_version, p_now)
    ON CONFLICT (workspace_id, name) DO UPDATE
      SET hostname = p_hostname, agent_version = p_agent_version, enrolled_at = p_now, archived_at = NULL, state = 'waiting'
    RETURNING n.id INTO enrolled;
  UPDATE node_credential c SET revoked_at = p_now
    WHERE c.workspace_id = token.workspace_id AND c.node_id = enrolled AND c.revoked_at IS NULL;
  INSERT INTO node_credential AS c (workspace_id, id, node_id, public_key, created_at)
    VALUES (token.workspace_id, p_credential_id, enrolled, p_public_key, p_now);
  UPDATE enrolment_token t SET node_id = enrolled WHERE t.workspace_id = token.workspace_id AND t.id = token.id;
  INSERT INTO audit_entry (workspace_id, id, at, actor_kind, actor_id, action, subject_kind, subject_id, after)
    VALUES (token.workspace_id, p_audit_id, p_now, 'agent', enrolled::text, 'node.enrol', 'node', enrolled::text,
            jsonb_build_object('name', token.node_name, 'hostname', p_hostname, 'credentialId', p_credential_id));
  RETURN QUERY SELECT w.id, w.name, enrolled, token.node_name FROM workspace w WHERE w.id = token.workspace_id;
END $$;

-- One published page as one document. Says which component is affected since when: no addresses, rates or thresholds.
CREATE FUNCTION public_status_page(p_slug text, p_now timestamptz) RETURNS jsonb
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
  WITH page AS (SELECT * FROM status_page WHERE slug = p_slug AND published),
  touched AS (
    SELECT DISTINCT c.id AS component_id, c.name, c.position, i.id, i.state, i.opened_at, i.mitigated_at, i.ending_at,
           i.resolved_at, i.updated_at
    FROM page p JOIN component c ON c.workspace_id = p.workspace_id AND c.status_page_id = p.id
    JOIN component_node cn ON cn.workspace_id = c.workspace_id AND cn.component_id = c.id
    JOIN incident i ON i.workspace_id = cn.workspace_id AND i.node_id = cn.node_id
    WHERE i.state NOT IN ('suspected', 'rejected') AND i.opened_at > p_now - interval '14 days'),
  component_state AS (
    SELECT c.id, c.name, c.position,
      CASE WHEN bool_or(t.state = 'confirmed') THEN 'impaired'
           WHEN bool_or(t.state IN ('mitigating', 'mitigated', 'ending')) THEN 'under_mitigation'
           ELSE 'operational' END AS state
    FROM page p JOIN component c ON c.workspace_id = p.workspace_id AND c.status_page_id = p.id
    LEFT JOIN touched t ON t.component_id = c.id
    GROUP BY c.id, c.name, c.position),
  incidents AS (
    SELECT t.id, t.state, t.opened_at, jsonb_build_object(
      'id', 'inc_' || replace(t.id::text, '-', ''), 'state', t.state,
      'components', jsonb_agg(t.name ORDER BY t.position),
      'openedMs', floor(extract(epoch FROM t.opened_at) * 1000)::bigint,
      'mitigatedMs', floor(extract(epoch FROM t.mitigated_at) * 1000)::bigint,
      'endingMs', floor(extract(epoch FROM t.ending_at) * 1000)::bigint,
      'resolvedMs', floor(extract(epoch FROM t.resolved_at) * 1000)::bigint,
      'updatedMs', floor(extract(epoch FROM t.updated_at) * 1000)::bigint) AS document
    FROM touched t GROUP BY t.id, t.state, t.opened_at, t.mitigated_at, t.ending_at, t.resolved_at, t.updated_at)
  SELECT jsonb_build_object(
    'slug', p.slug, 'title', p.title,
    'state', coalesce((SELECT CASE WHEN bool_or(s.state = 'impaired') THEN 'impaired'
                                   WHEN bool_or(s.state = 'under_mitigation') THEN 'under_mitigation'
                                   ELSE 'operational' END FROM component_state s), 'operational'),
    'components', coalesce((SELECT jsonb_agg(jsonb_build_object('name', s.name, 'state', s.state) ORDER BY s.position, s.name)
                            FROM component_state s), '[]'),
    'incidents', coalesce((SELECT jsonb_agg(i.document ORDER BY i.opened_at DESC) FROM incidents i), '[]'))
  FROM page p
$$;

-- Sender: takes due messages, the first of each incident and destination only, under a lease.
CREATE FUNCTION outgoing_message_claim(p_worker text, p_limit int, p_now timestamptz, p_lease interval)
RETURNS TABLE (workspace_id uuid, id uuid, incident_id uuid, destination_id uuid, channel text, settings jsonb,
               payload jsonb, attempts int, maybe_repeat boolean, created_at timestamptz)
LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
  WITH due AS (
    SELECT m.workspace_id, m.id, m.state FROM outgoing_message m
    WHERE ((m.state IN ('pending', 'failed') AND m.next_attempt_at <= p_now) OR (m.state = 'sending' AND m.locked_until <= p_now))
      AND NOT EXISTS (SELECT FROM outgoing_message e WHERE e.workspace_id = m.workspace_id
        AND e.destination_id = m.destination_id AND e.incident_id = m.incident_id AND e.position < m.position
        AND e.state IN ('pending', 'sending', 'failed'))
    ORDER BY m.next_attempt_at, m.position LIMIT p_limit FOR UPDATE OF m SKIP LOCKED),
  claimed AS (
    UPDATE outgoing_message m SET state = 'sending', locked_by = p_worker, locked_until = p_now + p_lease,
      attempts = m.attempts + 1, maybe_repeat = m.maybe_repeat OR due.state = 'sending'
    FROM due WHERE m.workspace_id = due.workspace_id AND m.id = due.id RETURNING m.*)
  SELECT c.workspace_id, c.id, c.incident_id, c.destination_id, d.channel, d.settings, c.payload, c.attempts - 1,
         c.maybe_repeat, c.created_at
  FROM claimed c JOIN destination d ON d.workspace_id = c.workspace_id AND d.id = c.destination_id
  ORDER BY c.position
$$;

-- Sender: stores an attempt and what follows. False when the lease was lost to another engine meanwhile.
CREATE FUNCTION outgoing_message_record(p_workspace uuid, p_message uuid, p_worker text, p_state text,
  p_next_attempt timestamptz, p_delivery uuid, p_attempt int, p_outcome text, p_at timestamptz, p_started timestamptz,
  p_http_status int, p_latency_ms float8, p_error text, p_response text, p_disable boolean)
RETURNS boolean LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE held outgoing_message%ROWTYPE; alerted int;
BEGIN
  INSERT INTO delivery (workspace_id, id, message_id, attempt, outcome, at, started_at, http_status, latency_ms, error, response_excerpt)
    VALUES (p_workspace, p_delivery, p_message, p_attempt, p_outcome, p_at, p_started, p_http_status, p_latency_ms, p_error, p_response);
  UPDATE outgoing_message m SET state = p_state, next_attempt_at = coalesce(p_next_attempt, m.next_attempt_at),
      locked_by = NULL, locked_until = NULL, sent_at = CASE WHEN p_state = 'sent' THEN p_at END,
      maybe_repeat = m.maybe_repeat OR (p_state = 'failed' AND p_started IS NOT NULL AND p_http_status IS NULL)
    WHERE m.workspace_id = p_workspace AND m.id = p_message AND m.state = 'sending' AND m.locked_by = p_worker
    RETURNING * INTO held;
  IF NOT FOUND THEN RETURN false; END IF;
  UPDATE incident i SET first_alert_at = p_started
    WHERE i.workspace_id = p_workspace AND i.id = held.incident_id AND p_started IS NOT NULL
      AND (i.first_alert_at IS NULL OR i.first_alert_at > p_started);
  GET DIAGNOSTICS alerted = ROW_COUNT;
  IF alerted > 0 THEN
    PERFORM pg_notify('incident', json_build_object('workspaceId', p_workspace, 'incidentId', held.incident_id,
      'revision', (SELECT i.revision FROM incident i WHERE i.workspace_id = p_workspace AND i.id = held.incident_id))::text);
  END IF;
  IF p_disable THEN
    UPDATE destination d SET enabled = false WHERE d.workspace_id = p_workspace AND d.id = held.destination_id;
  END IF;
  RETURN true;
END $$;

GRANT EXECUTE ON FUNCTION user_for_sign_in(text), session_create(text, uuid, text, timestamptz, timestamptz),
  session_get(text, timestamptz), session_revoke(text, timestamptz), memberships_of_user(uuid),
  node_credential_by_node(uuid), node_nonce_spend(uuid, uuid, text, timestamptz),
  node_check_connected(uuid[], timestamptz),
  node_enrol(text, text, text, text, timestamptz, uuid, uuid, uuid), public_status_page(text, timestamptz) TO tidegate_app;
GRANT EXECUTE ON FUNCTION outgoing_message_claim(text, int, timestamptz, interval),
  outgoing_message_record(uuid, uuid, text, text, timestamptz, uuid, int, text, timestamptz, timestamptz, int, float8, text, text, boolean),
  node_nonce_forget(timestamptz) TO tidegate_engine;
