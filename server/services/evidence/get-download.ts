import { z } from 'zod'
import { ConflictError, NotFoundError } from '../../core/errors'
import { type Ctx, inTenant, parseInput, requirePermission } from '../context'
import { requireIncidentWithin } from '../incidents/require-within'
import { writeAudit } from '../write-audit'
import { writeCustody } from './evidence'

const Input = z.object({
  incidentId: z.uuid(),
  sha256: z
    .string()
    .regex(/^[0-9a-f]{64}$/)
    .optional(),
})

export type EvidenceDownload = { id: string; sha256: string; bytes: number; path: string; fileName: string }

/** Where the newest bundle of an incident lies. The download is written to audit and custody log before a byte leaves. */
export async function getEvidenceDownload({
  ctx,
  input,
}: {
  ctx: Ctx
  input: z.input<typeof Input>
}): Promise<EvidenceDownload> {
  const reach = requirePermission(ctx, 'evidence.download')
  const { incidentId, sha256 } = parseInput(Input, input)
  return inTenant(ctx, async (tx) => {
    await requireIncidentWithin(tx, ctx, reach, incidentId)
    const row = await tx.evidence.findFirst({
      where: { workspaceId: ctx.workspaceId, incidentId, sha256 },
      orderBy: { registeredAt: 'desc' },
    })
    if (!row) throw new NotFoundError('evidence bundle')
    if (row.storedPath === null) {
      throw new ConflictError('The bundle is still on the node. It uploads after the attack; try again then.')
    }
    await writeCustody(tx, ctx, { evidenceId: row.id, action: 'downloaded', detail: `bundle ${row.sha256}` })
    await writeAudit(tx, ctx, { action: 'evidence.download', subject: { kind: 'evidence', id: row.id } })
    const fileName = `evidence-${incidentId}-${row.sha256.slice(0, 12)}`
    return { id: row.id, sha256: row.sha256, bytes: Number(row.bytes), path: row.storedPath, fileName }
  })
}
