import { z } from 'zod'
import { type Ctx, inTenant, parseInput, requirePermission } from '../context'
import { requireIncident } from '../incidents/require-within'
import { SOURCE_KINDS, type SourceCount, SourceTotals } from './source-map'

const Input = z.object({ incidentId: z.uuid(), each: z.int().min(1).max(100).default(10) })

/** `waiting`: the bundle is here and about to be read. `read`: the largest of each kind are in `counts`. */
export type SourceMap = {
  state: 'waiting' | 'read' | 'unreadable'
  readMs: number | null
  problem: string | null
  totals: SourceTotals | null
  counts: SourceCount[]
}

/** Where the packets of an incident's newest bundle say they came from; null while no bundle is uploaded. */
export async function getSources({
  ctx,
  input,
}: {
  ctx: Ctx
  input: z.input<typeof Input>
}): Promise<SourceMap | null> {
  const reach = requirePermission(ctx, 'evidence.read')
  const { incidentId, each } = parseInput(Input, input)
  const { workspaceId } = ctx
  return inTenant(ctx, async (tx) => {
    await requireIncident(tx, ctx, reach, incidentId)
    const evidence = await tx.evidence.findFirst({
      where: { workspaceId, incidentId, state: 'uploaded' },
      orderBy: { registeredAt: 'desc' },
      select: { id: true, sources: true },
    })
    if (!evidence) return null
    const map = evidence.sources
    if (!map) return { state: 'waiting', readMs: null, problem: null, totals: null, counts: [] }
    const ofKind = (kind: string) =>
      tx.sourceCount.findMany({
        where: { workspaceId, evidenceId: evidence.id, kind },
        orderBy: [{ packets: 'desc' }, { key: 'asc' }],
        take: each,
      })
    const rows = []
    for (const kind of SOURCE_KINDS) rows.push(...(await ofKind(kind)))
    return {
      state: map.state as SourceMap['state'],
      readMs: map.readAt?.getTime() ?? null,
      problem: map.problem,
      totals: map.totals === null ? null : SourceTotals.parse(map.totals),
      counts: rows.map(({ kind, key, name, packets, addresses }) => ({
        kind: kind as SourceCount['kind'],
        key,
        name,
        packets: Number(packets),
        addresses,
      })),
    }
  })
}
