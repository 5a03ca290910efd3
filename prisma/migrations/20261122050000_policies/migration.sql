-- Mitigation policies by scope, in versions that are only ever added, and the kill switch.
CREATE TABLE "policy_version" (
    "workspace_id" UUID NOT NULL,
    "id" UUID NOT NULL,
    "scope_id" UUID NOT NULL,
    "group_id" UUID,
    "node_id" UUID,
    "version" INTEGER NOT NULL,
    "settings" JSONB,
    "created_at" TIMESTAMPTZ(6) NOT NULL,
    "actor_kind" TEXT NOT NULL,
    "actor_id" TEXT NOT NULL,

    CONSTRAINT "policy_version_pkey" PRIMARY KEY ("workspace_id","id")
);
CREATE TABLE "mitigation_stop" (
    "workspace_id" UUID NOT NULL,
    "id" UUID NOT NULL,
    "scope_id" UUID NOT NULL,
    "group_id" UUID,
    "node_id" UUID,
    "reason" TEXT NOT NULL,
    "started_at" TIMESTAMPTZ(6) NOT NULL,
    "started_by" TEXT NOT NULL,
    "until" TIMESTAMPTZ(6) NOT NULL,
    "ended_at" TIMESTAMPTZ(6),
    "ended_by" TEXT,

    CONSTRAINT "mitigation_stop_pkey" PRIMARY KEY ("workspace_id","id")
);
CREATE UNIQUE INDEX "policy_version_workspace_id_scope_id_version_key" ON "policy_version"("workspace_id", "scope_id", "version");
CREATE INDEX "mitigation_stop_workspace_id_until_idx" ON "mitigation_stop"("workspace_id", "until");

-- What the node said it goes by.
ALTER TABLE "node" ADD COLUMN "held_policy_id" TEXT;
ALTER TABLE "node" ADD COLUMN "held_stop_until" TIMESTAMPTZ(6);

ALTER TABLE "policy_version" ADD CONSTRAINT "policy_version_workspace_id_fkey" FOREIGN KEY ("workspace_id") REFERENCES "workspace"("id") ON DELETE CASCADE ON UPDATE CASCADE;
ALTER TABLE "policy_version" ADD CONSTRAINT "policy_version_workspace_id_group_id_fkey" FOREIGN KEY ("workspace_id", "group_id") REFERENCES "node_group"("workspace_id", "id") ON DELETE CASCADE ON UPDATE CASCADE;
ALTER TABLE "policy_version" ADD CONSTRAINT "policy_version_workspace_id_node_id_fkey" FOREIGN KEY ("workspace_id", "node_id") REFERENCES "node"("workspace_id", "id") ON DELETE CASCADE ON UPDATE CASCADE;
ALTER TABLE "mitigation_stop" ADD CONSTRAINT "mitigation_stop_workspace_id_fkey" FOREIGN KEY ("workspace_id") REFERENCES "workspace"("id") ON DELETE CASCADE ON UPDATE CASCADE;
ALTER TABLE "mitigation_stop" ADD CONSTRAINT "mitigation_stop_workspace_id_group_id_fkey" FOREIGN KEY ("workspace_id", "group_id") REFERENCES "node_group"("workspace_id", "id") ON DELETE CASCADE ON UPDATE CASCADE;
ALTER TABLE "mitigation_stop" ADD CONSTRAINT "mitigation_stop_workspace_id_node_id_fkey" FOREIGN KEY ("workspace_id", "node_id") REFERENCES "node"("workspace_id", "id") ON DELETE CASCADE ON UPDATE CASCADE;

-- A scope is the workspace, one group or one node; `scope_id` is that one's id.
ALTER TABLE policy_version ADD CONSTRAINT policy_version_scope
  CHECK (num_nonnulls(group_id, node_id) <= 1 AND scope_id = coalesce(group_id, node_id, workspace_id));
ALTER TABLE mitigation_stop ADD CONSTRAINT mitigation_stop_scope
  CHECK (num_nonnulls(group_id, node_id) <= 1 AND scope_id = coalesce(group_id, node_id, workspace_id));
ALTER TABLE policy_version ADD CONSTRAINT policy_version_counts CHECK (version > 0);
-- Nobody stops mitigation without an end.
ALTER TABLE mitigation_stop ADD CONSTRAINT mitigation_stop_window
  CHECK (until > started_at AND until <= started_at + interval '4 hours');

DO $$
DECLARE tenant_table text;
BEGIN
  FOREACH tenant_table IN ARRAY ARRAY['policy_version', 'mitigation_stop'] LOOP
    EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', tenant_table);
    EXECUTE format('ALTER TABLE %I FORCE ROW LEVEL SECURITY', tenant_table);
    EXECUTE format('CREATE POLICY own_workspace ON %I TO tidegate_app
      USING (workspace_id = (SELECT current_workspace())) WITH CHECK (workspace_id = (SELECT current_workspace()))', tenant_table);
    EXECUTE format('CREATE POLICY definer ON %I TO CURRENT_USER USING (true) WITH CHECK (true)', tenant_table);
  END LOOP;
END $$;
-- Versions are history: nobody changes or removes one.
GRANT SELECT, INSERT ON policy_version TO tidegate_app;
GRANT SELECT, INSERT ON mitigation_stop TO tidegate_app;
GRANT UPDATE (ended_at, ended_by) ON mitigation_stop TO tidegate_app;

-- Whatever changes which policy a node goes by is told, whoever changed it. Of many rows in one transaction one line arrives.
CREATE FUNCTION tell_policy() RETURNS trigger
LANGUAGE plpgsql SECURITY INVOKER SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
  PERFORM pg_notify('policy', json_build_object('workspaceId', coalesce(NEW.workspace_id, OLD.workspace_id))::text);
  RETURN NULL;
END $$;
CREATE TRIGGER tell_policy AFTER INSERT ON policy_version FOR EACH ROW EXECUTE FUNCTION tell_policy();
CREATE TRIGGER tell_policy AFTER INSERT OR UPDATE ON mitigation_stop FOR EACH ROW EXECUTE FUNCTION tell_policy();
CREATE TRIGGER tell_policy AFTER INSERT OR DELETE ON group_node FOR EACH ROW EXECUTE FUNCTION tell_policy();
CREATE TRIGGER tell_policy AFTER UPDATE OF parent_id, kind, name, archived_at ON node_group
  FOR EACH ROW EXECUTE FUNCTION tell_policy();

-- Spans whose busiest second brought more than a rate, out of those measured: minutes, or hours where minutes of so many nodes
-- would be too many rows to look at while somebody waits.
CREATE FUNCTION sample_spans_above(p_workspace uuid, p_nodes uuid[], p_from timestamptz, p_pps float8,
                                   OUT resolution_s int, OUT spans int8, OUT above int8)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
  IF cardinality(p_nodes) <= 8 THEN
    resolution_s := 60;
    SELECT count(*), count(*) FILTER (WHERE m.wire_pps_max > p_pps) INTO spans, above FROM sample_1m m
      WHERE m.workspace_id = p_workspace AND p_workspace = current_workspace() AND m.node_id = ANY (p_nodes) AND m.at > p_from;
  ELSE
    resolution_s := 3600;
    SELECT count(*), count(*) FILTER (WHERE h.wire_pps_max > p_pps) INTO spans, above FROM sample_1h h
      WHERE h.workspace_id = p_workspace AND p_workspace = current_workspace() AND h.node_id = ANY (p_nodes) AND h.at > p_from;
  END IF;
END $$;
GRANT EXECUTE ON FUNCTION sample_spans_above(uuid, uuid[], timestamptz, float8) TO tidegate_app;
