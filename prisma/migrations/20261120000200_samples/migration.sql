-- One row a node and second. No row-level security: COPY and columnstore refuse it. App reaches it through the functions below only.
CREATE TABLE sample_1s (
  workspace_id uuid NOT NULL,
  node_id uuid NOT NULL,
  at timestamptz NOT NULL,
  wire_pps float8 NOT NULL, wire_bps float8 NOT NULL,
  dropped_pps float8 NOT NULL, dropped_bps float8 NOT NULL,
  delivered_pps float8 NOT NULL, delivered_bps float8 NOT NULL,
  out_pps float8 NOT NULL, out_bps float8 NOT NULL,
  udp_in_pps float8 NOT NULL, udp_in_bps float8 NOT NULL, udp_out_pps float8 NOT NULL, udp_out_bps float8 NOT NULL,
  tcp_in_pps float8 NOT NULL, tcp_in_bps float8 NOT NULL, tcp_out_pps float8 NOT NULL, tcp_out_bps float8 NOT NULL,
  icmp_in_pps float8 NOT NULL, icmp_in_bps float8 NOT NULL, icmp_out_pps float8 NOT NULL, icmp_out_bps float8 NOT NULL,
  other_in_pps float8 NOT NULL, other_in_bps float8 NOT NULL, other_out_pps float8 NOT NULL, other_out_bps float8 NOT NULL,
  syn_pps float8 NOT NULL, listen_drops_pps float8 NOT NULL, socket_drops_pps float8 NOT NULL, softnet_drops_pps float8 NOT NULL,
  baseline_pps float8, baseline_pps_high float8, tripwire_pps float8 NOT NULL,
  connections int8 NOT NULL, syn_backlog int8 NOT NULL, verified_clients int8 NOT NULL,
  interfaces jsonb NOT NULL,
  PRIMARY KEY (workspace_id, node_id, at)
) PARTITION BY RANGE (at);

CREATE FUNCTION sample_is_partitioned() RETURNS boolean LANGUAGE sql STABLE SET search_path = pg_catalog, public
  AS $$ SELECT relkind = 'p' FROM pg_class WHERE oid = 'public.sample_1s'::regclass $$;

-- Makes the partitions of these days (UTC) where they are missing.
CREATE FUNCTION sample_make_partitions(p_first date, p_last date) RETURNS int
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE day date; made int := 0;
BEGIN
  IF NOT sample_is_partitioned() OR p_last - p_first > 31 THEN RETURN 0; END IF;
  PERFORM pg_advisory_xact_lock(hashtext('sample_1s partitions'));
  FOR day IN SELECT generate_series(p_first, p_last, interval '1 day')::date LOOP
    IF to_regclass(format('public.sample_1s_%s', to_char(day, 'YYYYMMDD'))) IS NULL THEN
      EXECUTE format('CREATE TABLE public.%I PARTITION OF public.sample_1s FOR VALUES FROM (%L) TO (%L)',
        'sample_1s_' || to_char(day, 'YYYYMMDD'), day::text || ' 00:00:00+00', (day + 1)::text || ' 00:00:00+00');
      made := made + 1;
    END IF;
  END LOOP;
  RETURN made;
END $$;

-- Drops whole days that ended before the given time.
CREATE FUNCTION sample_drop_before(p_before timestamptz) RETURNS int
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE part text; dropped int := 0;
BEGIN
  FOR part IN SELECT c.relname FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid
    WHERE i.inhparent = 'public.sample_1s'::regclass
      AND to_date(right(c.relname, 8), 'YYYYMMDD') + 1 <= (p_before AT TIME ZONE 'UTC')::date
  LOOP
    EXECUTE format('DROP TABLE public.%I', part);
    dropped := dropped + 1;
  END LOOP;
  RETURN dropped;
END $$;

-- The workspace comes first and must be the one that the transaction is bound to.
CREATE FUNCTION sample_range(p_workspace uuid, p_node uuid, p_from timestamptz, p_to timestamptz) RETURNS SETOF sample_1s
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
  SELECT * FROM sample_1s s WHERE s.workspace_id = p_workspace AND p_workspace = current_workspace()
    AND s.node_id = p_node AND s.at > p_from AND s.at <= p_to ORDER BY s.at
$$;

-- Sparkline rows of all nodes of a workspace.
CREATE FUNCTION sample_recent(p_workspace uuid, p_from timestamptz)
RETURNS TABLE (node_id uuid, at timestamptz, wire_pps float8, delivered_pps float8, dropped_pps float8, wire_bps float8,
               baseline_pps float8, baseline_pps_high float8)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
  SELECT s.node_id, s.at, s.wire_pps, s.delivered_pps, s.dropped_pps, s.wire_bps, s.baseline_pps, s.baseline_pps_high
    FROM node n JOIN sample_1s s ON s.workspace_id = n.workspace_id AND s.node_id = n.id
    WHERE n.workspace_id = p_workspace AND p_workspace = current_workspace() AND s.workspace_id = p_workspace
      AND s.at > p_from ORDER BY s.node_id, s.at
$$;

GRANT SELECT, INSERT ON sample_1s TO tidegate_engine;
GRANT EXECUTE ON FUNCTION sample_make_partitions(date, date), sample_drop_before(timestamptz) TO tidegate_engine;
GRANT EXECUTE ON FUNCTION sample_is_partitioned() TO tidegate_engine;
GRANT EXECUTE ON FUNCTION sample_range(uuid, uuid, timestamptz, timestamptz), sample_recent(uuid, timestamptz) TO tidegate_app;
