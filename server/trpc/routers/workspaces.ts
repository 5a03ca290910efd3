import { roleMay } from '../../core/permissions'
import { listMemberships } from '../../services/members/get-for-user'
import { listNodes } from '../../services/nodes/list'
import { listStatusPages } from '../../services/status-pages/list'
import { router, sessionProcedure, workspaceProcedure } from '../init'

export const workspaces = router({
  list: sessionProcedure.query(async ({ ctx }) => {
    const memberships = await listMemberships({ db: ctx.db, userId: ctx.session.userId })
    return memberships.map(({ slug, name, role }) => ({ slug, name, role }))
  }),
  /** What every page of a workspace needs. Says what the role may, so that pages offer nothing else. */
  get: workspaceProcedure.query(async ({ ctx }) => {
    const { slug, name, role } = ctx.membership
    const may = { read: roleMay(role, 'node.read'), enrolNode: roleMay(role, 'node.enrol') }
    if (!may.read) return { slug, name, role, may, nodeCount: 0, statusPageSlug: null }
    const [nodes, pages] = await Promise.all([listNodes({ ctx: ctx.verb }), listStatusPages({ ctx: ctx.verb })])
    const statusPageSlug = pages.find(({ published }) => published)?.slug ?? null
    return { slug, name, role, may, nodeCount: nodes.length, statusPageSlug }
  }),
})
