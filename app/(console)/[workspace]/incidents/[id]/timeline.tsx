import { span } from '@/app/_lib/figures'
import { Time } from '@/app/_ui/time'
import type { TimelineEntry } from '@/server/trpc/incident-view'

/** What happened, in order, with the clock and the distance from the first packet. */
export function Timeline({ entries, startedMs }: { entries: TimelineEntry[]; startedMs: number }) {
  return (
    <ol className="flex flex-col">
      {entries.map((entry) => (
        <li
          key={entry.id}
          className="grid grid-cols-[92px_1fr_auto] items-baseline gap-x-3 border-b border-line py-2 last:border-0"
        >
          <Time atMs={entry.atMs} form="precise" className="text-sm text-faint" />
          <span>{entry.text}</span>
          <span className="figures text-right text-sm whitespace-nowrap text-faint">
            +{span(Math.max(0, entry.atMs - startedMs))}
          </span>
        </li>
      ))}
    </ol>
  )
}
