import type { SessionReader } from '../auth/session-reader'
import type { Clock } from '../core/clock'
import { parseId } from '../core/ids'
import { getBoard, mayShowRates } from '../services/boards/get'
import { mayWatchBoard } from '../services/boards/may-watch'
import { openBoardByLink, openBoardForUser } from '../services/boards/open'
import type { Ctx } from '../services/context'
import type { BoardClaim, BoardNamespaceOptions } from './board-namespace'

const FAN_OUT = { kind: 'job', name: 'board' } as const

/** Who a board's socket is and what it may watch, asked anew each time; and the board, read once for all who see the same. */
export function createBoardVerbs(
  db: Ctx['db'],
  sessions: SessionReader,
  clock: Clock,
): Pick<BoardNamespaceOptions, 'openBoard' | 'readBoard'> {
  const seatOf = async (claim: BoardClaim, cookie: string, host: string) => {
    if ('token' in claim) return openBoardByLink({ db, clock, token: claim.token })
    const session = await sessions.read(cookie, host)
    const groupId = groupOrNull(claim.group)
    if (session === null || groupId === null) return null
    const { userId, boundTo } = session
    return openBoardForUser({ db, clock, userId, boundTo, slug: claim.workspace, groupId })
  }
  return {
    openBoard: async (claim, cookie, host) => {
      const seat = await seatOf(claim, cookie, host)
      if (seat === null) return null
      const { ctx, groupId } = seat
      if (!(await mayWatchBoard({ ctx, input: { groupId } }))) return null
      return { workspaceId: ctx.workspaceId, groupId, withRates: mayShowRates(ctx) }
    },
    readBoard: ({ workspaceId, ...input }) => getBoard({ ctx: { workspaceId, actor: FAN_OUT, db, clock }, input }),
  }
}

function groupOrNull(claimed: string): string | null {
  try {
    return parseId('grp', claimed)
  } catch {
    return null
  }
}
