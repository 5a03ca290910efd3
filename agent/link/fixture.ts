import type { IncidentState } from '../../wire/incident'
import type { PushBody } from '../../wire/messages'
import type { Sample } from '../../wire/sample'

const rate = { pps: 0, bps: 0 }
const protocol = { in: rate, out: rate }

export const sampleAt = (atMs: number): Sample => ({
  atMs,
  wire: rate,
  dropped: rate,
  delivered: rate,
  out: rate,
  protocols: { udp: protocol, tcp: protocol, icmp: protocol, other: protocol },
  synPps: 0,
  interfaces: [{ name: 'veth0', in: rate, out: rate, inDropsPps: 0 }],
  connections: 0,
  synBacklog: 0,
  listenDropsPps: 0,
  socketDropsPps: 0,
  softnetDropsPps: 0,
  baseline: null,
  tripwirePps: 10_000,
  verifiedClients: 0,
})

export const samplesBody = (atMs: number): PushBody => ({ type: 'samples', samples: [sampleAt(atMs)] })

const ID = '019a9f00-0000-7000-8000-000000000001'

export const incidentBody = (revision: number, state: IncidentState, id = ID): PushBody => ({
  type: 'incident',
  event: { atUs: 1, kind: state === 'resolved' ? 'resolved' : 'updated', text: `revision ${revision}` },
  report: {
    id,
    revision,
    state,
    score: 1,
    target: { addresses: ['192.0.2.1'], ports: [27_015] },
    vectors: [],
    reasons: [],
    rules: [],
    stages: {
      trippedUs: 1,
      detectedUs: 2,
      ruleInKernelUs: null,
      evidenceSecuredUs: null,
      mitigatedUs: null,
      endingUs: null,
      resolvedUs: null,
    },
    traffic: {
      wire: rate,
      dropped: rate,
      delivered: rate,
      peakWire: rate,
      wirePackets: 0,
      droppedPackets: 0,
      droppedBytes: 0,
    },
    baseline: null,
    verifiedClients: { count: 0, packetsIn: 0, packetsPastCut: 0, socketBufferDrops: 0 },
    evidence: null,
    policy: { name: 'default', version: 1 },
  },
})
