-- People see where they are signed in, and end any of it.
ALTER TABLE session ADD COLUMN user_agent TEXT;

DROP FUNCTION session_create(text, uuid, text, timestamptz, timestamptz);
CREATE FUNCTION session_create(p_id text, p_user uuid, p_host text, p_user_agent text, p_now timestamptz, p_expires timestamptz)
RETURNS void LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp
AS $$ INSERT INTO session (id, user_id, host, user_agent, created_at, expires_at, last_seen_at)
      VALUES (p_id, p_user, p_host, p_user_agent, p_now, p_expires, p_now) $$;

-- A session's id stays inside its cookie: people name it by a part of its hash.
CREATE FUNCTION session_handle(p_id text) RETURNS text LANGUAGE sql IMMUTABLE SET search_path = pg_catalog
AS $$ SELECT left(encode(sha256(convert_to(p_id, 'UTF8')), 'hex'), 24) $$;

CREATE FUNCTION sessions_of_user(p_user uuid, p_now timestamptz)
RETURNS TABLE (handle text, host text, user_agent text, created_at timestamptz, last_seen_at timestamptz)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
  SELECT session_handle(s.id), s.host, s.user_agent, s.created_at, s.last_seen_at FROM session s
    WHERE s.user_id = p_user AND s.revoked_at IS NULL AND s.expires_at > p_now ORDER BY s.last_seen_at DESC, s.created_at DESC
$$;

-- Ends one session of a user, or all but one: `p_handle` null, `p_keep` stays.
CREATE FUNCTION session_end(p_user uuid, p_handle text, p_keep text, p_now timestamptz) RETURNS int
LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
  WITH done AS (UPDATE session s SET revoked_at = p_now
    WHERE s.user_id = p_user AND s.revoked_at IS NULL AND s.expires_at > p_now
      AND (session_handle(s.id) = p_handle OR (p_handle IS NULL AND s.id <> p_keep)) RETURNING 1)
  SELECT count(*)::int FROM done
$$;

GRANT EXECUTE ON FUNCTION session_create(text, uuid, text, text, timestamptz, timestamptz),
  sessions_of_user(uuid, timestamptz), session_end(uuid, text, text, timestamptz) TO tidegate_app;
