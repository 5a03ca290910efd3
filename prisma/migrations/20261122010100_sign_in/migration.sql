-- A second factor for people, and an issuer of its own for a workspace (docs/adr/0015).
CREATE TABLE "second_factor" (
    "user_id" UUID NOT NULL,
    "secret" JSONB NOT NULL,
    "created_at" TIMESTAMPTZ(6) NOT NULL,
    "confirmed_at" TIMESTAMPTZ(6),
    "last_step" BIGINT NOT NULL DEFAULT 0,
    "failures" INTEGER NOT NULL DEFAULT 0,
    "failed_at" TIMESTAMPTZ(6),

    CONSTRAINT "second_factor_pkey" PRIMARY KEY ("user_id")
);
CREATE TABLE "recovery_code" (
    "user_id" UUID NOT NULL,
    "code_hash" TEXT NOT NULL,
    "used_at" TIMESTAMPTZ(6),

    CONSTRAINT "recovery_code_pkey" PRIMARY KEY ("user_id","code_hash")
);
CREATE TABLE "sso_connection" (
    "workspace_id" UUID NOT NULL,
    "issuer" TEXT NOT NULL,
    "client_id" TEXT NOT NULL,
    "client_secret" JSONB,
    "domains" TEXT[],
    "newcomer_role" TEXT,
    "updated_at" TIMESTAMPTZ(6) NOT NULL,

    CONSTRAINT "sso_connection_pkey" PRIMARY KEY ("workspace_id")
);
CREATE TABLE "sso_identity" (
    "workspace_id" UUID NOT NULL,
    "issuer" TEXT NOT NULL,
    "subject" TEXT NOT NULL,
    "user_id" UUID NOT NULL,
    "created_at" TIMESTAMPTZ(6) NOT NULL,
    "last_used_at" TIMESTAMPTZ(6) NOT NULL,

    CONSTRAINT "sso_identity_pkey" PRIMARY KEY ("workspace_id","issuer","subject")
);
-- One person of an issuer an account: an address given to somebody else later opens nothing.
CREATE UNIQUE INDEX "sso_identity_workspace_id_issuer_user_id_key" ON "sso_identity"("workspace_id", "issuer", "user_id");
ALTER TABLE "second_factor" ADD CONSTRAINT "second_factor_user_id_fkey" FOREIGN KEY ("user_id") REFERENCES "user_account"("id") ON DELETE CASCADE ON UPDATE CASCADE;
ALTER TABLE "recovery_code" ADD CONSTRAINT "recovery_code_user_id_fkey" FOREIGN KEY ("user_id") REFERENCES "user_account"("id") ON DELETE CASCADE ON UPDATE CASCADE;
ALTER TABLE "sso_connection" ADD CONSTRAINT "sso_connection_workspace_id_fkey" FOREIGN KEY ("workspace_id") REFERENCES "workspace"("id") ON DELETE CASCADE ON UPDATE CASCADE;
-- It ends with the membership: who was removed and comes again proves the address again.
ALTER TABLE "sso_identity" ADD CONSTRAINT "sso_identity_workspace_id_user_id_fkey" FOREIGN KEY ("workspace_id", "user_id") REFERENCES "member"("workspace_id", "user_id") ON DELETE CASCADE ON UPDATE CASCADE;

ALTER TABLE workspace ADD COLUMN second_factor_required BOOLEAN NOT NULL DEFAULT false;
-- Pending: the first step is done, a code is awaited; it opens nothing. Bound: opened by this workspace's issuer, good there alone.
ALTER TABLE session ADD COLUMN is_pending BOOLEAN NOT NULL DEFAULT false, ADD COLUMN bound_to UUID;
ALTER TABLE "session" ADD CONSTRAINT "session_bound_to_fkey" FOREIGN KEY ("bound_to") REFERENCES "workspace"("id") ON DELETE CASCADE ON UPDATE CASCADE;
ALTER TABLE sso_connection ADD CONSTRAINT sso_connection_newcomer_role CHECK (newcomer_role IN
  ('operator', 'analyst', 'team_manager', 'official', 'broadcaster'));
ALTER TABLE sso_connection ADD CONSTRAINT sso_connection_domains CHECK (cardinality(domains) > 0);

DO $$
DECLARE walled text;
BEGIN
  FOREACH walled IN ARRAY ARRAY['second_factor', 'recovery_code', 'sso_connection', 'sso_identity'] LOOP
    EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', walled);
    EXECUTE format('ALTER TABLE %I FORCE ROW LEVEL SECURITY', walled);
    EXECUTE format('CREATE POLICY definer ON %I TO CURRENT_USER USING (true) WITH CHECK (true)', walled);
  END LOOP;
  FOREACH walled IN ARRAY ARRAY['sso_connection', 'sso_identity'] LOOP
    EXECUTE format('CREATE POLICY own_workspace ON %I TO tidegate_app
      USING (workspace_id = (SELECT current_workspace())) WITH CHECK (workspace_id = (SELECT current_workspace()))', walled);
  END LOOP;
END $$;
-- Whether a fellow member has one; nothing else of it.
CREATE POLICY fellow_member ON second_factor FOR SELECT TO tidegate_app USING (EXISTS (
  SELECT FROM member m WHERE m.workspace_id = (SELECT current_workspace()) AND m.user_id = second_factor.user_id));
GRANT SELECT (user_id, confirmed_at) ON second_factor TO tidegate_app;
GRANT SELECT, INSERT, UPDATE, DELETE ON sso_connection TO tidegate_app;
GRANT SELECT ON sso_identity TO tidegate_app;
GRANT UPDATE (second_factor_required) ON workspace TO tidegate_app;

-- As before, and: whoever has a second factor gets a pending session of ten minutes, however the first step was done. Gives back
-- whether it is pending. An issuer answers for its own people.
DROP FUNCTION session_create(text, uuid, text, text, timestamptz, timestamptz);
CREATE FUNCTION session_create(p_id text, p_user uuid, p_host text, p_user_agent text, p_bound_to uuid, p_now timestamptz,
                               p_expires timestamptz) RETURNS boolean
LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
  INSERT INTO session (id, user_id, host, user_agent, bound_to, is_pending, created_at, expires_at, last_seen_at)
    SELECT p_id, p_user, p_host, p_user_agent, p_bound_to, due.code,
      p_now, CASE WHEN due.code THEN least(p_expires, p_now + interval '10 minutes') ELSE p_expires END, p_now
    FROM (SELECT p_bound_to IS NULL AND EXISTS (
      SELECT FROM second_factor f WHERE f.user_id = p_user AND f.confirmed_at IS NOT NULL) AS code) due
    RETURNING is_pending
$$;

DROP FUNCTION session_get(text, timestamptz);
CREATE FUNCTION session_get(p_id text, p_now timestamptz)
RETURNS TABLE (id text, user_id uuid, email text, name text, host text, expires_at timestamptz, bound_to uuid)
LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
  UPDATE session s SET last_seen_at = p_now WHERE s.id = p_id AND s.revoked_at IS NULL AND NOT s.is_pending
    AND s.expires_at > p_now AND s.last_seen_at < p_now - interval '1 minute';
  SELECT s.id, s.user_id, u.email, u.name, s.host, s.expires_at, s.bound_to FROM session s JOIN user_account u ON u.id = s.user_id
    WHERE s.id = p_id AND s.revoked_at IS NULL AND NOT s.is_pending AND s.expires_at > p_now;
$$;

-- Whom a pending session is about.
CREATE FUNCTION session_pending_get(p_id text, p_now timestamptz) RETURNS TABLE (user_id uuid, email text, host text)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
  SELECT s.user_id, u.email, s.host FROM session s JOIN user_account u ON u.id = s.user_id
    WHERE s.id = p_id AND s.is_pending AND s.revoked_at IS NULL AND s.expires_at > p_now
$$;

-- Trades a pending session for a whole one with a new id, once. False when it is good no more.
CREATE FUNCTION session_pass(p_pending text, p_id text, p_now timestamptz, p_expires timestamptz) RETURNS boolean
LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
  WITH ended AS (UPDATE session s SET revoked_at = p_now
    WHERE s.id = p_pending AND s.is_pending AND s.revoked_at IS NULL AND s.expires_at > p_now RETURNING s.user_id, s.host, s.user_agent),
  made AS (INSERT INTO session (id, user_id, host, user_agent, created_at, expires_at, last_seen_at)
    SELECT p_id, e.user_id, e.host, e.user_agent, p_now, p_expires, p_now FROM ended e RETURNING 1)
  SELECT EXISTS (SELECT FROM made)
$$;

-- As before; asked from a bound session, the bound ones of that workspace alone.
DROP FUNCTION sessions_of_user(uuid, timestamptz);
CREATE FUNCTION sessions_of_user(p_user uuid, p_bound_to uuid, p_now timestamptz)
RETURNS TABLE (handle text, host text, user_agent text, created_at timestamptz, last_seen_at timestamptz)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
  SELECT session_handle(s.id), s.host, s.user_agent, s.created_at, s.last_seen_at FROM session s
    WHERE s.user_id = p_user AND s.revoked_at IS NULL AND NOT s.is_pending AND s.expires_at > p_now
      AND (p_bound_to IS NULL OR s.bound_to = p_bound_to)
    ORDER BY s.last_seen_at DESC, s.created_at DESC
$$;
DROP FUNCTION session_end(uuid, text, text, timestamptz);
CREATE FUNCTION session_end(p_user uuid, p_bound_to uuid, p_handle text, p_keep text, p_now timestamptz) RETURNS int
LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
  WITH done AS (UPDATE session s SET revoked_at = p_now
    WHERE s.user_id = p_user AND s.revoked_at IS NULL AND s.expires_at > p_now AND (p_bound_to IS NULL OR s.bound_to = p_bound_to)
      AND (session_handle(s.id) = p_handle OR (p_handle IS NULL AND s.id <> p_keep)) RETURNING NOT s.is_pending AS was_whole)
  SELECT count(*) FILTER (WHERE was_whole)::int FROM done
$$;

-- As before, and whether the workspace asks for a second factor that this person lacks.
DROP FUNCTION memberships_of_user(uuid, timestamptz);
CREATE FUNCTION memberships_of_user(p_user uuid, p_now timestamptz)
RETURNS TABLE (workspace_id uuid, slug text, name text, member_id uuid, grants jsonb, lacks_second_factor boolean)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
  SELECT w.id, w.slug, w.name, m.id,
    jsonb_agg(jsonb_build_object('role', g.role, 'groupId', g.group_id) ORDER BY g.created_at, g.id),
    w.second_factor_required AND NOT EXISTS (
      SELECT FROM second_factor f WHERE f.user_id = p_user AND f.confirmed_at IS NOT NULL)
  FROM member m JOIN workspace w ON w.id = m.workspace_id
  JOIN member_grant g ON g.workspace_id = m.workspace_id AND g.member_id = m.id
  LEFT JOIN node_group ng ON ng.workspace_id = g.workspace_id AND ng.id = g.group_id
  WHERE m.user_id = p_user AND g.revoked_at IS NULL AND g.valid_from <= p_now
    AND (g.valid_until IS NULL OR g.valid_until > p_now) AND (g.group_id IS NULL OR ng.archived_at IS NULL)
  GROUP BY w.id, w.slug, w.name, m.id ORDER BY w.name
$$;

-- A line in the log of every workspace somebody belongs to, in one order for all writers.
CREATE FUNCTION audit_of_person(p_user uuid, p_action text, p_after jsonb, p_now timestamptz) RETURNS void
LANGUAGE sql SET search_path = pg_catalog, public, pg_temp AS $$
  INSERT INTO audit_entry (workspace_id, id, at, actor_kind, actor_id, action, subject_kind, subject_id, after)
    SELECT m.workspace_id, gen_random_uuid(), p_now, 'user', p_user::text, p_action, 'user', p_user::text, p_after
    FROM member m WHERE m.user_id = p_user ORDER BY m.workspace_id
$$;

CREATE FUNCTION second_factor_get(p_user uuid)
RETURNS TABLE (confirmed_at timestamptz, codes_left int, has_password boolean)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
  SELECT f.confirmed_at, (SELECT count(*)::int FROM recovery_code c WHERE c.user_id = u.id AND c.used_at IS NULL),
    u.password_hash IS NOT NULL
  FROM user_account u LEFT JOIN second_factor f ON f.user_id = u.id WHERE u.id = p_user
$$;

-- Keeps a secret that is not proved yet; false when a proved one stands.
CREATE FUNCTION second_factor_begin(p_user uuid, p_secret jsonb, p_now timestamptz) RETURNS boolean
LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
  WITH done AS (INSERT INTO second_factor AS f (user_id, secret, created_at) VALUES (p_user, p_secret, p_now)
    ON CONFLICT (user_id) DO UPDATE SET secret = p_secret, created_at = p_now, failures = 0, failed_at = NULL
      WHERE f.confirmed_at IS NULL RETURNING 1)
  SELECT EXISTS (SELECT FROM done)
$$;

-- The secret to try a code against. Every try counts as failed until `second_factor_pass` says otherwise, so that guesses made at
-- once are all counted; after ten in a row within a quarter of an hour of each other none is let through.
CREATE FUNCTION second_factor_try(p_user uuid, p_is_proved boolean, p_now timestamptz)
RETURNS TABLE (secret jsonb, is_spent boolean)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
#variable_conflict use_column
DECLARE kept second_factor%ROWTYPE;
BEGIN
  SELECT * INTO kept FROM second_factor f
    WHERE f.user_id = p_user AND (f.confirmed_at IS NOT NULL) = p_is_proved FOR UPDATE;
  IF NOT FOUND THEN RETURN; END IF;
  IF kept.failed_at < p_now - interval '15 minutes' THEN kept.failures := 0; END IF;
  IF kept.failures >= 10 THEN RETURN QUERY SELECT NULL::jsonb, true; RETURN; END IF;
  UPDATE second_factor f SET failures = kept.failures + 1, failed_at = p_now WHERE f.user_id = p_user;
  RETURN QUERY SELECT kept.secret, false;
END $$;

-- Spends a step: a code is good once. False when it, or a later one, was used before.
CREATE FUNCTION second_factor_pass(p_user uuid, p_step bigint) RETURNS boolean
LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
  WITH done AS (UPDATE second_factor f SET last_step = p_step, failures = 0, failed_at = NULL
    WHERE f.user_id = p_user AND f.last_step < p_step RETURNING 1)
  SELECT EXISTS (SELECT FROM done)
$$;

CREATE FUNCTION recovery_codes_keep(p_user uuid, p_hashes text[]) RETURNS void
LANGUAGE sql SET search_path = pg_catalog, public, pg_temp AS $$
  DELETE FROM recovery_code c WHERE c.user_id = p_user;
  INSERT INTO recovery_code (user_id, code_hash) SELECT p_user, h FROM unnest(p_hashes) AS h;
$$;

-- From now on a code is asked for. False when there is nothing to prove or it was proved before.
CREATE FUNCTION second_factor_confirm(p_user uuid, p_step bigint, p_hashes text[], p_now timestamptz) RETURNS boolean
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
  UPDATE second_factor f SET confirmed_at = p_now, last_step = p_step, failures = 0, failed_at = NULL
    WHERE f.user_id = p_user AND f.confirmed_at IS NULL;
  IF NOT FOUND THEN RETURN false; END IF;
  PERFORM recovery_codes_keep(p_user, p_hashes);
  PERFORM audit_of_person(p_user, 'second_factor.enable', NULL, p_now);
  RETURN true;
END $$;

CREATE FUNCTION recovery_codes_replace(p_user uuid, p_hashes text[], p_now timestamptz) RETURNS boolean
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
  PERFORM FROM second_factor f WHERE f.user_id = p_user AND f.confirmed_at IS NOT NULL FOR UPDATE;
  IF NOT FOUND THEN RETURN false; END IF;
  PERFORM recovery_codes_keep(p_user, p_hashes);
  PERFORM audit_of_person(p_user, 'second_factor.new_codes', NULL, p_now);
  RETURN true;
END $$;

-- Good once. Lets in also when codes of the second factor were guessed at too often.
CREATE FUNCTION recovery_code_use(p_user uuid, p_hash text, p_now timestamptz) RETURNS boolean
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
  UPDATE recovery_code c SET used_at = p_now WHERE c.user_id = p_user AND c.code_hash = p_hash AND c.used_at IS NULL;
  IF NOT FOUND THEN RETURN false; END IF;
  UPDATE second_factor f SET failures = 0, failed_at = NULL WHERE f.user_id = p_user;
  PERFORM audit_of_person(p_user, 'second_factor.recover', jsonb_build_object('codesLeft',
    (SELECT count(*) FROM recovery_code c WHERE c.user_id = p_user AND c.used_at IS NULL)), p_now);
  RETURN true;
END $$;

CREATE FUNCTION second_factor_remove(p_user uuid, p_now timestamptz) RETURNS boolean
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
  DELETE FROM second_factor f WHERE f.user_id = p_user AND f.confirmed_at IS NOT NULL;
  IF NOT FOUND THEN RETURN false; END IF;
  DELETE FROM recovery_code c WHERE c.user_id = p_user;
  PERFORM audit_of_person(p_user, 'second_factor.disable', NULL, p_now);
  RETURN true;
END $$;

-- What signing in at a workspace's own issuer needs before anybody is known.
CREATE FUNCTION sso_of_workspace(p_slug text)
RETURNS TABLE (workspace_id uuid, workspace_name text, issuer text, client_id text, client_secret jsonb, domains text[])
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
  SELECT w.id, w.name, c.issuer, c.client_id, c.client_secret, c.domains
  FROM workspace w JOIN sso_connection c ON c.workspace_id = w.id WHERE w.slug = p_slug
$$;

-- Whom an issuer's proved subject lets in. Known by issuer and subject; else by a proved address, if that account is a member here
-- and no other person of the issuer holds it; else, where newcomers get a role and the address has no account, a new one.
CREATE FUNCTION sso_enter(p_workspace uuid, p_issuer text, p_subject text, p_email text, p_name text, p_now timestamptz,
                          p_user uuid, p_member uuid, p_grant uuid, OUT outcome text, OUT user_id uuid)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
#variable_conflict use_column
DECLARE role_given text; known uuid;
BEGIN
  SELECT c.newcomer_role INTO role_given FROM sso_connection c WHERE c.workspace_id = p_workspace AND c.issuer = p_issuer FOR SHARE;
  IF NOT FOUND THEN outcome := 'changed'; RETURN; END IF;
  UPDATE sso_identity i SET last_used_at = p_now
    WHERE i.workspace_id = p_workspace AND i.issuer = p_issuer AND i.subject = p_subject RETURNING i.user_id INTO known;
  IF known IS NULL THEN
    SELECT u.id INTO known FROM user_account u WHERE u.email = p_email;
    IF known IS NULL AND role_given IS NOT NULL THEN
      INSERT INTO user_account (id, email, name, created_at) VALUES (p_user, p_email, p_name, p_now) ON CONFLICT (email) DO NOTHING;
      IF NOT FOUND THEN outcome := 'not_member'; RETURN; END IF;
      INSERT INTO member (workspace_id, id, user_id, created_at) VALUES (p_workspace, p_member, p_user, p_now);
      INSERT INTO member_grant (workspace_id, id, member_id, role, valid_from, created_at)
        VALUES (p_workspace, p_grant, p_member, role_given, p_now, p_now);
      INSERT INTO audit_entry (workspace_id, id, at, actor_kind, actor_id, action, subject_kind, subject_id, after)
        VALUES (p_workspace, gen_random_uuid(), p_now, 'user', p_user::text, 'member.join', 'member', p_member::text,
                jsonb_build_object('role', role_given, 'email', p_email));
      known := p_user;
    END IF;
    IF NOT EXISTS (SELECT FROM memberships_of_user(known, p_now) m WHERE m.workspace_id = p_workspace) THEN
      outcome := 'not_member'; RETURN;
    END IF;
    INSERT INTO sso_identity (workspace_id, issuer, subject, user_id, created_at, last_used_at)
      VALUES (p_workspace, p_issuer, p_subject, known, p_now, p_now) ON CONFLICT DO NOTHING;
    IF NOT FOUND THEN outcome := 'other_person'; RETURN; END IF;
    INSERT INTO audit_entry (workspace_id, id, at, actor_kind, actor_id, action, subject_kind, subject_id, after)
      VALUES (p_workspace, gen_random_uuid(), p_now, 'user', known::text, 'sign_in.link', 'user', known::text,
              jsonb_build_object('issuer', p_issuer, 'subject', p_subject, 'email', p_email));
  ELSIF NOT EXISTS (SELECT FROM memberships_of_user(known, p_now) m WHERE m.workspace_id = p_workspace) THEN
    outcome := 'not_member'; RETURN;
  END IF;
  INSERT INTO audit_entry (workspace_id, id, at, actor_kind, actor_id, action, subject_kind, subject_id, after)
    VALUES (p_workspace, gen_random_uuid(), p_now, 'user', known::text, 'sign_in.open', 'user', known::text,
            jsonb_build_object('issuer', p_issuer));
  outcome := 'in'; user_id := known;
END $$;

-- Ends what this workspace's issuer opened: another one answers for its people now, or none.
CREATE FUNCTION sso_sessions_end(p_now timestamptz) RETURNS void
LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
  UPDATE session s SET revoked_at = p_now WHERE s.bound_to = (SELECT current_workspace()) AND s.revoked_at IS NULL
$$;

-- Secrets that are not sealed with the newest key. Replacing them asks that nobody changed them meanwhile.
CREATE FUNCTION sign_in_secrets_to_seal(p_seal text) RETURNS TABLE (kind text, id uuid, secret jsonb)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
  SELECT 'second_factor', f.user_id, f.secret FROM second_factor f
    WHERE NOT starts_with(coalesce(f.secret ->> 'sealed', ''), p_seal)
  UNION ALL SELECT 'sso', c.workspace_id, c.client_secret FROM sso_connection c
    WHERE c.client_secret IS NOT NULL AND NOT starts_with(coalesce(c.client_secret ->> 'sealed', ''), p_seal)
$$;
CREATE FUNCTION sign_in_secret_replace(p_kind text, p_id uuid, p_before jsonb, p_after jsonb) RETURNS void
LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
  UPDATE second_factor f SET secret = p_after WHERE p_kind = 'second_factor' AND f.user_id = p_id AND f.secret = p_before;
  UPDATE sso_connection c SET client_secret = p_after WHERE p_kind = 'sso' AND c.workspace_id = p_id AND c.client_secret = p_before;
$$;

REVOKE EXECUTE ON FUNCTION audit_of_person(uuid, text, jsonb, timestamptz), recovery_codes_keep(uuid, text[]) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION session_create(text, uuid, text, text, uuid, timestamptz, timestamptz), session_get(text, timestamptz),
  session_pending_get(text, timestamptz), session_pass(text, text, timestamptz, timestamptz),
  sessions_of_user(uuid, uuid, timestamptz), session_end(uuid, uuid, text, text, timestamptz),
  memberships_of_user(uuid, timestamptz), second_factor_get(uuid), second_factor_begin(uuid, jsonb, timestamptz),
  second_factor_try(uuid, boolean, timestamptz), second_factor_pass(uuid, bigint),
  second_factor_confirm(uuid, bigint, text[], timestamptz), recovery_codes_replace(uuid, text[], timestamptz),
  recovery_code_use(uuid, text, timestamptz), second_factor_remove(uuid, timestamptz), sso_of_workspace(text),
  sso_enter(uuid, text, text, text, text, timestamptz, uuid, uuid, uuid), sso_sessions_end(timestamptz) TO tidegate_app;
GRANT EXECUTE ON FUNCTION sign_in_secrets_to_seal(text), sign_in_secret_replace(text, uuid, jsonb, jsonb) TO tidegate_engine;
