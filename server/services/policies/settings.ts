import { z } from 'zod'
import {
  type PolicyAction as Action,
  BUILT_IN_POLICY_ID,
  FRIEND_NETWORKS_MAX,
  type Policy,
  PolicyAction,
} from '../../../wire/messages'
import { VECTOR_IDS, type VectorId } from '../../../wire/vectors'
import { formatId, parseId } from '../../core/ids'
import { parseNetwork } from '../../core/networks'

const FRIEND_LISTS_MAX = 20

export const FriendList = z.object({
  name: z
    .string()
    .trim()
    .min(1, 'give each friends list a name')
    .max(60, 'a name has at most 60 characters')
    .regex(/^[^\p{C}]+$/u, 'no control characters'),
  /** Checked and brought into one spelling; twice the same is once. */
  networks: z
    .array(z.string().max(64))
    .min(1, 'a friends list needs at least one network')
    .max(FRIEND_NETWORKS_MAX)
    .transform((networks) => [...new Set(networks.map((one) => parseNetwork(one).text))]),
})
export type FriendList = z.infer<typeof FriendList>

/** What a scope does with attacks. Kept as it is in each version. */
export const PolicySettings = z
  .object({
    certain: PolicyAction,
    doubtful: PolicyAction,
    vectors: z.partialRecord(z.enum(VECTOR_IDS), PolicyAction).default({}),
    newSourcePps: z.int('give a whole number').min(1, 'at least 1 packet a second').max(1_000_000),
    holdMs: z.int().min(5_000, 'at least 5 seconds').max(3_600_000, 'at most an hour'),
    friends: z.array(FriendList).max(FRIEND_LISTS_MAX, `at most ${FRIEND_LISTS_MAX} friends lists`).default([]),
  })
  .superRefine(({ friends }, issues) => {
    const count = friends.reduce((sum, { networks }) => sum + networks.length, 0)
    const names = new Set(friends.map(({ name }) => name.toLowerCase()))
    if (count > FRIEND_NETWORKS_MAX)
      issues.addIssue({
        code: 'custom',
        path: ['friends'],
        message: `${count} networks are too many: every limit looks them all up. At most ${FRIEND_NETWORKS_MAX} together`,
      })
    if (names.size < friends.length)
      issues.addIssue({ code: 'custom', path: ['friends'], message: 'two friends lists have the same name' })
  })
export type PolicySettings = z.infer<typeof PolicySettings>

/** New workspaces start conservative: what its signature proves is dropped, what stays doubtful limits new sources. */
export const BUILT_IN: PolicySettings = {
  certain: 'drop',
  doubtful: 'limit',
  vectors: {},
  newSourcePps: 200,
  holdMs: 25_000,
  friends: [],
}

export type Basis = 'certain' | 'doubtful' | 'rest'

/** What a rule for this vector does. What is left without a signature or fingerprint is limited at most, never dropped. */
export function actionFor(settings: PolicySettings, vectorId: VectorId, basis: Basis): Action {
  const action = settings.vectors[vectorId] ?? (basis === 'certain' ? settings.certain : settings.doubtful)
  return basis === 'rest' && action === 'drop' ? 'limit' : action
}

/** One policy as it holds on a node, and where it comes from. */
export type EffectivePolicy = {
  /** Row of the version; null is what holds where nothing was ever saved. */
  id: string | null
  scope: Scope
  version: number
  settings: PolicySettings
  /** Kill switch: rules only count until then. */
  stoppedUntil: Date | null
}

export type Scope = { kind: 'workspace' | 'group' | 'node'; id: string; name: string }

const NAME_MAX = 64

export function toWire({ id, scope, version, settings, stoppedUntil }: EffectivePolicy): Policy {
  const { friends, ...rest } = settings
  return {
    ...rest,
    id: policyIdOf(id),
    name: [...(id === null ? 'default' : scope.kind === 'workspace' ? 'workspace' : scope.name)]
      .slice(0, NAME_MAX / 2)
      .join(''),
    version,
    friends: [...new Set(friends.flatMap(({ networks }) => networks))],
    ...(stoppedUntil === null ? {} : { stoppedUntilMs: stoppedUntil.getTime() }),
  }
}

/** As nodes know it. */
export const policyIdOf = (id: string | null): string => (id === null ? BUILT_IN_POLICY_ID : formatId('pol', id))

/** Row of the id that a node told; null when it names none of ours. */
export function policyRowOf(id: string | undefined): string | null {
  return id !== undefined && /^pol_[0-9a-f]{32}$/.test(id) ? parseId('pol', id) : null
}
