-- A year of hours is more points than a screen has: several of them in one row, as with minutes.
DROP FUNCTION sample_hours(uuid, uuid, timestamptz, timestamptz);
CREATE FUNCTION sample_hours(p_workspace uuid, p_node uuid, p_from timestamptz, p_to timestamptz, p_span interval) RETURNS SETOF sample_1h
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
  FROM sample_1h m WHERE m.workspace_id = p_workspace AND p_workspace = current_workspace()
    AND m.node_id = p_node AND m.at > p_from AND m.at <= p_to
  GROUP BY 1, 2, 3 ORDER BY 3
$$;
GRANT EXECUTE ON FUNCTION sample_hours(uuid, uuid, timestamptz, timestamptz, interval) TO tidegate_app;
