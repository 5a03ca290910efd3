import { describe, expect, it } from 'vitest'
import { simulatedSample } from '../testing/agent-simulator'
import { createSampleIngest, type SamplePush } from './ingest-samples'

const NOW_MS = 1_795_000_000_000

const pushOf = (nodeId: string, seq = 1, atMs = NOW_MS): SamplePush => ({
  workspaceId: 'w1',
  nodeId,
  seq,
  hash: 'h',
  samples: [simulatedSample(atMs)],
})

function ingestOf(store: (pushes: SamplePush[]) => Promise<void>) {
  const shown: string[] = []
  const batches: number[] = []
  const histories: [string, { fromMs: number; toMs: number }][] = []
  const ingest = createSampleIngest({
    nowMs: () => NOW_MS,
    show: ({ nodeId }) => shown.push(nodeId),
    showHistory: ({ nodeId }, span) => histories.push([nodeId, span]),
    store: async (pushes) => {
      batches.push(pushes.length)
      await store(pushes)
      return pushes.map(({ seq }) => ({ outcome: 'stored' as const, lastSeq: seq }))
    },
  })
  return { ingest, shown, batches, histories }
}

describe('sample ingest', () => {
  it('puts what arrives during a transaction into the next one together', async () => {
    const { ingest, batches } = ingestOf(async () => {})
    await Promise.all(['a', 'b', 'c', 'd'].map((node) => ingest(pushOf(node))))
    expect(batches).toEqual([1, 3])
  })

  it('fails only the push that cannot be stored', async () => {
    const { ingest } = ingestOf(async (pushes) => {
      if (pushes.some(({ nodeId }) => nodeId === 'bad')) throw new Error('no such node')
    })
    const results = await Promise.allSettled(['a', 'bad', 'c'].map((node) => ingest(pushOf(node))))
    expect(results.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled'])
  })

  it('shows what is news, and of what is replayed only its span', async () => {
    const { ingest, shown, histories } = ingestOf(async () => {})
    await ingest(pushOf('live'))
    const old = [90_000, 60_000, 75_000].map((ageMs) => simulatedSample(NOW_MS - ageMs))
    await ingest({ ...pushOf('replayed'), samples: old })
    expect(shown).toEqual(['live'])
    expect(histories).toEqual([['replayed', { fromMs: NOW_MS - 90_000, toMs: NOW_MS - 60_000 }]])
  })

  it('moves the lane on past samples it leaves out, and counts them', async () => {
    const { ingest } = ingestOf(async () => {})
    expect(await ingest(pushOf('a', 7, NOW_MS - 49 * 3_600_000))).toEqual({
      kind: 'stored',
      lastSeq: 7,
      stored: 0,
      tooOld: 1,
      inFuture: 0,
    })
  })
})
