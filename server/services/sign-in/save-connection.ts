import type { z } from 'zod'
import type { Sealer } from '../../core/seal'
import { Prisma, type Tx } from '../../db/pool'
import { type Ctx, clockOf, inTenant, parseInput, requirePermission } from '../context'
import { writeAudit } from '../write-audit'
import { ConnectionInput, connectionPlace } from './connection'

type Input = z.output<typeof ConnectionInput>

/** Sets the workspace's own issuer. Sessions that another issuer or client opened end at once. */
export async function saveConnection({
  ctx,
  input,
  sealer,
}: {
  ctx: Ctx
  input: z.input<typeof ConnectionInput>
  sealer: Sealer
}): Promise<void> {
  requirePermission(ctx, 'sign_in.update')
  const given = parseInput(ConnectionInput, input)
  const { workspaceId } = ctx
  await inTenant(ctx, async (tx) => {
    const before = await lockConnection(tx, workspaceId)
    await writeConnection(tx, ctx, given, sealer)
    const isOther = before !== null && (before.issuer !== given.issuer || before.clientId !== given.clientId)
    if (isOther) await endBoundSessions(tx, ctx)
    // The secret stays out of the log; that it was replaced does not.
    const { clientSecret, ...said } = given
    await writeAudit(tx, ctx, {
      action: 'sign_in.update',
      subject: { kind: 'workspace', id: workspaceId },
      before: before ?? undefined,
      after: { ...said, ...(clientSecret === null ? {} : { clientSecret: clientSecret === '' ? 'none' : 'replaced' }) },
    })
  })
}

/** Takes the workspace's own issuer away, and what it opened. */
export async function removeConnection({ ctx }: { ctx: Ctx }): Promise<void> {
  requirePermission(ctx, 'sign_in.update')
  const { workspaceId } = ctx
  await inTenant(ctx, async (tx) => {
    const before = await lockConnection(tx, workspaceId)
    if (before === null) return
    await tx.ssoConnection.deleteMany({ where: { workspaceId } })
    await endBoundSessions(tx, ctx)
    const subject = { kind: 'workspace', id: workspaceId }
    await writeAudit(tx, ctx, { action: 'sign_in.remove', subject, before })
  })
}

type Kept = { issuer: string; clientId: string; domains: string[]; newcomerRole: string | null }

async function lockConnection(tx: Tx, workspaceId: string): Promise<Kept | null> {
  const rows = await tx.$queryRaw<Kept[]>`
    SELECT issuer, client_id AS "clientId", domains, newcomer_role AS "newcomerRole" FROM sso_connection
    WHERE workspace_id = ${workspaceId}::uuid FOR UPDATE`
  return rows[0] ?? null
}

/** A secret belongs to its client: with another client the kept one is not used on. */
async function writeConnection(tx: Tx, ctx: Ctx, given: Input, sealer: Sealer): Promise<void> {
  const { workspaceId } = ctx
  const { issuer, clientId, clientSecret, domains, newcomerRole } = given
  const sealed = clientSecret ? JSON.stringify(sealer.seal(clientSecret, connectionPlace(workspaceId))) : null
  const keeps = clientSecret === null
  const now = new Date(clockOf(ctx).now())
  await tx.$executeRaw`
    INSERT INTO sso_connection AS c (workspace_id, issuer, client_id, client_secret, domains, newcomer_role, updated_at)
    VALUES (${workspaceId}::uuid, ${issuer}, ${clientId}, ${sealed}::jsonb, ${domains}::text[], ${newcomerRole}, ${now})
    ON CONFLICT (workspace_id) DO UPDATE SET issuer = excluded.issuer, client_id = excluded.client_id,
      domains = excluded.domains, newcomer_role = excluded.newcomer_role, updated_at = excluded.updated_at,
      client_secret = ${
        keeps
          ? Prisma.sql`CASE WHEN c.issuer = excluded.issuer AND c.client_id = excluded.client_id THEN c.client_secret END`
          : Prisma.sql`excluded.client_secret`
      }`
}

const endBoundSessions = (tx: Tx, ctx: Ctx): Promise<number> =>
  tx.$executeRaw`SELECT sso_sessions_end(${new Date(clockOf(ctx).now())})`
