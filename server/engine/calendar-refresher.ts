import type { Logger } from 'pino'

type Due = { workspaceId: string; id: string }

export type CalendarRefresherOptions = {
  /** Takes due calendars under a lease: two engines never ask for one at once. */
  claim: (limit: number) => Promise<Due[]>
  refresh: (due: Due) => Promise<{ isGood: boolean; error: string | null }>
  log: Logger
}

/** So many at a time: a calendar that answers slowly must not hold up all others. */
const TOGETHER = 4

/** Asks again for calendars whose time has come. What goes wrong with one is noted in its row and stops no other. */
export function createCalendarRefresher({ claim, refresh, log }: CalendarRefresherOptions): {
  pump: () => Promise<void>
} {
  const follow = async (due: Due): Promise<void> => {
    try {
      const { isGood, error } = await refresh(due)
      if (!isGood)
        log.warn({ calendarId: due.id, error }, 'a calendar could not be refreshed; its last good state stays')
    } catch (err) {
      // Its lease ends by itself, and then it is tried again.
      log.error({ err, calendarId: due.id }, 'refreshing a calendar failed')
    }
  }
  let running: Promise<void> | null = null
  const pump = async (): Promise<void> => {
    for (let due = await claim(TOGETHER); due.length > 0; due = await claim(TOGETHER))
      await Promise.all(due.map(follow))
  }
  return {
    pump: () => {
      running ??= pump().finally(() => {
        running = null
      })
      return running
    },
  }
}
