import type { IncidentSummary } from '@/server/trpc/incident-view'
import type { Sample } from '@/wire/sample'

/** Older seconds say nothing of now. */
const AGE_MS_MAX = 30_000

export type MatchFigures = {
  /** Servers whose last second is of now; figures are of these alone. */
  reporting: number
  players: number
  wire: { pps: number; bps: number }
  delivered: { pps: number; bps: number }
  connections: number
}

type Rate = { pps: number; bps: number }

/** Sums over the servers of a match, of the seconds that are of now; null when none is. Pure. */
export function sumSeconds(samples: readonly Sample[], nowMs: number): MatchFigures | null {
  const fresh = samples.filter(({ atMs }) => nowMs - atMs <= AGE_MS_MAX)
  if (fresh.length === 0) return null
  const sum = (read: (sample: Sample) => number): number => fresh.reduce((total, sample) => total + read(sample), 0)
  const rate = (read: (sample: Sample) => Rate): Rate => ({
    pps: sum((one) => read(one).pps),
    bps: sum((one) => read(one).bps),
  })
  return {
    reporting: fresh.length,
    players: sum(({ verifiedClients }) => verifiedClients),
    wire: rate(({ wire }) => wire),
    delivered: rate(({ delivered }) => delivered),
    connections: sum(({ connections }) => connections),
  }
}

/** Packets of verified clients that did not get past the rules, of all attacks that go on; null when none does. Pure. */
export function verifiedLossOf(
  open: readonly Pick<IncidentSummary, 'verified'>[],
): { packetsIn: number; lost: number } | null {
  if (open.length === 0) return null
  return {
    packetsIn: open.reduce((sum, { verified }) => sum + verified.packetsIn, 0),
    lost: open.reduce(
      (sum, { verified }) =>
        sum + Math.max(0, verified.packetsIn - verified.packetsPastCut) + verified.socketBufferDrops,
      0,
    ),
  }
}
