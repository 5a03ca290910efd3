import type { Protocol, Sample } from '../../wire/sample'
import { PROTOCOLS } from '../../wire/sample'

type Scalar = { column: string; read: (sample: Sample) => number | null }

const rate = (column: string, read: (sample: Sample) => { pps: number; bps: number }): Scalar[] => [
  { column: `${column}_pps`, read: (sample) => read(sample).pps },
  { column: `${column}_bps`, read: (sample) => read(sample).bps },
]

const protocol = (name: Protocol): Scalar[] => [
  ...rate(`${name}_in`, (sample) => sample.protocols[name].in),
  ...rate(`${name}_out`, (sample) => sample.protocols[name].out),
]

/** Columns of `sample_1s` that hold a float, with where their value comes from. */
export const FLOAT_COLUMNS: Scalar[] = [
  ...rate('wire', (sample) => sample.wire),
  ...rate('dropped', (sample) => sample.dropped),
  ...rate('delivered', (sample) => sample.delivered),
  ...rate('out', (sample) => sample.out),
  ...PROTOCOLS.flatMap(protocol),
  { column: 'syn_pps', read: (sample) => sample.synPps },
  { column: 'listen_drops_pps', read: (sample) => sample.listenDropsPps },
  { column: 'socket_drops_pps', read: (sample) => sample.socketDropsPps },
  { column: 'softnet_drops_pps', read: (sample) => sample.softnetDropsPps },
  { column: 'baseline_pps', read: (sample) => sample.baseline?.pps ?? null },
  { column: 'baseline_pps_high', read: (sample) => sample.baseline?.ppsHigh ?? null },
  { column: 'tripwire_pps', read: (sample) => sample.tripwirePps },
  { column: 'tripwire_burst', read: (sample) => sample.tripwireBurst ?? null },
]

export const COUNT_COLUMNS: { column: string; read: (sample: Sample) => number }[] = [
  { column: 'connections', read: (sample) => sample.connections },
  { column: 'syn_backlog', read: (sample) => sample.synBacklog },
  { column: 'verified_clients', read: (sample) => sample.verifiedClients },
]

export const SAMPLE_COLUMNS = [
  'workspace_id',
  'node_id',
  'at',
  ...FLOAT_COLUMNS.map(({ column }) => column),
  ...COUNT_COLUMNS.map(({ column }) => column),
  'interfaces',
]

type Row = Record<string, number | null> & { at_ms: number; interfaces: Sample['interfaces'] }

/** Row of `sample_1s` (counts and times read as float8) → the sample it was stored from. */
export function toSample(row: Row): Sample {
  const value = (column: string): number => row[column] ?? 0
  const rateOf = (column: string) => ({ pps: value(`${column}_pps`), bps: value(`${column}_bps`) })
  const protocolOf = (name: Protocol) => ({ in: rateOf(`${name}_in`), out: rateOf(`${name}_out`) })
  return {
    atMs: row.at_ms,
    wire: rateOf('wire'),
    dropped: rateOf('dropped'),
    delivered: rateOf('delivered'),
    out: rateOf('out'),
    protocols: {
      udp: protocolOf('udp'),
      tcp: protocolOf('tcp'),
      icmp: protocolOf('icmp'),
      other: protocolOf('other'),
    },
    synPps: value('syn_pps'),
    interfaces: row.interfaces,
    connections: value('connections'),
    synBacklog: value('syn_backlog'),
    listenDropsPps: value('listen_drops_pps'),
    socketDropsPps: value('socket_drops_pps'),
    softnetDropsPps: value('softnet_drops_pps'),
    baseline:
      row.baseline_pps === null || row.baseline_pps_high === null
        ? null
        : { pps: value('baseline_pps'), ppsHigh: value('baseline_pps_high') },
    tripwirePps: value('tripwire_pps'),
    ...(row.tripwire_burst == null ? {} : { tripwireBurst: row.tripwire_burst }),
    verifiedClients: value('verified_clients'),
  }
}
