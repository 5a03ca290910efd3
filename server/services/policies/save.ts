import { z } from 'zod'
import { ConflictError, NotFoundError, ValidationError } from '../../core/errors'
import { newId } from '../../core/ids'
import type { Tx } from '../../db/pool'
import { actorId, type Ctx, clockOf, inTenant, parseInput, requirePermission } from '../context'
import { writeAudit } from '../write-audit'
import { inheritedBy, type PolicyBook, policyOf, readBook } from './book'
import { changesBetween, newDangers } from './compare'
import { requireScope, ScopeInput } from './scope'
import { PolicySettings, type Scope } from './settings'

const Input = z.object({
  scope: ScopeInput,
  /** Null: no policy of its own any more; what holds above it holds. */
  settings: PolicySettings.nullable(),
  /** Newest version that the person saw; 0 where there was none. */
  versionSeen: z.int().nonnegative(),
  /** Keys of the dangers that the person confirmed. */
  confirmed: z.array(z.string().max(20_000)).max(50).default([]),
})

/**
 * Adds a version. Nodes that take this policy are told at once.
 * @throws ConflictError when somebody saved meanwhile, ValidationError when a danger was not confirmed
 */
export async function savePolicy({
  ctx,
  input,
}: {
  ctx: Ctx
  input: z.input<typeof Input>
}): Promise<{ version: number }> {
  const reach = requirePermission(ctx, 'policy.update')
  const { scope: meant, settings, versionSeen, confirmed } = parseInput(Input, input)
  const { workspaceId } = ctx
  const now = new Date(clockOf(ctx).now())
  return inTenant(ctx, async (tx) => {
    const book = await readBook(tx, workspaceId, now)
    const scope = await requireScope(tx, book, reach, meant, false)
    const before = holding(book, scope).settings
    const after = settings ?? inheritedBy(book, scope).settings
    if (settings === null && !book.heads.has(scope.id)) throw new NotFoundError('policy of its own')
    const unconfirmed = newDangers(before, after).filter(({ key }) => !confirmed.includes(key))
    if (unconfirmed.length > 0)
      throw new ValidationError(
        `Confirm what this may do first: ${unconfirmed.map(({ title }) => title).join('; ')}.`,
        'confirmed',
      )
    const version = versionSeen + 1
    await insertVersion(tx, ctx, { scope, version, settings, now })
    await writeAudit(tx, ctx, {
      action: settings === null ? 'policy.remove' : 'policy.update',
      subject: { kind: scope.kind, id: scope.id },
      after: { version, changes: changesBetween(before, after), confirmed },
    })
    return { version }
  })
}

/** What holds on a scope now: its own policy, or that of the next one above. */
export const holding = (book: PolicyBook, scope: Scope) =>
  book.heads.has(scope.id) ? policyOf(book, scope) : inheritedBy(book, scope)

/** Only behind the version that was seen: of two who save at once one wins. */
async function insertVersion(
  tx: Tx,
  ctx: Ctx,
  { scope, version, settings, now }: { scope: Scope; version: number; settings: PolicySettings | null; now: Date },
): Promise<void> {
  const groupId = scope.kind === 'group' ? scope.id : null
  const nodeId = scope.kind === 'node' ? scope.id : null
  const added = await tx.$queryRaw<unknown[]>`
    INSERT INTO policy_version (workspace_id, id, scope_id, group_id, node_id, version, settings, created_at, actor_kind, actor_id)
    SELECT ${ctx.workspaceId}::uuid, ${newId()}::uuid, ${scope.id}::uuid, ${groupId}::uuid, ${nodeId}::uuid, ${version}::int,
      nullif(${JSON.stringify(settings)}::jsonb, 'null'::jsonb), ${now}::timestamptz, ${ctx.actor.kind}, ${actorId(ctx)}
    WHERE (SELECT coalesce(max(v.version), 0) FROM policy_version v
      WHERE v.workspace_id = ${ctx.workspaceId}::uuid AND v.scope_id = ${scope.id}::uuid) = ${version}::int - 1
    ON CONFLICT (workspace_id, scope_id, version) DO NOTHING RETURNING 1`
  if (added.length === 0)
    throw new ConflictError(
      'Somebody saved this policy while you were at it. Load the page again and look at it first.',
    )
}
