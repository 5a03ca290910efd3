import { z } from 'zod'
import { EDITIONS } from '../services/reports/report'
import { idOf } from './init'

const isZone = (zone: string): boolean => {
  try {
    return new Intl.DateTimeFormat('en', { timeZone: zone }) !== null
  } catch {
    return false
  }
}

const Asked = z.object({
  edition: z.enum(EDITIONS),
  /** Of all times in the report. */
  zone: z.string().max(64).refine(isZone, { message: 'name a time zone, e.g. Europe/Berlin' }).default('UTC'),
})

export const IncidentAsked = Asked.extend({ id: idOf('inc') })
export const GroupAsked = Asked.extend({
  /** Absent: the whole workspace, as far as one's grants go. */
  id: idOf('grp').optional(),
  fromMs: z.int().nonnegative(),
  toMs: z.int().nonnegative(),
})
