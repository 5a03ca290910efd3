import { type Grant, rightsOf } from '../../core/permissions'
import { listMemberships } from '../../services/members/get-for-user'
import { listNodes } from '../../services/nodes/list'
import { listStatusPages } from '../../services/status-pages/list'
import { router, sessionProcedure, workspaceProcedure } from '../init'

export const workspaces = router({
  list: sessionProcedure.query(async ({ ctx }) => {
    const memberships = await listMemberships({ db: ctx.db, userId: ctx.session.userId })
    return memberships.map(({ slug, name, grants }) => ({ slug, name, roles: rolesOf(grants) }))
  }),
  /** What every page of a workspace needs. Says what the role may, so that pages offer nothing else. */
  get: workspaceProcedure.query(async ({ ctx }) => {
    const { slug, name, grants } = ctx.membership
    const may = rightsOf(grants)
    const [nodes, pages] = await Promise.all([
      may['node.read'] ? listNodes({ ctx: ctx.verb }) : [],
      may['status_page.read'] ? listStatusPages({ ctx: ctx.verb }) : [],
    ])
    const statusPageSlug = pages.find(({ published }) => published)?.slug ?? null
    return { slug, name, roles: rolesOf(grants), may, nodeCount: nodes.length, statusPageSlug }
  }),
})

const rolesOf = (grants: readonly Grant[]): string[] => [...new Set(grants.map(({ role }) => role))]
