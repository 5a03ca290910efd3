import { z } from 'zod'
import { VECTOR_IDS } from '../../../wire/vectors'
import { VERDICTS } from '../../services/feedback/feedback'
import { giveFeedback } from '../../services/feedback/give'
import { withdrawFeedback } from '../../services/feedback/withdraw'
import { idOf, router, workspaceProcedure } from '../init'

/** By the incident it is about. */
const ById = z.object({ id: idOf('inc') })

export const feedback = router({
  give: workspaceProcedure
    .input(
      ById.extend({
        verdict: z.enum(VERDICTS),
        vectorId: z.enum(VECTOR_IDS).nullable().optional(),
        text: z.string().max(2_000).optional(),
      }),
    )
    .mutation(({ ctx: { verb: ctx }, input: { id, verdict, vectorId, text } }) =>
      giveFeedback({ ctx, input: { incidentId: id, verdict, vectorId, text } }),
    ),
  withdraw: workspaceProcedure
    .input(ById)
    .mutation(({ ctx: { verb: ctx }, input: { id } }) => withdrawFeedback({ ctx, input: { incidentId: id } })),
})
