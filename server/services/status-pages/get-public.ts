import { z } from 'zod'
import { IncidentState } from '../../../wire/incident'
import { type Clock, systemClock } from '../../core/clock'
import { findStatusPage } from '../../db/doors'
import type { AppDb } from '../../db/pool'

const ms = z.number().nonnegative()

// Strict on purpose: a field that the database adds by mistake must not reach the public.
const PublicStatusPage = z.strictObject({
  slug: z.string(),
  title: z.string(),
  /** Worst state of the components. */
  state: z.enum(['operational', 'under_mitigation', 'impaired']),
  components: z.array(
    z.strictObject({ name: z.string(), state: z.enum(['operational', 'under_mitigation', 'impaired']) }),
  ),
  /** Of the last 14 days, newest first. Ids with prefix; times in epoch ms. */
  incidents: z.array(
    z.strictObject({
      id: z.string(),
      state: IncidentState,
      components: z.array(z.string()),
      openedMs: ms,
      mitigatedMs: ms.nullable(),
      endingMs: ms.nullable(),
      resolvedMs: ms.nullable(),
      updatedMs: ms,
    }),
  ),
})
export type PublicStatusPage = z.infer<typeof PublicStatusPage>

/** What the public may know: which component is affected since when. Null when no page is published under this slug. */
export async function getPublicStatusPage({
  db,
  clock = systemClock,
  slug,
}: {
  db: AppDb
  clock?: Clock
  slug: string
}): Promise<PublicStatusPage | null> {
  const page = await findStatusPage(db, slug, clock.now())
  return page === null ? null : PublicStatusPage.parse(page)
}
