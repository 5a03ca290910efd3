'use client'
import { useSyncExternalStore } from 'react'
import { clockOf } from '@/app/_lib/zones'

const never = () => () => {}
const ownZone = () => Intl.DateTimeFormat().resolvedOptions().timeZone || 'UTC'

/** Hour and minute as the reader's clock shows them: what is planned or seen from afar needs no seconds. */
export function ShortTime({ atMs }: { atMs: number }) {
  const zone = useSyncExternalStore(never, ownZone, () => 'UTC')
  return (
    <time dateTime={new Date(atMs).toISOString()} className="figures whitespace-nowrap">
      {clockOf(atMs, zone)}
    </time>
  )
}
