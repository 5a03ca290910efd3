import type { SessionReader } from '../auth/session-reader'
import { NotFoundError } from '../core/errors'
import { formatId } from '../core/ids'
import type { Ctx } from '../services/context'
import { getIncident } from '../services/incidents/get'
import type { LiveScope } from '../services/members/get-scope'
import { getNode } from '../services/nodes/get'
import type { ConsoleNamespaceOptions, IncidentEvent, NodeEvent } from './console-namespace'

type GetLiveScope = (of: { userId: string; boundTo: string | null; slug: string }) => Promise<LiveScope | null>

/** Who a console socket is and which workspaces it may watch, asked anew each time. */
export function createConsoleVerbs(
  sessions: SessionReader,
  getLiveScope: GetLiveScope,
): Omit<ConsoleNamespaceOptions, 'onWatch' | 'metrics' | 'log'> {
  return {
    readSession: async (cookie, host) => {
      const session = await sessions.read(cookie, host)
      return session && { sessionId: session.id, userId: session.userId, boundTo: session.boundTo }
    },
    isSessionValid: ({ sessionId }) => sessions.isLive(sessionId),
    openWorkspace: ({ userId, boundTo }, slug) => getLiveScope({ userId, boundTo, slug }),
  }
}

const FAN_OUT = { kind: 'job', name: 'fan-out' } as const

/** Row of an incident as lists show it; null when it is gone. Ids with their prefix. */
export async function readIncidentRow(db: Ctx['db'], workspaceId: string, id: string): Promise<IncidentEvent | null> {
  try {
    const { report, policy, timeline, mitigations, ...row } = await getIncident({
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
