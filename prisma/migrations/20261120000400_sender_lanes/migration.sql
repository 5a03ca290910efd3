-- One destination that does not answer, or that much is queued for, must not hold up the others.
CREATE INDEX outgoing_message_sending ON outgoing_message (workspace_id, destination_id) WHERE state = 'sending';

-- As before, and: of one destination at most 8 are on the wire, and who has least on the wire goes first. So the first
-- alert of a quiet destination is the next message out, whatever waits elsewhere.
CREATE OR REPLACE FUNCTION outgoing_message_claim(p_worker text, p_limit int, p_now timestamptz, p_lease interval)
RETURNS TABLE (workspace_id uuid, id uuid, incident_id uuid, destination_id uuid, channel text, settings jsonb,
               payload jsonb, attempts int, maybe_repeat boolean, created_at timestamptz)
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
         c.maybe_repeat, c.created_at
  FROM claimed c JOIN destination d ON d.workspace_id = c.workspace_id AND d.id = c.destination_id
  ORDER BY c.position
$$;
