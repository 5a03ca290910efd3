import { z } from 'zod'
import { VECTOR_IDS } from '../../../wire/vectors'
import { ForbiddenError } from '../../core/errors'
import { type Ctx, clockOf, inTenant, parseInput, requirePermission } from '../context'
import { notifyIncident } from '../evidence/evidence'
import { requireIncident } from '../incidents/require-within'
import { writeAudit } from '../write-audit'
import { VERDICTS } from './feedback'

const Input = z
  .object({
    incidentId: z.uuid(),
    verdict: z.enum(VERDICTS),
    vectorId: z.enum(VECTOR_IDS).nullable().default(null),
    text: z.string().trim().max(500).default(''),
  })
  .refine(({ verdict, vectorId }) => verdict === 'misnamed' || vectorId === null, {
    message: 'a name belongs only to an attack that was named wrongly',
    path: ['vectorId'],
  })

/** What this person says the incident was; it replaces what they said before. */
export async function giveFeedback({ ctx, input }: { ctx: Ctx; input: z.input<typeof Input> }): Promise<void> {
  const reach = requirePermission(ctx, 'incident.annotate')
  const { incidentId, ...said } = parseInput(Input, input)
  const { workspaceId, actor } = ctx
  if (actor.kind !== 'user') throw new ForbiddenError('Feedback is given by people.')
  const fields = { ...said, at: new Date(clockOf(ctx).now()) }
  await inTenant(ctx, async (tx) => {
    await requireIncident(tx, ctx, reach, incidentId)
    const key = { workspaceId, incidentId, authorId: actor.userId }
    await tx.incidentFeedback.upsert({
      where: { workspaceId_incidentId_authorId: key },
      create: { ...key, ...fields },
      update: fields,
    })
    await writeAudit(tx, ctx, {
      action: 'feedback.give',
      subject: { kind: 'incident', id: incidentId },
      after: { verdict: said.verdict, vectorId: said.vectorId },
    })
    await notifyIncident(tx, ctx, incidentId)
  })
}
