-- Every audit row carries its place in its workspace's chain, the hash of the row before it and its own: what is changed, put in
-- or taken out later shows (docs/adr/0015). `audit_head` knows the last one, so that rows missing at the end show as well.
ALTER TABLE audit_entry ADD COLUMN seq BIGINT, ADD COLUMN prev_hash TEXT, ADD COLUMN hash TEXT;
CREATE UNIQUE INDEX "audit_entry_workspace_id_seq_key" ON "audit_entry"("workspace_id", "seq");
CREATE TABLE "audit_head" (
    "workspace_id" UUID NOT NULL,
    "seq" BIGINT NOT NULL,
    "hash" TEXT NOT NULL,

    CONSTRAINT "audit_head_pkey" PRIMARY KEY ("workspace_id")
);
ALTER TABLE "audit_head" ADD CONSTRAINT "audit_head_workspace_id_fkey" FOREIGN KEY ("workspace_id") REFERENCES "workspace"("id") ON DELETE CASCADE ON UPDATE CASCADE;

ALTER TABLE audit_head ENABLE ROW LEVEL SECURITY;
ALTER TABLE audit_head FORCE ROW LEVEL SECURITY;
CREATE POLICY own_workspace ON audit_head TO tidegate_app
  USING (workspace_id = (SELECT current_workspace())) WITH CHECK (workspace_id = (SELECT current_workspace()));
CREATE POLICY definer ON audit_head TO CURRENT_USER USING (true) WITH CHECK (true);
GRANT SELECT ON audit_head TO tidegate_app;

-- A field as `bytes:text`, so that no two rows read alike.
CREATE FUNCTION audit_field(p_text text) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE SET search_path = pg_catalog
AS $$ SELECT CASE WHEN p_text IS NULL THEN '-' ELSE octet_length(p_text) || ':' || p_text END $$;

-- SHA-256 over all that a row says, its place and the hash before it.
CREATE FUNCTION audit_hash(p_entry audit_entry, p_seq bigint, p_prev_hash text) RETURNS text
LANGUAGE sql STABLE PARALLEL SAFE SET search_path = pg_catalog, public, pg_temp AS $$
  SELECT encode(sha256(convert_to(concat(
    audit_field(p_prev_hash), audit_field(p_seq::text), audit_field(p_entry.workspace_id::text), audit_field(p_entry.id::text),
    audit_field(((extract(epoch FROM p_entry.at) * 1000000)::bigint)::text), audit_field(p_entry.actor_kind),
    audit_field(p_entry.actor_id), audit_field(p_entry.action), audit_field(p_entry.subject_kind),
    audit_field(p_entry.subject_id), audit_field(p_entry.before::text), audit_field(p_entry.after::text)), 'UTF8')), 'hex')
$$;

-- Links a row to the end of its chain; the lock on the head makes one writer after the other.
CREATE FUNCTION audit_link(p_entry audit_entry) RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE head audit_head%ROWTYPE; own text;
BEGIN
  SELECT * INTO head FROM audit_head h WHERE h.workspace_id = p_entry.workspace_id FOR UPDATE;
  IF NOT FOUND THEN
    INSERT INTO audit_head (workspace_id, seq, hash) VALUES (p_entry.workspace_id, 0, repeat('0', 64)) ON CONFLICT DO NOTHING;
    SELECT * INTO head FROM audit_head h WHERE h.workspace_id = p_entry.workspace_id FOR UPDATE;
  END IF;
  own := audit_hash(p_entry, head.seq + 1, head.hash);
  UPDATE audit_entry e SET seq = head.seq + 1, prev_hash = head.hash, hash = own
    WHERE e.workspace_id = p_entry.workspace_id AND e.id = p_entry.id;
  UPDATE audit_head h SET seq = head.seq + 1, hash = own WHERE h.workspace_id = p_entry.workspace_id;
END $$;

-- Deferred: the head is locked while the transaction commits and at no other time, after every other lock. So it can wait for
-- nothing that waits for it, and an incident holds it for no round trip.
CREATE FUNCTION audit_chain() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
  PERFORM audit_link(NEW);
  RETURN NULL;
END $$;

DO $$
DECLARE entry audit_entry;
BEGIN
  FOR entry IN SELECT * FROM audit_entry e ORDER BY e.workspace_id, e.at, e.id LOOP
    PERFORM audit_link(entry);
  END LOOP;
END $$;

CREATE CONSTRAINT TRIGGER audit_chain AFTER INSERT ON audit_entry
  DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION audit_chain();

REVOKE EXECUTE ON FUNCTION audit_field(text), audit_hash(audit_entry, bigint, text), audit_link(audit_entry), audit_chain() FROM PUBLIC;
-- Whoever may read the rows may check them.
GRANT EXECUTE ON FUNCTION audit_field(text), audit_hash(audit_entry, bigint, text) TO tidegate_app;
