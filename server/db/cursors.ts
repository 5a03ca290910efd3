import type { Lane } from '../../wire/messages'
import type { Tx } from './pool'

export type CursorOutcome = { outcome: 'advanced' | 'repeat' | 'gap' | 'conflict'; lastSeq: number }

export type CursorStep = { workspaceId: string; nodeId: string; lane: Lane; seq: number; hash: string }

/** Moves a lane on inside the transaction that stores the message; locks the lane until that transaction ends. */
export async function advanceCursor(tx: Tx, step: CursorStep): Promise<CursorOutcome> {
  const rows = await tx.$queryRaw<CursorOutcome[]>`
    SELECT outcome, last_seq::float8 AS "lastSeq" FROM cursor_advance(${step.workspaceId}::uuid, ${step.nodeId}::uuid,
      ${step.lane}, ${step.seq}::bigint, ${step.hash})`
  return rows[0]!
}

/** Last stored number of each lane; 0 where nothing came yet. */
export async function readCursors(tx: Tx, workspaceId: string, nodeId: string): Promise<Record<Lane, number>> {
  const rows = await tx.nodeCursor.findMany({ where: { workspaceId, nodeId } })
  const lastSeq = (lane: Lane): number => Number(rows.find((row) => row.lane === lane)?.lastSeq ?? 0n)
  return { incidents: lastSeq('incidents'), samples: lastSeq('samples') }
}
