import type { Sample } from '../../wire/sample'
import { sortByAge } from './sort-by-age'

/** One push of a node's samples lane. Ids as in the database. */
export type SamplePush = { workspaceId: string; nodeId: string; seq: number; hash: string; samples: Sample[] }

export type SampleOutcome = {
  kind: 'stored' | 'repeat' | 'gap' | 'conflict'
  lastSeq: number
  stored: number
  /** Samples left out although the lane moved on. */
  tooOld: number
  inFuture: number
}

export type IngestOptions = {
  /** Stores pushes of several nodes in one transaction, with their cursors: all or none. */
  store: (pushes: SamplePush[]) => Promise<{ outcome: SampleOutcome['kind']; lastSeq: number }[]>
  nowMs: () => number
  /** Shows a stored sample that is still news. */
  show: (push: SamplePush, sample: Sample) => void
  /** Says which span of the past was filled: whoever draws it asks for it again. */
  showHistory: (push: SamplePush, span: { fromMs: number; toMs: number }) => void
}

/** Older samples are history being replayed: their span is told, not each of them. */
const NEWS_MS_MAX = 30_000
const PUSHES_PER_TRANSACTION_MAX = 64

type Waiting = {
  push: SamplePush
  resolve: (result: { outcome: SampleOutcome['kind']; lastSeq: number }) => void
  reject: (error: unknown) => void
}

/**
 * Stores sample pushes exactly once in effect. While one transaction runs, what arrives waits and goes into the next
 * together: no push waits longer than it must, and a busy fleet needs few commits.
 */
export function createSampleIngest({
  store,
  nowMs,
  show,
  showHistory,
}: IngestOptions): (push: SamplePush) => Promise<SampleOutcome> {
  const waiting: Waiting[] = []
  let isStoring = false

  const storeAlone = async (each: Waiting): Promise<void> => {
    try {
      const [result] = await store([each.push])
      each.resolve(result as NonNullable<typeof result>)
    } catch (error) {
      each.reject(error)
    }
  }

  const storeTogether = async (batch: Waiting[]): Promise<void> => {
    try {
      const results = await store(batch.map(({ push }) => push))
      batch.forEach((each, index) => {
        each.resolve(results[index] as (typeof results)[0])
      })
    } catch {
      // One push that cannot be stored must not take its neighbours along.
      for (const each of batch) await storeAlone(each)
    }
  }

  const run = async (): Promise<void> => {
    if (isStoring) return
    isStoring = true
    while (waiting.length > 0) {
      const batch = waiting.splice(0, PUSHES_PER_TRANSACTION_MAX)
      await (batch.length === 1 ? storeAlone(batch[0] as Waiting) : storeTogether(batch))
    }
    isStoring = false
  }

  return async (push) => {
    const now = nowMs()
    const { fresh, tooOld, inFuture } = sortByAge(push.samples, now)
    const kept = { ...push, samples: fresh }
    const { outcome, lastSeq } = await new Promise<{ outcome: SampleOutcome['kind']; lastSeq: number }>(
      (resolve, reject) => {
        waiting.push({ push: kept, resolve, reject })
        void run()
      },
    )
    if (outcome === 'stored') {
      for (const sample of fresh) if (sample.atMs > now - NEWS_MS_MAX) show(kept, sample)
      const past = fresh.map(({ atMs }) => atMs).filter((atMs) => atMs <= now - NEWS_MS_MAX)
      if (past.length > 0) showHistory(kept, { fromMs: Math.min(...past), toMs: Math.max(...past) })
    }
    return { kind: outcome, lastSeq, stored: outcome === 'stored' ? fresh.length : 0, tooOld, inFuture }
  }
}
