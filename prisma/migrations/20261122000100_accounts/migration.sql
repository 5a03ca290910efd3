-- Self-serve accounts: signing up with a proved address, links that sign in, invites, and the mail that carries them.
CREATE TABLE "sign_up" (
    "id" UUID NOT NULL,
    "email" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "password_hash" TEXT NOT NULL,
    "workspace_name" TEXT NOT NULL,
    "slug" TEXT NOT NULL,
    "token_hash" TEXT NOT NULL,
    "created_at" TIMESTAMPTZ(6) NOT NULL,
    "expires_at" TIMESTAMPTZ(6) NOT NULL,
    "used_at" TIMESTAMPTZ(6),

    CONSTRAINT "sign_up_pkey" PRIMARY KEY ("id")
);
CREATE TABLE "sign_in_link" (
    "id" UUID NOT NULL,
    "user_id" UUID NOT NULL,
    "token_hash" TEXT NOT NULL,
    "created_at" TIMESTAMPTZ(6) NOT NULL,
    "expires_at" TIMESTAMPTZ(6) NOT NULL,
    "used_at" TIMESTAMPTZ(6),

    CONSTRAINT "sign_in_link_pkey" PRIMARY KEY ("id")
);
CREATE TABLE "account_mail" (
    "id" UUID NOT NULL,
    "recipient" TEXT NOT NULL,
    "content" JSONB NOT NULL,
    "state" TEXT NOT NULL DEFAULT 'pending',
    "attempts" INTEGER NOT NULL DEFAULT 0,
    "created_at" TIMESTAMPTZ(6) NOT NULL,
    "next_attempt_at" TIMESTAMPTZ(6) NOT NULL,
    "locked_until" TIMESTAMPTZ(6),
    "sent_at" TIMESTAMPTZ(6),
    "error" TEXT,

    CONSTRAINT "account_mail_pkey" PRIMARY KEY ("id")
);
CREATE TABLE "invite" (
    "workspace_id" UUID NOT NULL,
    "id" UUID NOT NULL,
    "email" TEXT NOT NULL,
    "role" TEXT NOT NULL,
    "group_id" UUID,
    "grant_until" TIMESTAMPTZ(6),
    "token_hash" TEXT NOT NULL,
    "created_at" TIMESTAMPTZ(6) NOT NULL,
    "created_by" TEXT NOT NULL,
    "sent_at" TIMESTAMPTZ(6) NOT NULL,
    "expires_at" TIMESTAMPTZ(6) NOT NULL,
    "accepted_at" TIMESTAMPTZ(6),
    "revoked_at" TIMESTAMPTZ(6),

    CONSTRAINT "invite_pkey" PRIMARY KEY ("workspace_id","id")
);
CREATE UNIQUE INDEX "sign_up_token_hash_key" ON "sign_up"("token_hash");
CREATE INDEX "sign_up_email_idx" ON "sign_up"("email");
CREATE UNIQUE INDEX "sign_in_link_token_hash_key" ON "sign_in_link"("token_hash");
CREATE INDEX "sign_in_link_user_id_idx" ON "sign_in_link"("user_id");
CREATE UNIQUE INDEX "invite_token_hash_key" ON "invite"("token_hash");
ALTER TABLE "sign_in_link" ADD CONSTRAINT "sign_in_link_user_id_fkey" FOREIGN KEY ("user_id") REFERENCES "user_account"("id") ON DELETE CASCADE ON UPDATE CASCADE;
ALTER TABLE "invite" ADD CONSTRAINT "invite_workspace_id_fkey" FOREIGN KEY ("workspace_id") REFERENCES "workspace"("id") ON DELETE CASCADE ON UPDATE CASCADE;
ALTER TABLE "invite" ADD CONSTRAINT "invite_workspace_id_group_id_fkey" FOREIGN KEY ("workspace_id", "group_id") REFERENCES "node_group"("workspace_id", "id") ON DELETE CASCADE ON UPDATE CASCADE;

ALTER TABLE sign_up ADD CONSTRAINT sign_up_email_lower CHECK (email = lower(email));
ALTER TABLE invite ADD CONSTRAINT invite_email_lower CHECK (email = lower(email));
ALTER TABLE account_mail ADD CONSTRAINT account_mail_state CHECK (state IN ('pending', 'sending', 'sent', 'failed'));
ALTER TABLE invite ADD CONSTRAINT invite_role CHECK (role IN
  ('owner', 'admin', 'operator', 'analyst', 'team_manager', 'official', 'broadcaster', 'billing'));
CREATE INDEX account_mail_due ON account_mail (next_attempt_at) WHERE state IN ('pending', 'sending');
-- One open invite an address: inviting again sends that one again.
CREATE UNIQUE INDEX invite_open ON invite (workspace_id, email, role, coalesce(group_id, workspace_id))
  WHERE accepted_at IS NULL AND revoked_at IS NULL;

DO $$
DECLARE walled text;
BEGIN
  FOREACH walled IN ARRAY ARRAY['sign_up', 'sign_in_link', 'account_mail', 'invite'] LOOP
    EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', walled);
    EXECUTE format('ALTER TABLE %I FORCE ROW LEVEL SECURITY', walled);
    EXECUTE format('CREATE POLICY definer ON %I TO CURRENT_USER USING (true) WITH CHECK (true)', walled);
  END LOOP;
END $$;
CREATE POLICY own_workspace ON invite TO tidegate_app
  USING (workspace_id = (SELECT current_workspace())) WITH CHECK (workspace_id = (SELECT current_workspace()));
GRANT SELECT (workspace_id, id, email, role, group_id, grant_until, created_at, created_by, sent_at, expires_at, accepted_at, revoked_at),
  INSERT, UPDATE ON invite TO tidegate_app;

-- Queues mail in the caller's transaction.
CREATE FUNCTION account_mail_queue(p_id uuid, p_recipient text, p_content jsonb, p_now timestamptz) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
  INSERT INTO account_mail (id, recipient, content, created_at, next_attempt_at)
    VALUES (p_id, p_recipient, p_content, p_now, p_now);
  PERFORM pg_notify('account_mail', '{}');
END $$;

-- Sender: takes due mail under a lease.
CREATE FUNCTION account_mail_claim(p_limit int, p_now timestamptz, p_lease interval)
RETURNS TABLE (id uuid, recipient text, content jsonb, attempts int)
LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
  WITH due AS (
    SELECT m.id FROM account_mail m
    WHERE (m.state = 'pending' AND m.next_attempt_at <= p_now) OR (m.state = 'sending' AND m.locked_until <= p_now)
    ORDER BY m.next_attempt_at LIMIT p_limit FOR UPDATE SKIP LOCKED)
  UPDATE account_mail m SET state = 'sending', locked_until = p_now + p_lease, attempts = m.attempts + 1
    FROM due WHERE m.id = due.id RETURNING m.id, m.recipient, m.content, m.attempts
$$;

-- Sender: stores how it went. What is sent or given up keeps no content: it holds links that let somebody in.
CREATE FUNCTION account_mail_record(p_id uuid, p_state text, p_next timestamptz, p_now timestamptz, p_error text) RETURNS void
LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
  UPDATE account_mail m SET state = p_state, next_attempt_at = coalesce(p_next, m.next_attempt_at), locked_until = NULL,
    sent_at = CASE WHEN p_state = 'sent' THEN p_now END, error = p_error,
    content = CASE WHEN p_state IN ('sent', 'failed') THEN '{}'::jsonb ELSE m.content END
  WHERE m.id = p_id AND m.state = 'sending'
$$;

-- Begins to sign up. True when the address has an account already: then nothing is kept.
CREATE FUNCTION sign_up_begin(p_id uuid, p_email text, p_name text, p_password_hash text, p_workspace_name text,
                              p_slug text, p_token_hash text, p_now timestamptz, p_expires timestamptz) RETURNS boolean
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
  IF EXISTS (SELECT FROM user_account u WHERE u.email = p_email) THEN RETURN true; END IF;
  INSERT INTO sign_up (id, email, name, password_hash, workspace_name, slug, token_hash, created_at, expires_at)
    VALUES (p_id, p_email, p_name, p_password_hash, p_workspace_name, p_slug, p_token_hash, p_now, p_expires);
  RETURN false;
END $$;

-- Makes the account, its workspace and its owner. Good once; of two signed up with one address the first to prove it wins.
CREATE FUNCTION sign_up_confirm(p_token_hash text, p_now timestamptz, p_user uuid, p_workspace uuid, p_member uuid,
                                p_grant uuid, p_audit uuid)
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
      INSERT INTO workspace (id, slug, name, created_at) VALUES (p_workspace, free_slug, asked.workspace_name, p_now);
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

-- A link for the account of this address; false when there is none.
CREATE FUNCTION sign_in_link_create(p_id uuid, p_email text, p_token_hash text, p_now timestamptz, p_expires timestamptz)
RETURNS boolean LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
  WITH made AS (INSERT INTO sign_in_link (id, user_id, token_hash, created_at, expires_at)
    SELECT p_id, u.id, p_token_hash, p_now, p_expires FROM user_account u WHERE u.email = p_email RETURNING 1)
  SELECT EXISTS (SELECT FROM made)
$$;

-- Whom the link signs in. Good once.
CREATE FUNCTION sign_in_link_use(p_token_hash text, p_now timestamptz) RETURNS uuid
LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
  UPDATE sign_in_link l SET used_at = p_now WHERE l.token_hash = p_token_hash AND l.used_at IS NULL AND l.expires_at > p_now
    RETURNING l.user_id
$$;

-- What somebody with the link is invited to.
CREATE FUNCTION invite_by_token(p_token_hash text, p_now timestamptz)
RETURNS TABLE (workspace_id uuid, workspace_name text, slug text, email text, role text, group_name text, has_account boolean,
               is_good boolean)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
  SELECT w.id, w.name, w.slug, i.email, i.role, g.name, EXISTS (SELECT FROM user_account u WHERE u.email = i.email),
    i.accepted_at IS NULL AND i.revoked_at IS NULL AND i.expires_at > p_now AND g.archived_at IS NULL
  FROM invite i JOIN workspace w ON w.id = i.workspace_id
  LEFT JOIN node_group g ON g.workspace_id = i.workspace_id AND g.id = i.group_id
  WHERE i.token_hash = p_token_hash
$$;

-- Accepts an invite: an account for its address where there is none (with this name and password), membership and grant. Good once.
CREATE FUNCTION invite_accept(p_token_hash text, p_now timestamptz, p_user uuid, p_name text, p_password_hash text,
                              p_member uuid, p_grant uuid, p_audit uuid)
RETURNS TABLE (user_id uuid, slug text)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
#variable_conflict use_column
DECLARE given invite%ROWTYPE; account uuid; membership uuid;
BEGIN
  UPDATE invite i SET accepted_at = p_now
    WHERE i.token_hash = p_token_hash AND i.accepted_at IS NULL AND i.revoked_at IS NULL AND i.expires_at > p_now
    RETURNING * INTO given;
  IF NOT FOUND THEN RETURN; END IF;
  SELECT u.id INTO account FROM user_account u WHERE u.email = given.email;
  IF account IS NULL THEN
    IF p_password_hash IS NULL THEN RAISE EXCEPTION 'an account needs a password' USING ERRCODE = 'TG001'; END IF;
    account := p_user;
    INSERT INTO user_account (id, email, name, password_hash, created_at)
      VALUES (p_user, given.email, p_name, p_password_hash, p_now);
  END IF;
  INSERT INTO member (workspace_id, id, user_id, created_at) VALUES (given.workspace_id, p_member, account, p_now)
    ON CONFLICT (workspace_id, user_id) DO NOTHING;
  SELECT m.id INTO membership FROM member m WHERE m.workspace_id = given.workspace_id AND m.user_id = account;
  INSERT INTO member_grant (workspace_id, id, member_id, role, group_id, valid_from, valid_until, created_at)
    VALUES (given.workspace_id, p_grant, membership, given.role, given.group_id, p_now, given.grant_until, p_now);
  INSERT INTO audit_entry (workspace_id, id, at, actor_kind, actor_id, action, subject_kind, subject_id, after)
    VALUES (given.workspace_id, p_audit, p_now, 'user', account::text, 'invite.accept', 'invite', given.id::text,
            jsonb_build_object('role', given.role, 'groupId', given.group_id));
  RETURN QUERY SELECT account, w.slug FROM workspace w WHERE w.id = given.workspace_id;
END $$;

GRANT EXECUTE ON FUNCTION account_mail_queue(uuid, text, jsonb, timestamptz),
  sign_up_begin(uuid, text, text, text, text, text, text, timestamptz, timestamptz),
  sign_up_confirm(text, timestamptz, uuid, uuid, uuid, uuid, uuid),
  sign_in_link_create(uuid, text, text, timestamptz, timestamptz), sign_in_link_use(text, timestamptz),
  invite_by_token(text, timestamptz), invite_accept(text, timestamptz, uuid, text, text, uuid, uuid, uuid) TO tidegate_app;
GRANT EXECUTE ON FUNCTION account_mail_claim(int, timestamptz, interval),
  account_mail_record(uuid, text, timestamptz, timestamptz, text) TO tidegate_engine;
