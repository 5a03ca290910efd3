import { type Clock, systemClock } from '../../core/clock'
import { DAY_MS } from '../../core/units'
import type { AppDb } from '../../db/pool'
import { confirmGuideRow, findGuideLink, type GuideLinkState } from '../../db/visitor-doors'
import { hashOf } from '../accounts/token'

/** A link that was pressed opens the guide again for this long. */
const READ_MS = 90 * DAY_MS

type Given = { db: AppDb; clock?: Clock; token: string }

/** Looking changes nothing: mail readers look at links before people do. */
export const getGuideLink = ({ db, clock = systemClock, token }: Given): Promise<GuideLinkState | null> =>
  findGuideLink(db, { tokenHash: hashOf(token), nowMs: clock.now(), readMs: READ_MS })

/** The press: proves the address and stores when its holder said yes. Pressed twice, the first time stays. */
export async function openGuide({ db, clock = systemClock, token }: Given): Promise<GuideLinkState | null> {
  await confirmGuideRow(db, hashOf(token), clock.now())
  return getGuideLink({ db, clock, token })
}
