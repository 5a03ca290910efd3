import { z } from 'zod'
import { enrolLine } from '../../core/enrol-line'
import { listIncidents } from '../../services/incidents/list'
import { createEnrolmentToken } from '../../services/nodes/create-enrolment-token'
import { hashInstaller } from '../../services/nodes/installer'
import { listNodes } from '../../services/nodes/list'
import { listRecentSamples } from '../../services/nodes/samples'
import { router, workspaceProcedure } from '../init'
import { SPARK_SPAN_MS, toTiles } from '../node-tile'

export const nodes = router({
  tiles: workspaceProcedure.query(async ({ ctx: { verb: ctx } }) => {
    const [all, open, samples] = await Promise.all([
      listNodes({ ctx }),
      listIncidents({ ctx, input: { isOpen: true, limit: 200 } }),
      listRecentSamples({ ctx, input: { seconds: SPARK_SPAN_MS / 1_000 } }),
    ])
    return toTiles({ nodes: all, open, samples })
  }),
  createEnrolment: workspaceProcedure
    .input(z.object({ nodeName: z.string().max(200) }))
    .mutation(async ({ ctx, input }) => {
      const installerSha256 = await hashInstaller(ctx.env.AGENT_PACKAGE_DIR)
      const { token, expiresAt } = await createEnrolmentToken({ ctx: ctx.verb, input: { nodeName: input.nodeName } })
      const line = enrolLine({ url: ctx.origin, token, installerSha256 })
      return { token, line, expiresMs: expiresAt.getTime() }
    }),
})
