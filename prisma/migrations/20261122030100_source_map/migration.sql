-- Where the packets of a bundle say they came from.
CREATE TABLE "source_map" (
    "workspace_id" UUID NOT NULL,
    "evidence_id" UUID NOT NULL,
    "state" TEXT NOT NULL DEFAULT 'waiting',
    "attempts" INTEGER NOT NULL DEFAULT 0,
    "lease_until" TIMESTAMPTZ(6) NOT NULL,
    "read_at" TIMESTAMPTZ(6),
    "totals" JSONB,
    "problem" TEXT,

    CONSTRAINT "source_map_pkey" PRIMARY KEY ("workspace_id","evidence_id")
);
CREATE TABLE "source_count" (
    "workspace_id" UUID NOT NULL,
    "evidence_id" UUID NOT NULL,
    "kind" TEXT NOT NULL,
    "key" TEXT NOT NULL,
    "name" TEXT,
    "packets" BIGINT NOT NULL,
    "addresses" INTEGER NOT NULL,

    CONSTRAINT "source_count_pkey" PRIMARY KEY ("workspace_id","evidence_id","kind","key")
);

ALTER TABLE "source_map" ADD CONSTRAINT "source_map_workspace_id_evidence_id_fkey" FOREIGN KEY ("workspace_id", "evidence_id") REFERENCES "evidence"("workspace_id", "id") ON DELETE CASCADE ON UPDATE CASCADE;
ALTER TABLE "source_count" ADD CONSTRAINT "source_count_workspace_id_evidence_id_fkey" FOREIGN KEY ("workspace_id", "evidence_id") REFERENCES "source_map"("workspace_id", "evidence_id") ON DELETE CASCADE ON UPDATE CASCADE;

ALTER TABLE source_map ADD CONSTRAINT source_map_state CHECK (state IN ('waiting', 'read', 'unreadable'));
ALTER TABLE source_count ADD CONSTRAINT source_count_kind CHECK (kind IN ('country', 'network', 'prefix'));

DO $$
DECLARE tenant_table text;
BEGIN
  FOREACH tenant_table IN ARRAY ARRAY['source_map', 'source_count'] LOOP
    EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', tenant_table);
    EXECUTE format('ALTER TABLE %I FORCE ROW LEVEL SECURITY', tenant_table);
    EXECUTE format('CREATE POLICY own_workspace ON %I TO tidegate_app
      USING (workspace_id = (SELECT current_workspace())) WITH CHECK (workspace_id = (SELECT current_workspace()))', tenant_table);
    EXECUTE format('CREATE POLICY definer ON %I TO CURRENT_USER USING (true) WITH CHECK (true)', tenant_table);
  END LOOP;
END $$;
GRANT SELECT, UPDATE ON source_map TO tidegate_app;
GRANT SELECT, INSERT, DELETE ON source_count TO tidegate_app;

-- Uploaded bundles whose sources nobody has read, or whose reader died, under a lease.
CREATE FUNCTION source_map_claim(p_now timestamptz, p_lease interval, p_limit int)
RETURNS TABLE (workspace_id uuid, evidence_id uuid, stored_path text, attempts int)
LANGUAGE sql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
  WITH due AS (
    SELECT e.workspace_id, e.id, e.stored_path FROM evidence e
    LEFT JOIN source_map s ON s.workspace_id = e.workspace_id AND s.evidence_id = e.id
    WHERE e.state = 'uploaded' AND e.stored_path IS NOT NULL
      AND (s.evidence_id IS NULL OR (s.state = 'waiting' AND s.lease_until < p_now))
    ORDER BY e.uploaded_at LIMIT p_limit FOR UPDATE OF e SKIP LOCKED),
  taken AS (
    INSERT INTO source_map AS s (workspace_id, evidence_id, attempts, lease_until)
    SELECT d.workspace_id, d.id, 1, p_now + p_lease FROM due d
    ON CONFLICT (workspace_id, evidence_id) DO UPDATE SET attempts = s.attempts + 1, lease_until = excluded.lease_until
      WHERE s.state = 'waiting' AND s.lease_until < p_now
    RETURNING s.workspace_id, s.evidence_id, s.attempts)
  SELECT t.workspace_id, t.evidence_id, d.stored_path, t.attempts
  FROM taken t JOIN due d ON d.workspace_id = t.workspace_id AND d.id = t.evidence_id
$$;
GRANT EXECUTE ON FUNCTION source_map_claim(timestamptz, interval, int) TO tidegate_app;
