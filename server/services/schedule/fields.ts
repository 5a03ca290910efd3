import { z } from 'zod'
import { DAY_MS } from '../../core/units'

/** A name that the runtime's own table of zones knows. */
function isZone(name: string): boolean {
  try {
    new Intl.DateTimeFormat('en', { timeZone: name })
    return true
  } catch {
    return false
  }
}

export const TimeZone = z.string().max(64).refine(isZone, 'choose a time zone such as Europe/Berlin or UTC')

/** How many times the usual audience. */
export const AudienceTimes = z.number().min(1, 'at least 1').max(100, 'at most 100')

const WINDOW_MS_MAX = 60 * DAY_MS
const moment = z
  .int()
  .nonnegative()
  .max(Date.UTC(2100, 0, 1))

export const Window = z
  .object({ startsMs: moment, endsMs: moment })
  .refine(({ startsMs, endsMs }) => endsMs > startsMs, { message: 'it must end after it begins', path: ['endsMs'] })
  .refine(({ startsMs, endsMs }) => endsMs - startsMs <= WINDOW_MS_MAX, {
    message: 'it is longer than 60 days; make it several windows',
    path: ['endsMs'],
  })

export const Windows = z.array(Window).max(60, 'at most 60 windows')
