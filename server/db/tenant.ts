import type { AppDb, Tx } from './pool'

/**
 * Runs `work` in one transaction that is bound to the workspace. No network inside it. What `work` throws rolls all back.
 */
export function inWorkspace<Result>(
  db: AppDb,
  workspaceId: string,
  work: (tx: Tx) => Promise<Result>,
): Promise<Result> {
  return db.prisma.$transaction(
    async (tx) => {
      await tx.$executeRaw`SELECT set_config('app.workspace', ${workspaceId}, true)`
      return work(tx)
    },
    { maxWait: 5_000, timeout: 15_000 },
  )
}
