import { z } from 'zod'
import { type Ctx, inTenant, parseInput, requirePermission } from '../context'
import { readBookOnce } from './book'
import { type Change, changesBetween } from './compare'
import { requireScope, ScopeInput } from './scope'
import { BUILT_IN, PolicySettings } from './settings'

const Input = z.object({ scope: ScopeInput })

export type PolicyVersion = {
  version: number
  savedAt: Date
  savedBy: { kind: string; id: string }
  /** Null: from here on what holds above it held. */
  settings: PolicySettings | null
  /** Against the version before that had settings; against what is built in for the first. */
  changes: Change[]
}

const VERSIONS_MAX = 100

/** Versions of a scope, newest first. */
export async function listPolicyVersions({
  ctx,
  input,
}: {
  ctx: Ctx
  input: z.input<typeof Input>
}): Promise<PolicyVersion[]> {
  const reach = requirePermission(ctx, 'policy.read')
  const { scope: meant } = parseInput(Input, input)
  const { workspaceId } = ctx
  const rows = await inTenant(ctx, async (tx) => {
    const scope = await requireScope(tx, await readBookOnce(ctx, tx), reach, meant, true)
    return tx.policyVersion.findMany({
      where: { workspaceId, scopeId: scope.id },
      orderBy: { version: 'desc' },
      take: VERSIONS_MAX,
    })
  })
  const read = rows.map(({ version, settings, createdAt, actorKind, actorId }) => ({
    version,
    savedAt: createdAt,
    savedBy: { kind: actorKind, id: actorId },
    settings: settings === null ? null : PolicySettings.parse(settings),
  }))
  return read.map((one, at) => {
    const before = read.slice(at + 1).find(({ settings }) => settings !== null)?.settings ?? BUILT_IN
    return { ...one, changes: one.settings === null ? [] : changesBetween(before, one.settings) }
  })
}
