const DAY_MS = 86_400_000
const HOUR_MS = 3_600_000

export type Trial = { isOver: boolean; left: string }

/** How much of a trial is left, as people count it: whole days, in the last one hours. Pure. */
export function trialAt(endsMs: number, nowMs: number): Trial {
  const leftMs = endsMs - nowMs
  if (leftMs <= 0) return { isOver: true, left: 'over' }
  const days = Math.floor(leftMs / DAY_MS)
  if (days >= 1) return { isOver: false, left: days === 1 ? '1 day left' : `${days} days left` }
  const hours = Math.floor(leftMs / HOUR_MS)
  if (hours >= 1) return { isOver: false, left: hours === 1 ? '1 hour left' : `${hours} hours left` }
  return { isOver: false, left: 'less than an hour left' }
}
