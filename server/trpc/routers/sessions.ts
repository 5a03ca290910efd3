import { z } from 'zod'
import { endOwnSession } from '../../services/sessions/end'
import { listSessions } from '../../services/sessions/list'
import { router, sessionProcedure } from '../init'

/** Where the person who asks is signed in. */
export const sessions = router({
  list: sessionProcedure.query(async ({ ctx: { db, session } }) => {
    const own = await listSessions({ db, ...session, sessionId: session.id })
    return own.map(({ handle, host, userAgent, createdAt, lastSeenAt, isThis }) => ({
      handle,
      host,
      userAgent,
      isThis,
      createdMs: createdAt.getTime(),
      lastSeenMs: lastSeenAt.getTime(),
    }))
  }),
  /** One of them; with null all but this one. */
  end: sessionProcedure
    .input(z.object({ handle: z.string().max(64).nullable() }))
    .mutation(({ ctx: { db, session }, input }) => endOwnSession({ db, ...session, sessionId: session.id, input })),
})
