import { z } from 'zod'
import { parseId } from '../../core/ids'
import { getPolicy } from '../../services/policies/get'
import { listPolicies } from '../../services/policies/list'
import { listStops } from '../../services/policies/list-stops'
import { resumeMitigation } from '../../services/policies/resume'
import { reviewPolicy } from '../../services/policies/review'
import { savePolicy } from '../../services/policies/save'
import { stopMitigation } from '../../services/policies/stop'
import { listPolicyVersions } from '../../services/policies/versions'
import { idOf, router, workspaceProcedure } from '../init'
import { namesOf } from '../names'
import { toPolicyDetail, toPolicyScope, toPolicyVersion, toReview, toStop } from '../policy-view'

/** A group or a node by its id; without one the whole workspace is meant. */
const OfScope = z.object({ id: z.string().max(64).nullish() })

const scopeOf = (id: string | null | undefined) => {
  if (!id) return {}
  return id.startsWith('nd_') ? { nodeId: parseId('nd', id) } : { groupId: parseId('grp', id) }
}

/** The verb reads it: it says in words what is wrong. */
const Settings = z.record(z.string(), z.unknown()).nullable()
type Given = Parameters<typeof savePolicy>[0]['input']['settings']

export const policies = router({
  list: workspaceProcedure.query(async ({ ctx: { verb: ctx } }) => {
    const [scopes, nameOf] = await Promise.all([listPolicies({ ctx }), namesOf(ctx)])
    return scopes.map((scope) => toPolicyScope(scope, nameOf))
  }),
  get: workspaceProcedure.input(OfScope).query(async ({ ctx: { verb: ctx }, input: { id } }) => {
    const [policy, nameOf] = await Promise.all([getPolicy({ ctx, input: { scope: scopeOf(id) } }), namesOf(ctx)])
    return toPolicyDetail(policy, nameOf)
  }),
  versions: workspaceProcedure.input(OfScope).query(async ({ ctx: { verb: ctx }, input: { id } }) => {
    const [versions, nameOf] = await Promise.all([
      listPolicyVersions({ ctx, input: { scope: scopeOf(id) } }),
      namesOf(ctx),
    ])
    return versions.map((version) => toPolicyVersion(version, nameOf))
  }),
  /** Differences, dangers and what the draft would have done. Changes nothing; a mutation because of its size. */
  review: workspaceProcedure
    .input(OfScope.extend({ settings: Settings }))
    .mutation(async ({ ctx: { verb: ctx }, input: { id, settings } }) =>
      toReview(await reviewPolicy({ ctx, input: { scope: scopeOf(id), settings: settings as Given } })),
    ),
  save: workspaceProcedure
    .input(
      OfScope.extend({
        settings: Settings,
        versionSeen: z.int().nonnegative(),
        confirmed: z.array(z.string().max(20_000)).max(50).default([]),
      }),
    )
    .mutation(({ ctx: { verb: ctx }, input: { id, settings, versionSeen, confirmed } }) =>
      savePolicy({ ctx, input: { scope: scopeOf(id), settings: settings as Given, versionSeen, confirmed } }),
    ),
  stops: workspaceProcedure.query(async ({ ctx: { verb: ctx } }) => {
    const stops = await listStops({ ctx })
    const nameOf = stops.some(({ reason }) => reason !== null) ? await namesOf(ctx) : () => null
    return stops.map((stop) => toStop(stop, nameOf))
  }),
  stop: workspaceProcedure
    .input(OfScope.extend({ minutes: z.int(), reason: z.string().max(1_000) }))
    .mutation(async ({ ctx: { verb: ctx }, input: { id, minutes, reason } }) => {
      const given = minutes as Parameters<typeof stopMitigation>[0]['input']['minutes']
      const { until } = await stopMitigation({ ctx, input: { scope: scopeOf(id), minutes: given, reason } })
      return { untilMs: until.getTime() }
    }),
  resume: workspaceProcedure
    .input(z.object({ id: idOf('stp') }))
    .mutation(({ ctx: { verb: ctx }, input: { id } }) => resumeMitigation({ ctx, input: { id } })),
})
