-- When groups are on air, calendars they are imported from, and links that show a board without an account.
CREATE TABLE "group_schedule" (
    "workspace_id" UUID NOT NULL,
    "group_id" UUID NOT NULL,
    "time_zone" TEXT,
    "audience_times" DOUBLE PRECISION,

    CONSTRAINT "group_schedule_pkey" PRIMARY KEY ("workspace_id","group_id")
);
CREATE TABLE "schedule_window" (
    "workspace_id" UUID NOT NULL,
    "id" UUID NOT NULL,
    "group_id" UUID NOT NULL,
    "starts_at" TIMESTAMPTZ(3) NOT NULL,
    "ends_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "schedule_window_pkey" PRIMARY KEY ("workspace_id","id")
);
CREATE TABLE "calendar" (
    "workspace_id" UUID NOT NULL,
    "id" UUID NOT NULL,
    "group_id" UUID NOT NULL,
    "name" TEXT NOT NULL,
    "source" JSONB,
    "host" TEXT,
    "rules" JSONB NOT NULL DEFAULT '[]',
    "etag" TEXT,
    "last_modified" TEXT,
    "created_at" TIMESTAMPTZ(3) NOT NULL,
    "created_by" TEXT NOT NULL,
    "refreshed_at" TIMESTAMPTZ(3),
    "read_at" TIMESTAMPTZ(3),
    "attempted_at" TIMESTAMPTZ(3),
    "next_at" TIMESTAMPTZ(3),
    "locked_until" TIMESTAMPTZ(3),
    "failures" INTEGER NOT NULL DEFAULT 0,
    "error" TEXT,
    "removed_at" TIMESTAMPTZ(3),

    CONSTRAINT "calendar_pkey" PRIMARY KEY ("workspace_id","id")
);
CREATE TABLE "calendar_entry" (
    "workspace_id" UUID NOT NULL,
    "id" UUID NOT NULL,
    "calendar_id" UUID NOT NULL,
    "uid" TEXT NOT NULL,
    "recurrence" TEXT NOT NULL DEFAULT '',
    "group_id" UUID NOT NULL,
    "name" TEXT NOT NULL,
    "location" TEXT NOT NULL DEFAULT '',
    "starts_at" TIMESTAMPTZ(3) NOT NULL,
    "ends_at" TIMESTAMPTZ(3) NOT NULL,
    "node_ids" UUID[],
    "state" TEXT NOT NULL DEFAULT 'current',

    CONSTRAINT "calendar_entry_pkey" PRIMARY KEY ("workspace_id","id")
);
CREATE TABLE "board_link" (
    "workspace_id" UUID NOT NULL,
    "id" UUID NOT NULL,
    "group_id" UUID NOT NULL,
    "name" TEXT NOT NULL,
    "token_hash" TEXT NOT NULL,
    "shows_rates" BOOLEAN NOT NULL DEFAULT false,
    "created_at" TIMESTAMPTZ(3) NOT NULL,
    "created_by" TEXT NOT NULL,
    "expires_at" TIMESTAMPTZ(3) NOT NULL,
    "revoked_at" TIMESTAMPTZ(3),
    "last_opened_at" TIMESTAMPTZ(3),

    CONSTRAINT "board_link_pkey" PRIMARY KEY ("workspace_id","id")
);
CREATE INDEX "schedule_window_workspace_id_group_id_idx" ON "schedule_window"("workspace_id", "group_id");
CREATE INDEX "calendar_workspace_id_group_id_idx" ON "calendar"("workspace_id", "group_id");
CREATE UNIQUE INDEX "calendar_entry_workspace_id_calendar_id_uid_recurrence_key" ON "calendar_entry"("workspace_id", "calendar_id", "uid", "recurrence");
CREATE INDEX "calendar_entry_workspace_id_group_id_idx" ON "calendar_entry"("workspace_id", "group_id");
CREATE UNIQUE INDEX "board_link_token_hash_key" ON "board_link"("token_hash");
CREATE INDEX "board_link_workspace_id_group_id_idx" ON "board_link"("workspace_id", "group_id");

ALTER TABLE "group_schedule" ADD CONSTRAINT "group_schedule_workspace_id_group_id_fkey" FOREIGN KEY ("workspace_id", "group_id") REFERENCES "node_group"("workspace_id", "id") ON DELETE CASCADE ON UPDATE CASCADE;
ALTER TABLE "schedule_window" ADD CONSTRAINT "schedule_window_workspace_id_group_id_fkey" FOREIGN KEY ("workspace_id", "group_id") REFERENCES "node_group"("workspace_id", "id") ON DELETE CASCADE ON UPDATE CASCADE;
ALTER TABLE "calendar" ADD CONSTRAINT "calendar_workspace_id_group_id_fkey" FOREIGN KEY ("workspace_id", "group_id") REFERENCES "node_group"("workspace_id", "id") ON DELETE CASCADE ON UPDATE CASCADE;
ALTER TABLE "calendar_entry" ADD CONSTRAINT "calendar_entry_workspace_id_calendar_id_fkey" FOREIGN KEY ("workspace_id", "calendar_id") REFERENCES "calendar"("workspace_id", "id") ON DELETE CASCADE ON UPDATE CASCADE;
ALTER TABLE "calendar_entry" ADD CONSTRAINT "calendar_entry_workspace_id_group_id_fkey" FOREIGN KEY ("workspace_id", "group_id") REFERENCES "node_group"("workspace_id", "id") ON DELETE CASCADE ON UPDATE CASCADE;
ALTER TABLE "board_link" ADD CONSTRAINT "board_link_workspace_id_group_id_fkey" FOREIGN KEY ("workspace_id", "group_id") REFERENCES "node_group"("workspace_id", "id") ON DELETE CASCADE ON UPDATE CASCADE;

ALTER TABLE schedule_window ADD CONSTRAINT schedule_window_order CHECK (ends_at > starts_at);
-- It only ever widens what counts as usual: a quiet event is no reason to look closer.
ALTER TABLE group_schedule ADD CONSTRAINT group_schedule_audience CHECK (audience_times BETWEEN 1 AND 100);
ALTER TABLE calendar_entry ADD CONSTRAINT calendar_entry_state CHECK (state IN ('current', 'cancelled', 'withdrawn'));
ALTER TABLE board_link ADD CONSTRAINT board_link_ends CHECK (expires_at > created_at);
-- Twice the same press makes one calendar.
CREATE UNIQUE INDEX calendar_name ON calendar (workspace_id, group_id, name) WHERE removed_at IS NULL;
CREATE INDEX calendar_due ON calendar (next_at) WHERE removed_at IS NULL AND source IS NOT NULL;

DO $$
DECLARE tenant_table text;
BEGIN
  FOREACH tenant_table IN ARRAY ARRAY['group_schedule', 'schedule_window', 'calendar', 'calendar_entry', 'board_link'] LOOP
    EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', tenant_table);
    EXECUTE format('ALTER TABLE %I FORCE ROW LEVEL SECURITY', tenant_table);
    EXECUTE format('CREATE POLICY own_workspace ON %I TO tidegate_app
      USING (workspace_id = (SELECT current_workspace())) WITH CHECK (workspace_id = (SELECT current_workspace()))', tenant_table);
    EXECUTE format('CREATE POLICY definer ON %I TO CURRENT_USER USING (true) WITH CHECK (true)', tenant_table);
  END LOOP;
END $$;
GRANT SELECT, INSERT, UPDATE, DELETE ON group_schedule, schedule_window TO tidegate_app;
GRANT SELECT, INSERT, UPDATE ON calendar, calendar_entry TO tidegate_app;
GRANT SELECT (workspace_id, id, group_id, name, shows_rates, created_at, created_by, expires_at, revoked_at, last_opened_at),
  INSERT, UPDATE ON board_link TO tidegate_app;

-- What is on air, and for whom, follows from these tables: gateways tell nodes and boards when one changes. Once a transaction.
CREATE FUNCTION tell_groups() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
  IF current_workspace() IS NOT NULL THEN
    PERFORM pg_notify('groups', json_build_object('workspaceId', current_workspace())::text);
  END IF;
  RETURN NULL;
END $$;
CREATE TRIGGER tell_groups AFTER INSERT OR UPDATE OR DELETE ON node_group FOR EACH STATEMENT EXECUTE FUNCTION tell_groups();
CREATE TRIGGER tell_groups AFTER INSERT OR UPDATE OR DELETE ON group_node FOR EACH STATEMENT EXECUTE FUNCTION tell_groups();
CREATE TRIGGER tell_groups AFTER INSERT OR UPDATE OR DELETE ON group_schedule FOR EACH STATEMENT EXECUTE FUNCTION tell_groups();
CREATE TRIGGER tell_groups AFTER INSERT OR UPDATE OR DELETE ON schedule_window FOR EACH STATEMENT EXECUTE FUNCTION tell_groups();

-- Engine: calendars whose time has come, each to one engine under a lease. What they say is read by a verb of their workspace.
CREATE FUNCTION calendar_claim(p_limit int, p_now timestamptz, p_lease interval) RETURNS TABLE (workspace_id uuid, id uuid)
LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
  WITH due AS (
    SELECT c.workspace_id, c.id FROM calendar c JOIN node_group g ON g.workspace_id = c.workspace_id AND g.id = c.group_id
    WHERE c.removed_at IS NULL AND c.source IS NOT NULL AND g.archived_at IS NULL AND c.next_at <= p_now
      AND (c.locked_until IS NULL OR c.locked_until <= p_now)
    ORDER BY c.next_at LIMIT p_limit FOR UPDATE OF c SKIP LOCKED)
  UPDATE calendar c SET locked_until = p_now + p_lease FROM due
    WHERE c.workspace_id = due.workspace_id AND c.id = due.id RETURNING c.workspace_id, c.id
$$;

-- What a link shows: good until it expires, is revoked or its group is archived. When it was opened is written once a minute at most.
CREATE FUNCTION board_link_open(p_token_hash text, p_now timestamptz)
RETURNS TABLE (workspace_id uuid, link_id uuid, group_id uuid, shows_rates boolean, expires_at timestamptz)
LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
  UPDATE board_link l SET last_opened_at = p_now
    WHERE l.token_hash = p_token_hash AND l.revoked_at IS NULL AND l.expires_at > p_now
      AND (l.last_opened_at IS NULL OR l.last_opened_at < p_now - interval '1 minute');
  SELECT l.workspace_id, l.id, l.group_id, l.shows_rates, l.expires_at
    FROM board_link l JOIN node_group g ON g.workspace_id = l.workspace_id AND g.id = l.group_id
    WHERE l.token_hash = p_token_hash AND l.revoked_at IS NULL AND l.expires_at > p_now AND g.archived_at IS NULL;
$$;
GRANT EXECUTE ON FUNCTION calendar_claim(int, timestamptz, interval) TO tidegate_engine;
GRANT EXECUTE ON FUNCTION board_link_open(text, timestamptz) TO tidegate_app;
