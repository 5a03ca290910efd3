import type { SparkPoint } from '@/app/_ui/sparkline'
import type { State } from './states'

/** One node as its tile shows it. */
export type NodeTile = {
  id: string
  name: string
  state: State
  /** A word of its own where the state's is not exact: "waiting for its agent". */
  word: string | null
  level: string | null
  lastSeenMs: number | null
  openIncidentId: string | null
  latest: { atMs: number; wirePps: number; wireBps: number } | null
  usual: { pps: number; ppsHigh: number } | null
  spark: SparkPoint[]
}

export const SPARK_SPAN_MS = 300_000
