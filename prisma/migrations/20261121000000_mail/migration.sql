-- Mail beside webhooks: an answer has a code whatever the protocol, a message may have reached some of its recipients
-- only, and what a destination was set up with is sealed.
ALTER TABLE delivery RENAME COLUMN http_status TO reply_code;
ALTER TABLE outgoing_message ADD COLUMN reached TEXT[] NOT NULL DEFAULT ARRAY[]::TEXT[];

-- As before, and gives back whom earlier attempts reached.
DROP FUNCTION outgoing_message_claim(text, int, timestamptz, interval);
CREATE FUNCTION outgoing_message_claim(p_worker text, p_limit int, p_now timestamptz, p_lease interval)
RETURNS TABLE (workspace_id uuid, id uuid, incident_id uuid, destination_id uuid, channel text, settings jsonb,
               payload jsonb, attempts int, maybe_repeat boolean, reached text[], created_at timestamptz)
LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
  WITH head AS MATERIALIZED (
    SELECT m.workspace_id, m.id, m.next_attempt_at, m.position,
      row_number() OVER (PARTITION BY m.workspace_id, m.destination_id ORDER BY m.next_attempt_at, m.position)
      + (SELECT count(*) FROM outgoing_message s WHERE s.workspace_id = m.workspace_id
         AND s.destination_id = m.destination_id AND s.state = 'sending' AND s.locked_until > p_now) AS turn
    FROM outgoing_message m
    WHERE ((m.state IN ('pending', 'failed') AND m.next_attempt_at <= p_now) OR (m.state = 'sending' AND m.locked_until <= p_now))
      AND NOT EXISTS (SELECT FROM outgoing_message e WHERE e.workspace_id = m.workspace_id
        AND e.destination_id = m.destination_id AND e.incident_id = m.incident_id AND e.position < m.position
        AND e.state IN ('pending', 'sending', 'failed'))),
  due AS (
    SELECT m.workspace_id, m.id, m.state FROM outgoing_message m
    JOIN head h ON h.workspace_id = m.workspace_id AND h.id = m.id
    -- Again on the locked row: another engine may have taken it since.
    WHERE h.turn <= 8
      AND ((m.state IN ('pending', 'failed') AND m.next_attempt_at <= p_now) OR (m.state = 'sending' AND m.locked_until <= p_now))
    ORDER BY h.turn, h.next_attempt_at, h.position LIMIT p_limit FOR UPDATE OF m SKIP LOCKED),
  claimed AS (
    UPDATE outgoing_message m SET state = 'sending', locked_by = p_worker, locked_until = p_now + p_lease,
      attempts = m.attempts + 1, maybe_repeat = m.maybe_repeat OR due.state = 'sending'
    FROM due WHERE m.workspace_id = due.workspace_id AND m.id = due.id RETURNING m.*)
  SELECT c.workspace_id, c.id, c.incident_id, c.destination_id, d.channel, d.settings, c.payload, c.attempts - 1,
         c.maybe_repeat, c.reached, c.created_at
  FROM claimed c JOIN destination d ON d.workspace_id = c.workspace_id AND d.id = c.destination_id
  ORDER BY c.position
$$;

-- As before, and: the channel says whether the attempt may have arrived without an answer, and whom it reached.
DROP FUNCTION outgoing_message_record(uuid, uuid, text, text, timestamptz, uuid, int, text, timestamptz, timestamptz, int, float8, text, text, boolean);
CREATE FUNCTION outgoing_message_record(p_workspace uuid, p_message uuid, p_worker text, p_state text,
  p_next_attempt timestamptz, p_delivery uuid, p_attempt int, p_outcome text, p_at timestamptz, p_started timestamptz,
  p_reply_code int, p_latency_ms float8, p_error text, p_response text, p_disable boolean, p_may_have_arrived boolean,
  p_reached text[])
RETURNS boolean LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE held outgoing_message%ROWTYPE; alerted int;
BEGIN
  INSERT INTO delivery (workspace_id, id, message_id, attempt, outcome, at, started_at, reply_code, latency_ms, error, response_excerpt)
    VALUES (p_workspace, p_delivery, p_message, p_attempt, p_outcome, p_at, p_started, p_reply_code, p_latency_ms, p_error, p_response);
  UPDATE outgoing_message m SET state = p_state, next_attempt_at = coalesce(p_next_attempt, m.next_attempt_at),
      locked_by = NULL, locked_until = NULL, sent_at = CASE WHEN p_state = 'sent' THEN p_at END,
      maybe_repeat = m.maybe_repeat OR (p_state = 'failed' AND p_may_have_arrived), reached = m.reached || p_reached
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

-- Settings that are not sealed, or not with the newest key. Replacing them asks that nobody changed them meanwhile.
CREATE FUNCTION destination_settings_to_seal(p_seal text)
RETURNS TABLE (workspace_id uuid, id uuid, settings jsonb)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
  SELECT d.workspace_id, d.id, d.settings FROM destination d
    WHERE NOT starts_with(coalesce(d.settings ->> 'sealed', ''), p_seal)
$$;
CREATE FUNCTION destination_settings_replace(p_workspace uuid, p_id uuid, p_before jsonb, p_after jsonb) RETURNS boolean
LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
  WITH done AS (UPDATE destination d SET settings = p_after
    WHERE d.workspace_id = p_workspace AND d.id = p_id AND d.settings = p_before RETURNING 1)
  SELECT EXISTS (SELECT FROM done)
$$;

REVOKE EXECUTE ON FUNCTION outgoing_message_claim(text, int, timestamptz, interval),
  outgoing_message_record(uuid, uuid, text, text, timestamptz, uuid, int, text, timestamptz, timestamptz, int, float8, text, text, boolean, boolean, text[]),
  destination_settings_to_seal(text), destination_settings_replace(uuid, uuid, jsonb, jsonb) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION outgoing_message_claim(text, int, timestamptz, interval),
  outgoing_message_record(uuid, uuid, text, text, timestamptz, uuid, int, text, timestamptz, timestamptz, int, float8, text, text, boolean, boolean, text[]),
  destination_settings_to_seal(text), destination_settings_replace(uuid, uuid, jsonb, jsonb) TO tidegate_engine;
