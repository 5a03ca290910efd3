-- Groups of nodes, and roles as grants: in the whole workspace or in one group, while they are valid.
CREATE TABLE "node_group" (
    "workspace_id" UUID NOT NULL,
    "id" UUID NOT NULL,
    "parent_id" UUID,
    "kind" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "created_at" TIMESTAMPTZ(6) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "archived_at" TIMESTAMPTZ(6),

    CONSTRAINT "node_group_pkey" PRIMARY KEY ("workspace_id","id")
);
CREATE TABLE "group_node" (
    "workspace_id" UUID NOT NULL,
    "group_id" UUID NOT NULL,
    "node_id" UUID NOT NULL,

    CONSTRAINT "group_node_pkey" PRIMARY KEY ("workspace_id","group_id","node_id")
);
CREATE TABLE "member_grant" (
    "workspace_id" UUID NOT NULL,
    "id" UUID NOT NULL,
    "member_id" UUID NOT NULL,
    "role" TEXT NOT NULL,
    "group_id" UUID,
    "valid_from" TIMESTAMPTZ(6) NOT NULL,
    "valid_until" TIMESTAMPTZ(6),
    "created_at" TIMESTAMPTZ(6) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "revoked_at" TIMESTAMPTZ(6),

    CONSTRAINT "member_grant_pkey" PRIMARY KEY ("workspace_id","id")
);
CREATE INDEX "node_group_workspace_id_parent_id_idx" ON "node_group"("workspace_id", "parent_id");
CREATE INDEX "group_node_workspace_id_node_id_idx" ON "group_node"("workspace_id", "node_id");
CREATE INDEX "member_grant_workspace_id_member_id_idx" ON "member_grant"("workspace_id", "member_id");

ALTER TABLE "node_group" ADD CONSTRAINT "node_group_workspace_id_fkey" FOREIGN KEY ("workspace_id") REFERENCES "workspace"("id") ON DELETE CASCADE ON UPDATE CASCADE;
ALTER TABLE "node_group" ADD CONSTRAINT "node_group_workspace_id_parent_id_fkey" FOREIGN KEY ("workspace_id", "parent_id") REFERENCES "node_group"("workspace_id", "id") ON DELETE CASCADE ON UPDATE CASCADE;
ALTER TABLE "group_node" ADD CONSTRAINT "group_node_workspace_id_group_id_fkey" FOREIGN KEY ("workspace_id", "group_id") REFERENCES "node_group"("workspace_id", "id") ON DELETE CASCADE ON UPDATE CASCADE;
ALTER TABLE "group_node" ADD CONSTRAINT "group_node_workspace_id_node_id_fkey" FOREIGN KEY ("workspace_id", "node_id") REFERENCES "node"("workspace_id", "id") ON DELETE CASCADE ON UPDATE CASCADE;
ALTER TABLE "member_grant" ADD CONSTRAINT "member_grant_workspace_id_member_id_fkey" FOREIGN KEY ("workspace_id", "member_id") REFERENCES "member"("workspace_id", "id") ON DELETE CASCADE ON UPDATE CASCADE;
ALTER TABLE "member_grant" ADD CONSTRAINT "member_grant_workspace_id_group_id_fkey" FOREIGN KEY ("workspace_id", "group_id") REFERENCES "node_group"("workspace_id", "id") ON DELETE CASCADE ON UPDATE CASCADE;

ALTER TABLE node_group ADD CONSTRAINT node_group_kind CHECK (kind IN ('event', 'stage', 'match', 'region', 'role'));
ALTER TABLE node_group ADD CONSTRAINT node_group_not_in_itself CHECK (parent_id IS DISTINCT FROM id);
-- Two groups of one name beside each other could not be told apart; of archived ones there may be many.
CREATE UNIQUE INDEX node_group_name ON node_group (workspace_id, coalesce(parent_id, workspace_id), kind, name)
  WHERE archived_at IS NULL;
ALTER TABLE member_grant ADD CONSTRAINT member_grant_role CHECK (role IN
  ('owner', 'admin', 'operator', 'analyst', 'team_manager', 'official', 'broadcaster', 'spectator', 'billing'));
-- These are of the whole workspace or of nothing.
ALTER TABLE member_grant ADD CONSTRAINT member_grant_of_workspace
  CHECK (group_id IS NULL OR role NOT IN ('owner', 'admin', 'billing'));
ALTER TABLE member_grant ADD CONSTRAINT member_grant_window CHECK (valid_until IS NULL OR valid_until > valid_from);

INSERT INTO member_grant (workspace_id, id, member_id, role, valid_from)
  SELECT m.workspace_id, m.id, m.id, m.role, m.created_at FROM member m;
ALTER TABLE member DROP COLUMN role;

DO $$
DECLARE tenant_table text;
BEGIN
  FOREACH tenant_table IN ARRAY ARRAY['node_group', 'group_node', 'member_grant'] LOOP
    EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', tenant_table);
    EXECUTE format('ALTER TABLE %I FORCE ROW LEVEL SECURITY', tenant_table);
    EXECUTE format('CREATE POLICY own_workspace ON %I TO tidegate_app
      USING (workspace_id = (SELECT current_workspace())) WITH CHECK (workspace_id = (SELECT current_workspace()))', tenant_table);
    EXECUTE format('CREATE POLICY definer ON %I TO CURRENT_USER USING (true) WITH CHECK (true)', tenant_table);
  END LOOP;
END $$;
GRANT SELECT, INSERT, UPDATE ON node_group, member_grant TO tidegate_app;
GRANT SELECT, INSERT, DELETE ON group_node TO tidegate_app;

-- These groups and all that lie in them.
CREATE FUNCTION groups_below(p_groups uuid[]) RETURNS SETOF uuid
LANGUAGE sql STABLE SECURITY INVOKER SET search_path = pg_catalog, public, pg_temp AS $$
  WITH RECURSIVE below AS (
    SELECT g.id FROM node_group g
      WHERE g.workspace_id = (SELECT current_workspace()) AND g.id = ANY (p_groups) AND g.archived_at IS NULL
    UNION
    SELECT g.id FROM below b
      JOIN node_group g ON g.workspace_id = (SELECT current_workspace()) AND g.parent_id = b.id AND g.archived_at IS NULL)
  SELECT b.id FROM below b
$$;

-- Nodes of these groups and of all that lie in them.
CREATE FUNCTION nodes_of_groups(p_groups uuid[]) RETURNS SETOF uuid
LANGUAGE sql STABLE SECURITY INVOKER SET search_path = pg_catalog, public, pg_temp AS $$
  SELECT DISTINCT gn.node_id FROM groups_below(p_groups) AS g (id)
    JOIN group_node gn ON gn.workspace_id = (SELECT current_workspace()) AND gn.group_id = g.id
$$;
GRANT EXECUTE ON FUNCTION groups_below(uuid[]), nodes_of_groups(uuid[]) TO tidegate_app;

-- As before, and instead of the one role: the grants that hold at this moment. Who has none is no member any more.
DROP FUNCTION memberships_of_user(uuid);
CREATE FUNCTION memberships_of_user(p_user uuid, p_now timestamptz)
RETURNS TABLE (workspace_id uuid, slug text, name text, member_id uuid, grants jsonb)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
  SELECT w.id, w.slug, w.name, m.id,
    jsonb_agg(jsonb_build_object('role', g.role, 'groupId', g.group_id) ORDER BY g.created_at, g.id)
  FROM member m JOIN workspace w ON w.id = m.workspace_id
  JOIN member_grant g ON g.workspace_id = m.workspace_id AND g.member_id = m.id
  LEFT JOIN node_group ng ON ng.workspace_id = g.workspace_id AND ng.id = g.group_id
  WHERE m.user_id = p_user AND g.revoked_at IS NULL AND g.valid_from <= p_now
    AND (g.valid_until IS NULL OR g.valid_until > p_now) AND (g.group_id IS NULL OR ng.archived_at IS NULL)
  GROUP BY w.id, w.slug, w.name, m.id ORDER BY w.name
$$;
GRANT EXECUTE ON FUNCTION memberships_of_user(uuid, timestamptz) TO tidegate_app;
