import { newId } from '../../server/core/ids'
import type { Prisma } from '../../server/db/pool'

type NodeRow = Prisma.NodeCreateManyInput & { id: string; name: string }
type GroupRow = Prisma.NodeGroupCreateManyInput & { id: string }
export type Fleet = { nodes: NodeRow[]; groups: GroupRow[]; members: { groupId: string; nodeId: string }[] }

const REGIONS = ['Europe', 'North America', 'Asia', 'South America']
const PIPELINE = { ingest: 20, transcoder: 40, origin: 16, edge: 40 } as const
const STAGES = ['Opening stage', 'Elimination stage', 'Playoffs']
const MATCHES = 48
const SERVERS_A_MATCH = 8

/** 500 servers in 60 groups: one event with its stages and matches, four regions, four roles of a streaming pipeline. */
export function planFleet(workspaceId: string, nowMs: number): Fleet {
  const fleet: Fleet = { nodes: [], groups: [], members: [] }
  const group = (kind: string, name: string, parentId?: string): string => {
    const id = newId()
    fleet.groups.push({ workspaceId, id, kind, name, parentId })
    return id
  }
  const node = (name: string, groupIds: string[]): void => {
    const row = nodeRow(workspaceId, name, nowMs)
    fleet.nodes.push(row)
    for (const groupId of groupIds) fleet.members.push({ groupId, nodeId: row.id })
  }
  const regions = REGIONS.map((name) => group('region', name))
  const event = group('event', 'Winter Major')
  const stages = STAGES.map((name) => group('stage', name, event))
  let serial = 0
  for (let match = 0; match < MATCHES; match += 1) {
    const name = `Match ${String(match + 1).padStart(2, '0')}`
    const id = group('match', name, stages[match % stages.length])
    for (let server = 0; server < SERVERS_A_MATCH; server += 1) {
      serial += 1
      node(`match-${String(serial).padStart(3, '0')}`, [id, regions[server % regions.length] as string])
    }
  }
  for (const [role, count] of Object.entries(PIPELINE)) {
    const id = group('role', role)
    for (let server = 1; server <= count; server += 1)
      node(`${role}-${String(server).padStart(2, '0')}`, [id, regions[server % regions.length] as string])
  }
  return fleet
}

function nodeRow(workspaceId: string, name: string, nowMs: number): NodeRow {
  return {
    workspaceId,
    id: newId(),
    name,
    hostname: name,
    agentVersion: '0.1.0',
    kernel: '6.1.0',
    level: 'nftables',
    state: 'offline',
    servicePorts: [{ protocol: 'udp', port: 27_015 }],
    addresses: ['203.0.113.10'],
    enrolledAt: new Date(nowMs - 40 * 86_400_000),
    lastSeenAt: new Date(nowMs),
  }
}
