'use client'
import { useEffect, useState, useSyncExternalStore } from 'react'
import { ago, clockTime, day, dayAndMinute, dayAndTime, fullTime, preciseTime, type Zone } from '@/app/_lib/times'

/** `auto`: relative under an hour. `today`: the clock, with the day when it was another. */
type Form = 'clock' | 'precise' | 'today' | 'auto' | 'full' | 'minute'

function words(atMs: number, form: Form, zone: Zone, nowMs: number): string {
  if (form === 'precise') return preciseTime(atMs, zone)
  if (form === 'clock') return clockTime(atMs, zone)
  if (form === 'full') return fullTime(atMs, zone)
  if (form === 'minute') return dayAndMinute(atMs, zone)
  // What is relative depends on the reader's clock, which the server cannot know.
  if (form === 'auto' && zone === 'UTC') return dayAndTime(atMs, zone)
  const relative = form === 'auto' ? ago(atMs, nowMs) : null
  return relative ?? (day(atMs, zone) === day(nowMs, zone) ? clockTime(atMs, zone) : dayAndTime(atMs, zone))
}

/** A moment in the reader's zone, the zone on hover. */
export function Time({ atMs, form = 'clock', className = '' }: { atMs: number; form?: Form; className?: string }) {
  const zone = useReaderZone()
  const nowMs = useSlowClock(form === 'auto')
  return (
    <time
      dateTime={new Date(atMs).toISOString()}
      title={fullTime(atMs, zone)}
      className={`figures whitespace-nowrap ${className}`}
    >
      {words(atMs, form, zone, nowMs)}
    </time>
  )
}

const never = () => () => {}

function useReaderZone(): Zone {
  return useSyncExternalStore<Zone>(
    never,
    () => undefined,
    () => 'UTC',
  )
}

/** The time now, refreshed every ten seconds: enough for "4 min ago". */
function useSlowClock(on: boolean): number {
  const [nowMs, setNowMs] = useState(() => Date.now())
  useEffect(() => {
    if (!on) return
    const timer = setInterval(() => setNowMs(Date.now()), 10_000)
    return () => clearInterval(timer)
  }, [on])
  return nowMs
}
