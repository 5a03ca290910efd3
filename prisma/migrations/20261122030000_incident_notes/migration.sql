-- What people write beside an incident, and what they say it was.
CREATE TABLE "incident_note" (
    "workspace_id" UUID NOT NULL,
    "id" UUID NOT NULL,
    "incident_id" UUID NOT NULL,
    "author_id" UUID NOT NULL,
    "text" TEXT NOT NULL,
    "created_at" TIMESTAMPTZ(6) NOT NULL,
    "edited_at" TIMESTAMPTZ(6),
    "removed_at" TIMESTAMPTZ(6),

    CONSTRAINT "incident_note_pkey" PRIMARY KEY ("workspace_id","id")
);
CREATE TABLE "incident_feedback" (
    "workspace_id" UUID NOT NULL,
    "incident_id" UUID NOT NULL,
    "author_id" UUID NOT NULL,
    "verdict" TEXT NOT NULL,
    "vector_id" TEXT,
    "text" TEXT NOT NULL DEFAULT '',
    "at" TIMESTAMPTZ(6) NOT NULL,

    CONSTRAINT "incident_feedback_pkey" PRIMARY KEY ("workspace_id","incident_id","author_id")
);
CREATE INDEX "incident_note_workspace_id_incident_id_created_at_idx" ON "incident_note"("workspace_id", "incident_id", "created_at");

ALTER TABLE "incident_note" ADD CONSTRAINT "incident_note_workspace_id_incident_id_fkey" FOREIGN KEY ("workspace_id", "incident_id") REFERENCES "incident"("workspace_id", "id") ON DELETE CASCADE ON UPDATE CASCADE;
ALTER TABLE "incident_feedback" ADD CONSTRAINT "incident_feedback_workspace_id_incident_id_fkey" FOREIGN KEY ("workspace_id", "incident_id") REFERENCES "incident"("workspace_id", "id") ON DELETE CASCADE ON UPDATE CASCADE;

ALTER TABLE incident_feedback ADD CONSTRAINT incident_feedback_verdict CHECK (verdict IN ('attack', 'audience', 'misnamed'));

DO $$
DECLARE tenant_table text;
BEGIN
  FOREACH tenant_table IN ARRAY ARRAY['incident_note', 'incident_feedback'] LOOP
    EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', tenant_table);
    EXECUTE format('ALTER TABLE %I FORCE ROW LEVEL SECURITY', tenant_table);
    EXECUTE format('CREATE POLICY own_workspace ON %I TO tidegate_app
      USING (workspace_id = (SELECT current_workspace())) WITH CHECK (workspace_id = (SELECT current_workspace()))', tenant_table);
    EXECUTE format('CREATE POLICY definer ON %I TO CURRENT_USER USING (true) WITH CHECK (true)', tenant_table);
  END LOOP;
END $$;
GRANT SELECT, INSERT, UPDATE ON incident_note TO tidegate_app;
GRANT SELECT, INSERT, UPDATE, DELETE ON incident_feedback TO tidegate_app;
