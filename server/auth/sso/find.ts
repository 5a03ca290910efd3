import type { AppDb } from '../../db/pool'
import { findConnection } from '../../db/sso-doors'

/** Whose sign-in of its own a workspace's address leads to. Says nothing else of the workspace. */
export async function findIssuerOf({
  db,
  slug,
}: {
  db: AppDb
  slug: string
}): Promise<{ workspaceName: string } | null> {
  const found = await findConnection(db, slug)
  return found && { workspaceName: found.workspaceName }
}
