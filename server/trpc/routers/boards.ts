import { z } from 'zod'
import { formatId } from '../../core/ids'
import { getBoard } from '../../services/boards/get'
import { type BoardLink, createBoardLink, listBoardLinks, revokeBoardLink } from '../../services/boards/links'
import { openBoardByLink } from '../../services/boards/open'
import { idOf, publicProcedure, router, workspaceProcedure } from '../init'

export type BoardLinkView = ReturnType<typeof toLink>

const toLink = ({ id, name, showsRates, createdAt, expiresAt, lastOpenedAt }: BoardLink) => ({
  id: formatId('bl', id),
  name,
  showsRates,
  createdMs: createdAt.getTime(),
  expiresMs: expiresAt.getTime(),
  lastOpenedMs: lastOpenedAt?.getTime() ?? null,
})

const OfGroup = z.object({ id: idOf('grp') })

export const boards = router({
  get: workspaceProcedure.input(OfGroup).query(async ({ ctx, input: { id } }) => ({
    atMs: Date.now(),
    board: await getBoard({ ctx: ctx.verb, input: { groupId: id } }),
  })),
  /** What a link shows; null when there is none, or it has ended. Needs no account. */
  byLink: publicProcedure.input(z.object({ token: z.string().max(200) })).query(async ({ ctx, input: { token } }) => {
    const seat = await openBoardByLink({ db: ctx.db, token })
    if (seat === null) return null
    return { atMs: Date.now(), board: await getBoard({ ctx: seat.ctx, input: { groupId: seat.groupId } }) }
  }),
  links: workspaceProcedure
    .input(OfGroup)
    .query(async ({ ctx, input: { id } }) =>
      (await listBoardLinks({ ctx: ctx.verb, input: { groupId: id } })).map(toLink),
    ),
  /** The only time that the link is given out. */
  createLink: workspaceProcedure
    .input(OfGroup.extend({ name: z.string().max(200), showsRates: z.boolean(), expiresMs: z.number() }))
    .mutation(async ({ ctx, input: { workspace: _, id: groupId, ...input } }) => {
      const { id, token } = await createBoardLink({ ctx: ctx.verb, input: { groupId, ...input } })
      return { id: formatId('bl', id), url: `${ctx.origin}/board/${token}` }
    }),
  revokeLink: workspaceProcedure
    .input(z.object({ id: idOf('bl') }))
    .mutation(({ ctx, input: { id } }) => revokeBoardLink({ ctx: ctx.verb, input: { id } })),
})
