import { Counter, Gauge, Histogram, Registry } from 'prom-client'

const SECONDS = [0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 5, 30]

/** Metrics of one process. Neutral names: tenants may see them under another brand. */
export function createMetrics() {
  const registry = new Registry()
  const registers = [registry]
  return {
    registry,
    agentsConnected: new Gauge({ name: 'gateway_agents_connected', help: 'Nodes connected now', registers }),
    consolesConnected: new Gauge({ name: 'gateway_consoles_connected', help: 'Console sockets now', registers }),
    pushes: new Counter({
      name: 'gateway_pushes_total',
      help: 'Pushes answered, by lane and outcome (stored, repeat or the error code)',
      labelNames: ['lane', 'outcome'] as const,
      registers,
    }),
    pushSeconds: new Histogram({
      name: 'gateway_push_seconds',
      help: 'From receiving a push to its answer',
      labelNames: ['lane'] as const,
      buckets: SECONDS,
      registers,
    }),
    refusals: new Counter({
      name: 'gateway_refusals_total',
      help: 'What was refused, by door (connect, enrol, push, upload) and error code',
      labelNames: ['door', 'code'] as const,
      registers,
    }),
    samplesStored: new Counter({ name: 'gateway_samples_stored_total', help: 'Samples stored', registers }),
    samplesDiscarded: new Counter({
      name: 'gateway_samples_discarded_total',
      help: 'Samples not stored, by reason',
      labelNames: ['reason'] as const,
      registers,
    }),
    evidenceBytes: new Counter({ name: 'gateway_evidence_bytes_total', help: 'Evidence bytes received', registers }),
    deliveries: new Counter({
      name: 'engine_deliveries_total',
      help: 'Attempts to send a message, by channel and outcome',
      labelNames: ['channel', 'outcome'] as const,
      registers,
    }),
    dispatchSeconds: new Histogram({
      name: 'engine_dispatch_seconds',
      help: "From a message's row to the first byte of its first attempt",
      buckets: SECONDS,
      registers,
    }),
  }
}

export type Metrics = ReturnType<typeof createMetrics>
