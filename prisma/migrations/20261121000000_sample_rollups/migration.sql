-- Telemetry in three resolutions on native partitions: seconds (partitions of a day), minutes (a week), hours (four weeks).
-- `at` is the end of what a row covers. Rates of minutes and hours are means over the seconds that were measured.
ALTER TABLE sample_1s ADD COLUMN tripwire_burst float8;

CREATE TABLE sample_1m (
  workspace_id uuid NOT NULL, node_id uuid NOT NULL, at timestamptz NOT NULL, seconds int8 NOT NULL,
  wire_pps float8 NOT NULL, wire_bps float8 NOT NULL, dropped_pps float8 NOT NULL, dropped_bps float8 NOT NULL,
  delivered_pps float8 NOT NULL, delivered_bps float8 NOT NULL, out_pps float8 NOT NULL, out_bps float8 NOT NULL,
  udp_in_pps float8 NOT NULL, udp_in_bps float8 NOT NULL, udp_out_pps float8 NOT NULL, udp_out_bps float8 NOT NULL,
  tcp_in_pps float8 NOT NULL, tcp_in_bps float8 NOT NULL, tcp_out_pps float8 NOT NULL, tcp_out_bps float8 NOT NULL,
  icmp_in_pps float8 NOT NULL, icmp_in_bps float8 NOT NULL, icmp_out_pps float8 NOT NULL, icmp_out_bps float8 NOT NULL,
  other_in_pps float8 NOT NULL, other_in_bps float8 NOT NULL, other_out_pps float8 NOT NULL, other_out_bps float8 NOT NULL,
  syn_pps float8 NOT NULL, listen_drops_pps float8 NOT NULL, socket_drops_pps float8 NOT NULL,
  softnet_drops_pps float8 NOT NULL, tripwire_pps float8 NOT NULL, connections float8 NOT NULL, syn_backlog float8 NOT NULL,
  verified_clients float8 NOT NULL, baseline_pps float8, baseline_pps_high float8, tripwire_burst float8,
  wire_pps_max float8 NOT NULL, wire_bps_max float8 NOT NULL, dropped_pps_max float8 NOT NULL,
  delivered_pps_max float8 NOT NULL, delivered_bps_max float8 NOT NULL,
  PRIMARY KEY (workspace_id, node_id, at)
) PARTITION BY RANGE (at);
CREATE TABLE sample_1h (LIKE sample_1m INCLUDING ALL) PARTITION BY RANGE (at);

-- Seconds around incidents outlive their partition here, as long as the incident.
CREATE TABLE sample_1s_kept (LIKE sample_1s INCLUDING ALL,
  FOREIGN KEY (workspace_id, node_id) REFERENCES node (workspace_id, id) ON DELETE CASCADE);

-- Minutes whose seconds changed since they were rolled up.
CREATE TABLE sample_dirty (
  workspace_id uuid NOT NULL, node_id uuid NOT NULL, at timestamptz NOT NULL,
  PRIMARY KEY (workspace_id, node_id, at),
  FOREIGN KEY (workspace_id, node_id) REFERENCES node (workspace_id, id) ON DELETE CASCADE
);
CREATE INDEX sample_dirty_at ON sample_dirty (at);

DO $$
DECLARE relation text;
BEGIN
  FOREACH relation IN ARRAY ARRAY['sample_1s_kept', 'sample_dirty'] LOOP
    EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', relation);
    EXECUTE format('ALTER TABLE %I FORCE ROW LEVEL SECURITY', relation);
    EXECUTE format('CREATE POLICY definer ON %I TO CURRENT_USER USING (true) WITH CHECK (true)', relation);
  END LOOP;
END $$;
CREATE POLICY every_workspace ON sample_dirty TO tidegate_engine USING (true) WITH CHECK (true);
GRANT SELECT, INSERT ON sample_dirty TO tidegate_engine;

-- End of the span of this length that holds the moment. A moment on the edge belongs to what ended there.
CREATE FUNCTION sample_span_end(p_at timestamptz, p_span interval) RETURNS timestamptz
LANGUAGE sql IMMUTABLE PARALLEL SAFE
AS $$ SELECT to_timestamp((ceil(extract(epoch FROM p_at) / extract(epoch FROM p_span)) * extract(epoch FROM p_span))::float8) $$;
GRANT EXECUTE ON FUNCTION sample_span_end(timestamptz, interval) TO tidegate_engine, tidegate_app;

-- Days in one partition.
CREATE FUNCTION sample_partition_days(p_relation text) RETURNS int LANGUAGE sql IMMUTABLE SET search_path = pg_catalog
  AS $$ SELECT CASE p_relation WHEN 'sample_1s' THEN 1 WHEN 'sample_1m' THEN 7 WHEN 'sample_1h' THEN 28 END $$;

DROP FUNCTION sample_make_partitions(date, date);
DROP FUNCTION sample_drop_before(timestamptz);
DROP FUNCTION sample_is_partitioned();

-- Makes the partitions that cover these days (UTC) where they are missing.
CREATE FUNCTION sample_make_partitions(p_relation text, p_first date, p_last date) RETURNS int
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE days int := sample_partition_days(p_relation); start date; name text; made int := 0;
BEGIN
  IF days IS NULL OR p_last - p_first > 31 THEN RAISE EXCEPTION 'no such partitions: % from % to %', p_relation, p_first, p_last; END IF;
  start := p_first - (p_first - date '2001-01-01') % days;
  WHILE start <= p_last LOOP
    name := p_relation || '_' || to_char(start, 'YYYYMMDD');
    IF to_regclass('public.' || name) IS NULL THEN
      PERFORM pg_advisory_xact_lock(hashtext('sample partitions'));
      EXECUTE format('CREATE TABLE IF NOT EXISTS public.%I PARTITION OF public.%I FOR VALUES FROM (%L) TO (%L)',
        name, p_relation, start::text || ' 00:00:00+00', (start + days)::text || ' 00:00:00+00');
      made := made + 1;
    END IF;
    start := start + days;
  END LOOP;
  RETURN made;
END $$;

-- Drops partitions that ended before the given time. What lies within ten minutes of an incident moves to where it is kept;
-- what is kept goes when its incident is gone.
CREATE FUNCTION sample_drop_before(p_relation text, p_before timestamptz) RETURNS int
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE days int := sample_partition_days(p_relation); part text; first timestamptz; last timestamptz; dropped int := 0;
BEGIN
  FOR part IN SELECT c.relname FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid
    WHERE i.inhparent = to_regclass('public.' || p_relation) LOOP
    first := to_date(right(part, 8), 'YYYYMMDD')::timestamp AT TIME ZONE 'UTC';
    last := first + make_interval(days => days);
    CONTINUE WHEN last > p_before;
    IF p_relation = 'sample_1s' THEN
      EXECUTE format('INSERT INTO sample_1s_kept SELECT s.* FROM incident i JOIN public.%I s
          ON s.workspace_id = i.workspace_id AND s.node_id = i.node_id
          AND s.at >= i.first_packet_at - interval ''10 minutes''
          AND s.at <= coalesce(i.resolved_at, i.updated_at) + interval ''10 minutes''
        WHERE i.first_packet_at < $2 + interval ''10 minutes'' AND coalesce(i.resolved_at, i.updated_at) > $1 - interval ''10 minutes''
        ON CONFLICT DO NOTHING', part) USING first, last;
    END IF;
    EXECUTE format('DROP TABLE public.%I', part);
    dropped := dropped + 1;
  END LOOP;
  IF p_relation = 'sample_1s' AND dropped > 0 THEN
    DELETE FROM sample_1s_kept k WHERE NOT EXISTS (SELECT FROM incident i
      WHERE i.workspace_id = k.workspace_id AND i.node_id = k.node_id AND k.at >= i.first_packet_at - interval '10 minutes'
        AND k.at <= coalesce(i.resolved_at, i.updated_at) + interval '10 minutes');
  END IF;
  RETURN dropped;
END $$;

-- Rolls up dirty minutes that ended by the given time, and their hours. Gives how many.
-- Lanes are locked first, in the order in which ingest locks them: no second is stored between the mark's removal and the reading.
CREATE FUNCTION sample_roll_up(p_until timestamptz, p_limit int) RETURNS int
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE due sample_dirty[]; taken sample_dirty[]; hours sample_dirty[];
BEGIN
  SELECT array_agg(d::sample_dirty) INTO due FROM (SELECT * FROM sample_dirty WHERE at <= p_until ORDER BY at DESC LIMIT p_limit) d;
  IF due IS NULL THEN RETURN 0; END IF;
  PERFORM FROM node_cursor c WHERE c.lane = 'samples'
    AND (c.workspace_id, c.node_id) IN (SELECT u.workspace_id, u.node_id FROM unnest(due) u) ORDER BY c.node_id FOR UPDATE;
  WITH gone AS (DELETE FROM sample_dirty d USING unnest(due) u
    WHERE d.workspace_id = u.workspace_id AND d.node_id = u.node_id AND d.at = u.at RETURNING d.*)
  SELECT array_agg(g::sample_dirty) INTO taken FROM gone g;
  IF taken IS NULL THEN RETURN 0; END IF;
  PERFORM sample_make_partitions('sample_1m', day, day), sample_make_partitions('sample_1h', day, day)
    FROM (SELECT DISTINCT (t.at AT TIME ZONE 'UTC')::date + extra AS day FROM unnest(taken) t, generate_series(0, 1) extra) days;
  INSERT INTO sample_1m (
    workspace_id, node_id, at, seconds, wire_pps, wire_bps, dropped_pps, dropped_bps, delivered_pps, delivered_bps, out_pps,
    out_bps, udp_in_pps, udp_in_bps, udp_out_pps, udp_out_bps, tcp_in_pps, tcp_in_bps, tcp_out_pps, tcp_out_bps, icmp_in_pps,
    icmp_in_bps, icmp_out_pps, icmp_out_bps, other_in_pps, other_in_bps, other_out_pps, other_out_bps, syn_pps,
    listen_drops_pps, socket_drops_pps, softnet_drops_pps, tripwire_pps, connections, syn_backlog, verified_clients,
    baseline_pps, baseline_pps_high, tripwire_burst, wire_pps_max, wire_bps_max, dropped_pps_max, delivered_pps_max,
    delivered_bps_max)
    SELECT t.workspace_id, t.node_id, t.at,
      count(*), avg(s.wire_pps), avg(s.wire_bps), avg(s.dropped_pps), avg(s.dropped_bps), avg(s.delivered_pps),
      avg(s.delivered_bps), avg(s.out_pps), avg(s.out_bps), avg(s.udp_in_pps), avg(s.udp_in_bps), avg(s.udp_out_pps),
      avg(s.udp_out_bps), avg(s.tcp_in_pps), avg(s.tcp_in_bps), avg(s.tcp_out_pps), avg(s.tcp_out_bps), avg(s.icmp_in_pps),
      avg(s.icmp_in_bps), avg(s.icmp_out_pps), avg(s.icmp_out_bps), avg(s.other_in_pps), avg(s.other_in_bps),
      avg(s.other_out_pps), avg(s.other_out_bps), avg(s.syn_pps), avg(s.listen_drops_pps), avg(s.socket_drops_pps),
      avg(s.softnet_drops_pps), avg(s.tripwire_pps), avg(s.connections), avg(s.syn_backlog), avg(s.verified_clients),
      avg(s.baseline_pps), avg(s.baseline_pps_high), avg(s.tripwire_burst), max(s.wire_pps), max(s.wire_bps),
      max(s.dropped_pps), max(s.delivered_pps), max(s.delivered_bps)
    FROM unnest(taken) t JOIN sample_1s s ON s.workspace_id = t.workspace_id AND s.node_id = t.node_id
      AND s.at > t.at - interval '1 minute' AND s.at <= t.at
    GROUP BY t.workspace_id, t.node_id, t.at
    ON CONFLICT (workspace_id, node_id, at) DO UPDATE SET
      seconds = excluded.seconds, wire_pps = excluded.wire_pps, wire_bps = excluded.wire_bps,
      dropped_pps = excluded.dropped_pps, dropped_bps = excluded.dropped_bps, delivered_pps = excluded.delivered_pps,
      delivered_bps = excluded.delivered_bps, out_pps = excluded.out_pps, out_bps = excluded.out_bps,
      udp_in_pps = excluded.udp_in_pps, udp_in_bps = excluded.udp_in_bps, udp_out_pps = excluded.udp_out_pps,
      udp_out_bps = excluded.udp_out_bps, tcp_in_pps = excluded.tcp_in_pps, tcp_in_bps = excluded.tcp_in_bps,
      tcp_out_pps = excluded.tcp_out_pps, tcp_out_bps = excluded.tcp_out_bps, icmp_in_pps = excluded.icmp_in_pps,
      icmp_in_bps = excluded.icmp_in_bps, icmp_out_pps = excluded.icmp_out_pps, icmp_out_bps = excluded.icmp_out_bps,
      other_in_pps = excluded.other_in_pps, other_in_bps = excluded.other_in_bps, other_out_pps = excluded.other_out_pps,
      other_out_bps = excluded.other_out_bps, syn_pps = excluded.syn_pps, listen_drops_pps = excluded.listen_drops_pps,
      socket_drops_pps = excluded.socket_drops_pps, softnet_drops_pps = excluded.softnet_drops_pps,
      tripwire_pps = excluded.tripwire_pps, connections = excluded.connections, syn_backlog = excluded.syn_backlog,
      verified_clients = excluded.verified_clients, baseline_pps = excluded.baseline_pps,
      baseline_pps_high = excluded.baseline_pps_high, tripwire_burst = excluded.tripwire_burst,
      wire_pps_max = excluded.wire_pps_max, wire_bps_max = excluded.wire_bps_max, dropped_pps_max = excluded.dropped_pps_max,
      delivered_pps_max = excluded.delivered_pps_max, delivered_bps_max = excluded.delivered_bps_max;
  SELECT array_agg(DISTINCT (t.workspace_id, t.node_id, sample_span_end(t.at, '1 hour'))::sample_dirty) INTO hours FROM unnest(taken) t;
  INSERT INTO sample_1h (
    workspace_id, node_id, at, seconds, wire_pps, wire_bps, dropped_pps, dropped_bps, delivered_pps, delivered_bps, out_pps,
    out_bps, udp_in_pps, udp_in_bps, udp_out_pps, udp_out_bps, tcp_in_pps, tcp_in_bps, tcp_out_pps, tcp_out_bps, icmp_in_pps,
    icmp_in_bps, icmp_out_pps, icmp_out_bps, other_in_pps, other_in_bps, other_out_pps, other_out_bps, syn_pps,
    listen_drops_pps, socket_drops_pps, softnet_drops_pps, tripwire_pps, connections, syn_backlog, verified_clients,
    baseline_pps, baseline_pps_high, tripwire_burst, wire_pps_max, wire_bps_max, dropped_pps_max, delivered_pps_max,
    delivered_bps_max)
    SELECT h.workspace_id, h.node_id, h.at,
      sum(m.seconds), sum(m.wire_pps * m.seconds) / sum(m.seconds), sum(m.wire_bps * m.seconds) / sum(m.seconds),
      sum(m.dropped_pps * m.seconds) / sum(m.seconds), sum(m.dropped_bps * m.seconds) / sum(m.seconds),
      sum(m.delivered_pps * m.seconds) / sum(m.seconds), sum(m.delivered_bps * m.seconds) / sum(m.seconds),
      sum(m.out_pps * m.seconds) / sum(m.seconds), sum(m.out_bps * m.seconds) / sum(m.seconds),
      sum(m.udp_in_pps * m.seconds) / sum(m.seconds), sum(m.udp_in_bps * m.seconds) / sum(m.seconds),
      sum(m.udp_out_pps * m.seconds) / sum(m.seconds), sum(m.udp_out_bps * m.seconds) / sum(m.seconds),
      sum(m.tcp_in_pps * m.seconds) / sum(m.seconds), sum(m.tcp_in_bps * m.seconds) / sum(m.seconds),
      sum(m.tcp_out_pps * m.seconds) / sum(m.seconds), sum(m.tcp_out_bps * m.seconds) / sum(m.seconds),
      sum(m.icmp_in_pps * m.seconds) / sum(m.seconds), sum(m.icmp_in_bps * m.seconds) / sum(m.seconds),
      sum(m.icmp_out_pps * m.seconds) / sum(m.seconds), sum(m.icmp_out_bps * m.seconds) / sum(m.seconds),
      sum(m.other_in_pps * m.seconds) / sum(m.seconds), sum(m.other_in_bps * m.seconds) / sum(m.seconds),
      sum(m.other_out_pps * m.seconds) / sum(m.seconds), sum(m.other_out_bps * m.seconds) / sum(m.seconds),
      sum(m.syn_pps * m.seconds) / sum(m.seconds), sum(m.listen_drops_pps * m.seconds) / sum(m.seconds),
      sum(m.socket_drops_pps * m.seconds) / sum(m.seconds), sum(m.softnet_drops_pps * m.seconds) / sum(m.seconds),
      sum(m.tripwire_pps * m.seconds) / sum(m.seconds), sum(m.connections * m.seconds) / sum(m.seconds),
      sum(m.syn_backlog * m.seconds) / sum(m.seconds), sum(m.verified_clients * m.seconds) / sum(m.seconds),
      sum(m.baseline_pps * m.seconds) / sum(m.seconds) FILTER (WHERE m.baseline_pps IS NOT NULL),
      sum(m.baseline_pps_high * m.seconds) / sum(m.seconds) FILTER (WHERE m.baseline_pps_high IS NOT NULL),
      sum(m.tripwire_burst * m.seconds) / sum(m.seconds) FILTER (WHERE m.tripwire_burst IS NOT NULL), max(m.wire_pps_max),
      max(m.wire_bps_max), max(m.dropped_pps_max), max(m.delivered_pps_max), max(m.delivered_bps_max)
    FROM unnest(hours) h JOIN sample_1m m ON m.workspace_id = h.workspace_id AND m.node_id = h.node_id
      AND m.at > h.at - interval '1 hour' AND m.at <= h.at
    GROUP BY h.workspace_id, h.node_id, h.at
    ON CONFLICT (workspace_id, node_id, at) DO UPDATE SET
      seconds = excluded.seconds, wire_pps = excluded.wire_pps, wire_bps = excluded.wire_bps,
      dropped_pps = excluded.dropped_pps, dropped_bps = excluded.dropped_bps, delivered_pps = excluded.delivered_pps,
      delivered_bps = excluded.delivered_bps, out_pps = excluded.out_pps, out_bps = excluded.out_bps,
      udp_in_pps = excluded.udp_in_pps, udp_in_bps = excluded.udp_in_bps, udp_out_pps = excluded.udp_out_pps,
      udp_out_bps = excluded.udp_out_bps, tcp_in_pps = excluded.tcp_in_pps, tcp_in_bps = excluded.tcp_in_bps,
      tcp_out_pps = excluded.tcp_out_pps, tcp_out_bps = excluded.tcp_out_bps, icmp_in_pps = excluded.icmp_in_pps,
      icmp_in_bps = excluded.icmp_in_bps, icmp_out_pps = excluded.icmp_out_pps, icmp_out_bps = excluded.icmp_out_bps,
      other_in_pps = excluded.other_in_pps, other_in_bps = excluded.other_in_bps, other_out_pps = excluded.other_out_pps,
      other_out_bps = excluded.other_out_bps, syn_pps = excluded.syn_pps, listen_drops_pps = excluded.listen_drops_pps,
      socket_drops_pps = excluded.socket_drops_pps, softnet_drops_pps = excluded.softnet_drops_pps,
      tripwire_pps = excluded.tripwire_pps, connections = excluded.connections, syn_backlog = excluded.syn_backlog,
      verified_clients = excluded.verified_clients, baseline_pps = excluded.baseline_pps,
      baseline_pps_high = excluded.baseline_pps_high, tripwire_burst = excluded.tripwire_burst,
      wire_pps_max = excluded.wire_pps_max, wire_bps_max = excluded.wire_bps_max, dropped_pps_max = excluded.dropped_pps_max,
      delivered_pps_max = excluded.delivered_pps_max, delivered_bps_max = excluded.delivered_bps_max;
  RETURN cardinality(taken);
END $$;

-- Doors of app: the workspace comes first and must be the one that the transaction is bound to.
CREATE OR REPLACE FUNCTION sample_range(p_workspace uuid, p_node uuid, p_from timestamptz, p_to timestamptz) RETURNS SETOF sample_1s
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
  SELECT * FROM sample_1s s WHERE s.workspace_id = p_workspace AND p_workspace = current_workspace()
    AND s.node_id = p_node AND s.at > p_from AND s.at <= p_to
  UNION ALL SELECT * FROM sample_1s_kept s WHERE s.workspace_id = p_workspace AND p_workspace = current_workspace()
    AND s.node_id = p_node AND s.at > p_from AND s.at <= p_to
  ORDER BY at
$$;

-- Minutes of one node, several of them in one row when the span is longer.
CREATE FUNCTION sample_minutes(p_workspace uuid, p_node uuid, p_from timestamptz, p_to timestamptz, p_span interval) RETURNS SETOF sample_1m
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
  SELECT m.workspace_id, m.node_id, sample_span_end(m.at, p_span),
    sum(m.seconds)::int8, sum(m.wire_pps * m.seconds) / sum(m.seconds), sum(m.wire_bps * m.seconds) / sum(m.seconds),
    sum(m.dropped_pps * m.seconds) / sum(m.seconds), sum(m.dropped_bps * m.seconds) / sum(m.seconds),
    sum(m.delivered_pps * m.seconds) / sum(m.seconds), sum(m.delivered_bps * m.seconds) / sum(m.seconds),
    sum(m.out_pps * m.seconds) / sum(m.seconds), sum(m.out_bps * m.seconds) / sum(m.seconds),
    sum(m.udp_in_pps * m.seconds) / sum(m.seconds), sum(m.udp_in_bps * m.seconds) / sum(m.seconds),
    sum(m.udp_out_pps * m.seconds) / sum(m.seconds), sum(m.udp_out_bps * m.seconds) / sum(m.seconds),
    sum(m.tcp_in_pps * m.seconds) / sum(m.seconds), sum(m.tcp_in_bps * m.seconds) / sum(m.seconds),
    sum(m.tcp_out_pps * m.seconds) / sum(m.seconds), sum(m.tcp_out_bps * m.seconds) / sum(m.seconds),
    sum(m.icmp_in_pps * m.seconds) / sum(m.seconds), sum(m.icmp_in_bps * m.seconds) / sum(m.seconds),
    sum(m.icmp_out_pps * m.seconds) / sum(m.seconds), sum(m.icmp_out_bps * m.seconds) / sum(m.seconds),
    sum(m.other_in_pps * m.seconds) / sum(m.seconds), sum(m.other_in_bps * m.seconds) / sum(m.seconds),
    sum(m.other_out_pps * m.seconds) / sum(m.seconds), sum(m.other_out_bps * m.seconds) / sum(m.seconds),
    sum(m.syn_pps * m.seconds) / sum(m.seconds), sum(m.listen_drops_pps * m.seconds) / sum(m.seconds),
    sum(m.socket_drops_pps * m.seconds) / sum(m.seconds), sum(m.softnet_drops_pps * m.seconds) / sum(m.seconds),
    sum(m.tripwire_pps * m.seconds) / sum(m.seconds), sum(m.connections * m.seconds) / sum(m.seconds),
    sum(m.syn_backlog * m.seconds) / sum(m.seconds), sum(m.verified_clients * m.seconds) / sum(m.seconds),
    sum(m.baseline_pps * m.seconds) / sum(m.seconds) FILTER (WHERE m.baseline_pps IS NOT NULL),
    sum(m.baseline_pps_high * m.seconds) / sum(m.seconds) FILTER (WHERE m.baseline_pps_high IS NOT NULL),
    sum(m.tripwire_burst * m.seconds) / sum(m.seconds) FILTER (WHERE m.tripwire_burst IS NOT NULL), max(m.wire_pps_max),
    max(m.wire_bps_max), max(m.dropped_pps_max), max(m.delivered_pps_max), max(m.delivered_bps_max)
  FROM sample_1m m WHERE m.workspace_id = p_workspace AND p_workspace = current_workspace()
    AND m.node_id = p_node AND m.at > p_from AND m.at <= p_to
  GROUP BY 1, 2, 3 ORDER BY 3
$$;

CREATE FUNCTION sample_hours(p_workspace uuid, p_node uuid, p_from timestamptz, p_to timestamptz) RETURNS SETOF sample_1h
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
  SELECT * FROM sample_1h h WHERE h.workspace_id = p_workspace AND p_workspace = current_workspace()
    AND h.node_id = p_node AND h.at > p_from AND h.at <= p_to ORDER BY h.at
$$;

-- Last second of each node, with the least that was delivered over the last five: what tiles say in words.
CREATE FUNCTION sample_latest(p_workspace uuid, p_from timestamptz)
RETURNS TABLE (node_id uuid, at timestamptz, wire_pps float8, wire_bps float8, delivered_pps float8, delivered_pps_min float8,
               baseline_pps float8, baseline_pps_high float8)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
  SELECT n.id, s.at, s.wire_pps, s.wire_bps, s.delivered_pps,
    (SELECT min(l.delivered_pps) FROM sample_1s l WHERE l.workspace_id = n.workspace_id AND l.node_id = n.id
       AND l.at > greatest(p_from, s.at - interval '5 seconds')), s.baseline_pps, s.baseline_pps_high
  FROM node n CROSS JOIN LATERAL (SELECT * FROM sample_1s s WHERE s.workspace_id = n.workspace_id AND s.node_id = n.id
    AND s.at > p_from ORDER BY s.at DESC LIMIT 1) s
  WHERE n.workspace_id = p_workspace AND p_workspace = current_workspace() AND n.archived_at IS NULL
$$;

-- The last seconds of every node, one line of text each, since hundreds of thousands of numbers would cost more to carry as rows:
-- `second,wire[,delivered[,usual,high]]` joined by `;`. Seconds count from p_from; delivered is left out where it equals wire,
-- the band where it is as in the second before.
CREATE FUNCTION sample_tail(p_workspace uuid, p_from timestamptz, p_to timestamptz) RETURNS TABLE (node_id uuid, seconds text)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
  WITH band AS (
    SELECT s.node_id, s.at, round(s.wire_pps)::int8 AS wire, round(s.delivered_pps)::int8 AS delivered,
      round(s.baseline_pps)::int8 || ',' || round(s.baseline_pps_high)::int8 AS usual
    FROM node n JOIN sample_1s s ON s.workspace_id = n.workspace_id AND s.node_id = n.id
    WHERE n.workspace_id = p_workspace AND p_workspace = current_workspace() AND s.workspace_id = p_workspace
      AND n.archived_at IS NULL AND s.at > p_from AND s.at <= p_to),
  changed AS (SELECT *, lag(b.usual) OVER (PARTITION BY b.node_id ORDER BY b.at) IS DISTINCT FROM b.usual AS is_new FROM band b)
  SELECT c.node_id, string_agg(extract(epoch FROM c.at - p_from)::int8 || ',' || c.wire || CASE
      WHEN c.is_new AND c.usual IS NOT NULL THEN ',' || c.delivered || ',' || c.usual
      WHEN c.delivered <> c.wire THEN ',' || c.delivered ELSE '' END, ';' ORDER BY c.at)
  FROM changed c GROUP BY c.node_id
$$;
DROP FUNCTION sample_recent(uuid, timestamptz);

GRANT EXECUTE ON FUNCTION sample_make_partitions(text, date, date), sample_drop_before(text, timestamptz),
  sample_roll_up(timestamptz, int) TO tidegate_engine;
GRANT EXECUTE ON FUNCTION sample_minutes(uuid, uuid, timestamptz, timestamptz, interval),
  sample_hours(uuid, uuid, timestamptz, timestamptz), sample_latest(uuid, timestamptz),
  sample_tail(uuid, timestamptz, timestamptz) TO tidegate_app;
