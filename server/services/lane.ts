import type { Lane } from '../../wire/messages'
import { advanceCursor } from '../db/cursors'
import { type Ctx, inTenant, requireNode } from './context'

export type LaneStep = { nodeId: string; lane: Lane; seq: number; hash: string }

export type LaneResult = { kind: 'stored' | 'repeat' | 'gap' | 'conflict'; lastSeq: number }

/** Stores one message of a node and moves its lane on, both or neither. `store` runs only when the message is the next. */
export function inLane(ctx: Ctx, step: LaneStep, store: (ctx: Ctx) => Promise<unknown>): Promise<LaneResult> {
  requireNode(ctx, step.nodeId)
  return inTenant(ctx, async (tx) => {
    const { outcome, lastSeq } = await advanceCursor(tx, { workspaceId: ctx.workspaceId, ...step })
    if (outcome !== 'advanced') return { kind: outcome, lastSeq }
    await store({ ...ctx, tx })
    return { kind: 'stored', lastSeq }
  })
}
