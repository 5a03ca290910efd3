import { NotFoundError, SecondFactorNeededError } from '../../core/errors'
import { reachOf } from '../../core/permissions'
import type { AppDb } from '../../db/pool'
import { inWorkspace } from '../../db/tenant'
import { nodesWithin } from '../reach'
import { getMembership } from './get-for-user'

/** Nodes that somebody may follow: all, those of these ids, or null for none. */
export type NodeScope = 'all' | readonly string[] | null

export type LiveScope = { workspaceId: string; incidents: NodeScope; nodes: NodeScope }

/** What a person may follow live in a workspace at this moment; null when it does not exist for them, or nothing of it does. */
export async function getLiveScope({
  db,
  input,
}: {
  db: AppDb
  input: { userId: string; boundTo: string | null; slug: string }
}): Promise<LiveScope | null> {
  const membership = await getMembership({ db, input }).catch((error: unknown) => {
    if (error instanceof NotFoundError || error instanceof SecondFactorNeededError) return null
    throw error
  })
  if (membership === null) return null
  const { workspaceId, grants } = membership
  const reaches = [reachOf(grants, 'incident.read'), reachOf(grants, 'node.read')]
  if (reaches.every((reach) => reach === null)) return null
  const scopes: NodeScope[] = reaches.every((reach) => reach === null || reach === 'workspace')
    ? reaches.map((reach) => reach && 'all')
    : await inWorkspace(db, workspaceId, async (tx) => {
        const found: NodeScope[] = []
        for (const reach of reaches) found.push(reach && ((await nodesWithin(tx, reach)) ?? 'all'))
        return found
      })
  const [incidents = null, nodes = null] = scopes
  return { workspaceId, incidents, nodes }
}
