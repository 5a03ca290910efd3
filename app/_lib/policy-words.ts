import type { ScopeView, Settings } from '@/server/trpc/policy-view'
import { packetCount, wholeNumber } from './figures'
import { ACTION_DONE } from './policy-draft'

/** “the workspace”, or the group or node by its name. */
export const scopeWords = ({ kind, name }: Pick<ScopeView, 'kind' | 'name'>): string =>
  kind === 'workspace' ? 'the whole workspace' : name

export const addressOf = (workspace: string, id: string | null): string =>
  `/${workspace}/mitigation${id === null ? '' : `?of=${id}`}`

/** What a policy does, in one line for the pages that only mention it. */
export function inShort({ certain, doubtful, vectors, friends }: Settings): string {
  const apart = Object.keys(vectors).length
  const parts = [
    `certain vectors are ${ACTION_DONE[certain]}`,
    `doubtful ones ${ACTION_DONE[doubtful]}`,
    ...(apart === 0 ? [] : [`${apart === 1 ? 'one vector is' : `${apart} vectors are`} set apart`]),
    ...(friends.length === 0 ? [] : [`friends: ${friends.map(({ name }) => name).join(', ')}`]),
  ]
  return `${parts.join('; ')}.`
}

/** “1.2 million”, or “between 1.2 million and 1.4 million”. */
export const betweenPackets = ({ low, high }: { low: number; high: number }): string =>
  packetCount(low) === packetCount(high) ? packetCount(low) : `between ${packetCount(low)} and ${packetCount(high)}`

export const nodesWords = (count: number): string => (count === 1 ? '1 node' : `${wholeNumber(count)} nodes`)
