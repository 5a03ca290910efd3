import { VECTORS } from '../../wire/vectors'
import { formatId } from '../core/ids'
import type { NodeGroup } from '../services/groups/list'
import type { Incident } from '../services/incidents/incident'
import type { ListedNode } from '../services/nodes/list'

/** One thing that somebody looks for by its name. `id` is prefixed. */
export type Found = { kind: 'node' | 'group' | 'incident'; id: string; name: string; startedMs: number | null }

const EACH_MAX = { node: 8, group: 5, incident: 6 } as const

/** Names that hold every word of `text`; those that begin with it first, numbers as numbers. Pure. */
export function findByName(
  text: string,
  {
    nodes,
    groups,
    incidents,
  }: { nodes: readonly ListedNode[]; groups: readonly NodeGroup[]; incidents: readonly Incident[] },
): Found[] {
  const words = text.toLowerCase().split(/\s+/).filter(Boolean)
  const fits = (name: string): boolean => words.every((word) => name.toLowerCase().includes(word))
  const begins = (name: string): number => (name.toLowerCase().startsWith(words[0] ?? '') ? 0 : 1)
  const byName = <Row extends { name: string }>(rows: readonly Row[]): Row[] =>
    rows
      .filter(({ name }) => fits(name))
      .sort((a, b) => begins(a.name) - begins(b.name) || a.name.localeCompare(b.name, undefined, { numeric: true }))
  const attacks = incidents.map((incident) => ({ incident, name: nameOf(incident) })).filter(({ name }) => fits(name))
  return [
    ...byName(nodes)
      .slice(0, EACH_MAX.node)
      .map(({ id, name }) => ({ kind: 'node' as const, id: formatId('nd', id), name, startedMs: null })),
    ...byName(groups)
      .slice(0, EACH_MAX.group)
      .map(({ id, name }) => ({ kind: 'group' as const, id: formatId('grp', id), name, startedMs: null })),
    ...attacks.slice(0, EACH_MAX.incident).map(({ incident, name }) => ({
      kind: 'incident' as const,
      id: formatId('inc', incident.id),
      name,
      startedMs: incident.firstPacketUs / 1_000,
    })),
  ]
}

function nameOf({ report, nodeName }: Incident): string {
  const first = [...report.vectors].sort((a, b) => b.share - a.share)[0]
  return `${first ? VECTORS[first.id].name : 'Attack'} on ${nodeName}`
}
