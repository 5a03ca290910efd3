import { z } from 'zod'
import { systemClock } from '../../core/clock'
import { enrolLine } from '../../core/enrol-line'
import { formatId } from '../../core/ids'
import { rightsOf } from '../../core/permissions'
import { DAY_MS, MINUTE_MS, SECOND_MS } from '../../core/units'
import { listIncidents } from '../../services/incidents/list'
import { archiveNode } from '../../services/nodes/archive'
import { createEnrolmentToken } from '../../services/nodes/create-enrolment-token'
import { getNode } from '../../services/nodes/get'
import { getNodeCredential } from '../../services/nodes/get-credential'
import { hashInstaller } from '../../services/nodes/installer'
import { listNodes } from '../../services/nodes/list'
import { listEnrolmentTokens } from '../../services/nodes/list-enrolment-tokens'
import { revokeCredential } from '../../services/nodes/revoke-credential'
import {
  getNodeSeries,
  listLatestSamples,
  listNodeSamples,
  listTails,
  SERIES_DAYS_MAX,
} from '../../services/nodes/samples'
import { getNodePolicy } from '../../services/policies/get-for-node'
import { listSurges } from '../../services/surges/list'
import { idOf, router, workspaceProcedure } from '../init'
import { namesOf } from '../names'
import { SURGE_MS_MAX, toTiles } from '../node-tile'
import { type NodeDetail, toNodeDetail } from '../node-view'

const ById = z.object({ id: idOf('nd') })

/** Either the last so many milliseconds, or from a moment on: nodes stamp seconds, so a reader's clock does not matter. */
const Since = z.union([z.object({ spanMs: z.int().positive() }), z.object({ fromMs: z.int().nonnegative() })])

/** A node's clock may run this far ahead; its last seconds belong to the last minutes all the same. */
const AHEAD_MS = 2 * MINUTE_MS

function rangeOf(since: z.output<typeof Since>): { fromMs: number; toMs: number } {
  const nowMs = systemClock.now()
  return { fromMs: 'spanMs' in since ? nowMs - since.spanMs : since.fromMs, toMs: nowMs + AHEAD_MS }
}

const OfGroup = z.object({ groupId: idOf('grp').optional() })

export const nodes = router({
  /** All nodes, or those of a group. */
  tiles: workspaceProcedure.input(OfGroup).query(async ({ ctx: { verb: ctx }, input: { groupId } }) => {
    const nowMs = systemClock.now()
    const [all, open, latest, surges] = await Promise.all([
      listNodes({ ctx, input: { groupId } }),
      listIncidents({ ctx, input: { state: 'open', limit: 200, groupId } }),
      listLatestSamples({ ctx, input: { groupId } }),
      listSurges({ ctx, input: { ongoingSinceMs: nowMs - SURGE_MS_MAX, limit: 200 } }),
    ])
    return toTiles({ nodes: all, open: open.incidents, latest, surges, nowMs })
  }),

  /** For choosing among them. */
  names: workspaceProcedure.query(async ({ ctx: { verb: ctx } }) =>
    (await listNodes({ ctx })).map(({ id, name }) => ({ id: formatId('nd', id), name })),
  ),

  /** Seconds of these nodes, or of all, up to ten minutes. */
  seconds: workspaceProcedure
    .input(z.object({ ids: z.array(idOf('nd')).max(1_000).optional(), since: Since }))
    .query(async ({ ctx: { verb: ctx }, input: { ids, since } }) => {
      const { fromMs, toMs } = rangeOf(since)
      // Text counts seconds from here: whole, or their ends would be rounded.
      const wholeMs = Math.max(Math.floor(fromMs / SECOND_MS) * SECOND_MS, toMs - 10 * MINUTE_MS)
      const tails = await listTails({ ctx, input: { nodeIds: ids, fromMs: wholeMs, toMs } })
      return { fromMs: wholeMs, nodes: tails.map(({ nodeId, seconds }) => ({ id: formatId('nd', nodeId), seconds })) }
    }),

  get: workspaceProcedure
    .input(ById)
    .query(async ({ ctx: { verb: ctx, membership }, input: { id } }): Promise<NodeDetail> => {
      const nowMs = systemClock.now()
      const node = await getNode({ ctx, input: { id } })
      const [credential, incidents, surges, lastSeconds, policy, nameOf] = await Promise.all([
        getNodeCredential({ ctx, input: { nodeId: id } }),
        listIncidents({ ctx, input: { nodeId: id, limit: 20 } }),
        listSurges({ ctx, input: { nodeId: id, limit: 10 } }),
        listNodeSamples({ ctx, input: { nodeId: id, fromMs: nowMs - 30 * SECOND_MS, toMs: nowMs + AHEAD_MS } }),
        getNodePolicy({ ctx, input: { nodeId: id } }),
        namesOf(ctx),
      ])
      const rights = rightsOf(membership.grants)
      const may = { archive: rights['node.archive'], revoke: rights['node.revoke'], enrol: rights['node.enrol'] }
      return toNodeDetail({
        node,
        credential,
        incidents: incidents.incidents,
        surges,
        lastSeconds,
        policy,
        nameOf,
        may,
        nowMs,
      })
    }),

  /** Rates of one node; the resolution follows from the span. */
  series: workspaceProcedure
    .input(ById.extend({ since: Since, toMs: z.int().nonnegative().optional() }))
    .query(async ({ ctx: { verb: ctx }, input: { id, since, toMs } }) => {
      await getNode({ ctx, input: { id } })
      const range = rangeOf(since)
      const fromMs = Math.max(0, range.fromMs, (toMs ?? range.toMs) - SERIES_DAYS_MAX * DAY_MS)
      const span = { fromMs, toMs: toMs ?? range.toMs }
      return { nowMs: systemClock.now(), ...span, ...(await getNodeSeries({ ctx, input: { nodeId: id, ...span } })) }
    }),

  createEnrolment: workspaceProcedure
    .input(
      z.object({
        nodeName: z.string().max(200),
        groupIds: z.array(idOf('grp')).max(32).optional(),
        replacesId: idOf('etk').nullable().optional(),
      }),
    )
    .mutation(async ({ ctx, input: { workspace: _, ...input } }) => {
      const installerSha256 = await hashInstaller(ctx.env.AGENT_PACKAGE_DIR)
      const { id, token, expiresAt } = await createEnrolmentToken({ ctx: ctx.verb, input })
      const line = enrolLine({ url: ctx.origin, token, installerSha256 })
      return { id: formatId('etk', id), token, line, expiresMs: expiresAt.getTime() }
    }),
  /** Lines that wait for their server. */
  enrolments: workspaceProcedure.query(async ({ ctx: { verb: ctx } }) =>
    (await listEnrolmentTokens({ ctx })).map(({ id, nodeName, expiresAt, groupIds }) => ({
      id: formatId('etk', id),
      nodeName,
      expiresMs: expiresAt.getTime(),
      groupIds: groupIds.map((groupId) => formatId('grp', groupId)),
    })),
  ),
  revoke: workspaceProcedure
    .input(ById)
    .mutation(({ ctx, input: { id } }) => revokeCredential({ ctx: ctx.verb, input: { nodeId: id } })),
  archive: workspaceProcedure
    .input(ById)
    .mutation(({ ctx, input: { id } }) => archiveNode({ ctx: ctx.verb, input: { id } })),
})
