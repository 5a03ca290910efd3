import { z } from 'zod'
import { type Grant, rightsOf } from '../../core/permissions'
import { listGroups } from '../../services/groups/list'
import { listIncidents } from '../../services/incidents/list'
import { listMemberships } from '../../services/members/get-for-user'
import { listNodes } from '../../services/nodes/list'
import { listStatusPages } from '../../services/status-pages/list'
import { getTrialEnd } from '../../services/workspaces/get-trial'
import { findByName } from '../find'
import { router, sessionProcedure, workspaceProcedure } from '../init'

export const workspaces = router({
  list: sessionProcedure.query(async ({ ctx }) => {
    const memberships = await listMemberships({ db: ctx.db, ...ctx.session })
    return memberships.map(({ slug, name, grants, lacksSecondFactor }) => ({
      slug,
      name,
      roles: rolesOf(grants),
      lacksSecondFactor,
    }))
  }),
  /** What every page of a workspace needs. Says what the role may, so that pages offer nothing else. */
  get: workspaceProcedure.query(async ({ ctx }) => {
    const { slug, name, grants } = ctx.membership
    const may = rightsOf(grants)
    const seesTrial = may['billing.read'] || may['workspace.update']
    const [pages, trialEnd] = await Promise.all([
      may['status_page.read'] ? listStatusPages({ ctx: ctx.verb }) : [],
      seesTrial ? getTrialEnd({ ctx: ctx.verb }) : null,
    ])
    const trialEndsMs = trialEnd?.getTime() ?? null
    const statusPageSlug = pages.find(({ published }) => published)?.slug ?? null
    return { slug, name, roles: rolesOf(grants), may, statusPageSlug, trialEndsMs }
  }),
  /** Nodes, groups and recent incidents by parts of their names, as far as one's grants go. */
  find: workspaceProcedure
    .input(z.object({ text: z.string().trim().min(1).max(100) }))
    .query(async ({ ctx: { verb: ctx, membership }, input: { text } }) => {
      const may = rightsOf(membership.grants)
      const [nodes, groups, { incidents }] = await Promise.all([
        may['node.read'] ? listNodes({ ctx }) : [],
        may['group.read'] ? listGroups({ ctx }) : [],
        may['incident.read'] ? listIncidents({ ctx, input: { limit: 200 } }) : { incidents: [] },
      ])
      return findByName(text, { nodes, groups, incidents })
    }),
})

const rolesOf = (grants: readonly Grant[]): string[] => [...new Set(grants.map(({ role }) => role))]
