import type { BookNode } from './book'
import { type EffectivePolicy, policyIdOf } from './settings'

/** Whether a node goes by what it should. `unknown`: it never said what it goes by. */
export type Holding = 'yes' | 'not_yet' | 'unknown'

/** Pure. A kill switch that has ended is the same as none: the node ends it by itself. */
export function holdingOf(
  node: Pick<BookNode, 'heldPolicyId' | 'heldStopUntil'>,
  policy: Pick<EffectivePolicy, 'id' | 'stoppedUntil'>,
  now: Date,
): Holding {
  if (node.heldPolicyId === null) return 'unknown'
  const held = node.heldStopUntil !== null && node.heldStopUntil > now ? node.heldStopUntil.getTime() : null
  const wanted = policy.stoppedUntil !== null && policy.stoppedUntil > now ? policy.stoppedUntil.getTime() : null
  return node.heldPolicyId === policyIdOf(policy.id) && held === wanted ? 'yes' : 'not_yet'
}
