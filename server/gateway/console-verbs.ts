import type { SessionReader } from '../auth/session-reader'
import { NotFoundError } from '../core/errors'
import { formatId } from '../core/ids'
import { isRole, roleMay } from '../core/permissions'
import type { Ctx } from '../services/context'
import { getIncident } from '../services/incidents/get'
import { getNode } from '../services/nodes/get'
import type { ConsoleNamespaceOptions, IncidentEvent, NodeEvent } from './console-namespace'

type Memberships = (userId: string) => Promise<{ workspaceId: string; slug: string; role: string }[]>

/** Who a console socket is and which workspaces it may watch, asked anew each time. */
export function createConsoleVerbs(
  sessions: SessionReader,
  findMemberships: Memberships,
): Omit<ConsoleNamespaceOptions, 'onWatch' | 'metrics' | 'log'> {
  return {
    readSession: async (cookie, host) => {
      const session = await sessions.read(cookie, host)
      return session && { sessionId: session.id, userId: session.userId }
    },
    isSessionValid: ({ sessionId }) => sessions.isLive(sessionId),
    openWorkspace: async ({ userId }, slug) => {
      const member = (await findMemberships(userId)).find((each) => each.slug === slug)
      if (member === undefined || !isRole(member.role) || !roleMay(member.role, 'node.read')) return null
      return member.workspaceId
    },
  }
}

const FAN_OUT = { kind: 'job', name: 'fan-out' } as const

/** Row of an incident as lists show it; null when it is gone. Ids with their prefix. */
export async function readIncidentRow(db: Ctx['db'], workspaceId: string, id: string): Promise<IncidentEvent | null> {
  try {
    const { report, timeline, mitigations, ...row } = await getIncident({
      ctx: { workspaceId, actor: FAN_OUT, db },
      input: { id },
    })
    return {
      ...row,
      id: formatId('inc', row.id),
      nodeId: formatId('nd', row.nodeId),
      vectors: report.vectors,
      traffic: report.traffic,
    }
  } catch (error) {
    if (error instanceof NotFoundError) return null
    throw error
  }
}

export async function readNodeTile(db: Ctx['db'], workspaceId: string, nodeId: string): Promise<NodeEvent> {
  const node = await getNode({ ctx: { workspaceId, actor: FAN_OUT, db }, input: { id: nodeId } })
  return {
    nodeId: formatId('nd', nodeId),
    state: node.state === 'online' ? 'online' : 'offline',
    lastSeenMs: node.lastSeenAt?.getTime() ?? null,
  }
}
