import type { RuleBasis } from '../../wire/incident'
import type { Policy, PolicyAction } from '../../wire/messages'
import type { VectorId } from '../../wire/vectors'
import type { Cut } from '../mitigate/ruleset'

/** What a node does before its platform told it otherwise: cut what is proved, hold new sources where it is not. */
export const DEFAULT_POLICY: Policy = {
  name: 'default',
  version: 0,
  certain: 'drop',
  doubtful: 'limit',
  newSourcePps: 200,
  holdMs: 25_000,
}

/** Kill switch. It ends at its time, whether the platform is there to say so or not. */
export const isStopped = ({ stoppedUntilMs }: Policy, atUs: number): boolean =>
  stoppedUntilMs !== undefined && atUs < stoppedUntilMs * 1_000

const CUT_ACTIONS = { observe: 'count', limit: 'limit', drop: 'drop' } as const satisfies Record<
  PolicyAction,
  Cut['action']
>

/** What a cut does. What is left of a vector without a fingerprint is limited at most: dropping it would drop the audience. */
function actionFor(policy: Policy, vectorId: VectorId, basis: RuleBasis): Cut['action'] {
  const action = policy.vectors?.[vectorId] ?? (basis === 'certain' ? policy.certain : policy.doubtful)
  return CUT_ACTIONS[basis === 'rest' && action === 'drop' ? 'limit' : action]
}

type Wanted = Pick<Cut, 'action' | 'limitPps'>

export function wantedOf(policy: Policy, vectorId: VectorId, basis: RuleBasis, atUs: number): Wanted {
  const action = isStopped(policy, atUs) ? 'count' : actionFor(policy, vectorId, basis)
  return action === 'limit' ? { action, limitPps: policy.newSourcePps } : { action }
}

/** Cuts of a run before cuts said what they follow from. */
const basisOf = ({ basis, action }: Cut): RuleBasis => basis ?? (action === 'drop' ? 'certain' : 'doubtful')

/**
 * Standing cuts as the policy wants them now; the very same where nothing changes. Another action is another rule: what it
 * hits must not be added to what the one before dropped.
 */
export function recut(policy: Policy, cuts: readonly Cut[], atUs: number): readonly Cut[] {
  const next = cuts.map((cut): Cut => {
    const basis = basisOf(cut)
    const { action, limitPps } = wantedOf(policy, cut.vectorId, basis, atUs)
    if (action === cut.action && limitPps === cut.limitPps) return cut
    const { limitPps: _, ...rest } = cut
    const id = action === cut.action ? cut.id : `${cut.id.split('-')[0]}-${action}`
    return { ...rest, basis, id, action, ...(limitPps === undefined ? {} : { limitPps }) }
  })
  return next.some((cut, at) => cut !== cuts[at]) ? next : cuts
}
