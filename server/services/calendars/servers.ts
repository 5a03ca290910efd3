import { z } from 'zod'
import type { GroupKind } from '../groups/list'

/** Entries whose title or location holds these words play on this server, or on those of this group. */
export const ServerRule = z.object({
  field: z.enum(['title', 'location']),
  contains: z.string().trim().min(1, 'say which words').max(80, 'at most 80 characters'),
  target: z.object({ kind: z.enum(['node', 'group']), id: z.uuid() }),
})
export type ServerRule = z.output<typeof ServerRule>
export const ServerRules = z.array(ServerRule).max(50, 'at most 50 rules')

export type Fleet = {
  nodes: readonly { id: string; name: string }[]
  /** `nodeIds`: with those of all groups in it. */
  groups: readonly { id: string; name: string; kind: GroupKind; nodeIds: ReadonlySet<string> }[]
}

/** The servers of an entry, and what decided it; `by` null: nothing fits. */
export type Servers = { nodeIds: string[]; by: string | null }

type Said = { title: string; location: string }

const tokensOf = (text: string): Set<string> =>
  new Set(
    text
      .toLowerCase()
      .split(/[^\p{L}\p{N}._-]+/u)
      .map((token) => token.replace(/^[._-]+|[._-]+$/g, '')),
  )

/** An event, a stage and a match are when something is played; a region and a pipeline role are where. */
const isPlace = ({ kind }: { kind: GroupKind }): boolean => kind === 'region' || kind === 'role'

/**
 * Which servers an entry plays on: by the first rule that fits; without one by the name of a server, or of a region or
 * pipeline role, in its location, and then in its title. Rules whose target is gone fit nothing.
 */
export function createServerFinder(rules: readonly ServerRule[], fleet: Fleet): (said: Said) => Servers {
  const nodes = new Map(fleet.nodes.map((node) => [node.id, node]))
  const byName = new Map(fleet.nodes.map((node) => [node.name.toLowerCase(), node]))
  const groups = new Map(fleet.groups.map((group) => [group.id, group]))
  const places = fleet.groups.filter(isPlace).sort((left, right) => right.name.length - left.name.length)

  const byRule = (said: Said): Servers | null => {
    for (const { field, contains, target } of rules) {
      if (!said[field].toLowerCase().includes(contains.toLowerCase())) continue
      const node = target.kind === 'node' ? nodes.get(target.id) : undefined
      const group = target.kind === 'group' ? groups.get(target.id) : undefined
      const by = `${field} has “${contains}”`
      if (node) return { nodeIds: [node.id], by }
      if (group) return { nodeIds: [...group.nodeIds].filter((id) => nodes.has(id)).sort(), by }
    }
    return null
  }
  const byNames = (text: string, field: string): Servers | null => {
    if (text === '') return null
    const named = [...tokensOf(text)].flatMap((token) => byName.get(token) ?? [])
    if (named.length > 0)
      return {
        nodeIds: named.map(({ id }) => id).sort(),
        by: `${field} names ${named.map(({ name }) => name).join(', ')}`,
      }
    const padded = ` ${text.toLowerCase().replace(/[^\p{L}\p{N}]+/gu, ' ')} `
    const place = places.find(({ name }) =>
      padded.includes(
        ` ${name
          .toLowerCase()
          .replace(/[^\p{L}\p{N}]+/gu, ' ')
          .trim()} `,
      ),
    )
    return place ? { nodeIds: [...place.nodeIds].sort(), by: `${field} names ${place.name}` } : null
  }
  return (said) =>
    byRule(said) ?? byNames(said.location, 'location') ?? byNames(said.title, 'title') ?? { nodeIds: [], by: null }
}
