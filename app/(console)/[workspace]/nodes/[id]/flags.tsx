import Link from 'next/link'
import { whatAndWhere } from '@/app/_lib/sentence'
import { incidentMark } from '@/app/_lib/states'
import { clockTime } from '@/app/_lib/times'
import { StateShape } from '@/app/_ui/state-mark'
import type { ChartRange } from '@/app/_ui/time-chart'
import type { NodeDetail } from '@/server/trpc/node-view'

/** Where the plot lies inside its canvas: the axis at its left, its padding at the right. */
const PLOT = { left: 46, right: 24 }

/** One flag an incident over the moment it began, to be clicked. */
export function Flags({ workspace, node, range }: { workspace: string; node: NodeDetail; range: ChartRange }) {
  const share = (atMs: number) => (atMs / 1_000 - range.fromS) / (range.toS - range.fromS)
  const flown = node.incidents.filter(({ startedMs }) => share(startedMs) >= 0 && share(startedMs) <= 1)
  return (
    <ul
      aria-label="Incidents on the time axis"
      className="relative h-6"
      style={{ marginLeft: PLOT.left, marginRight: PLOT.right }}
    >
      {flown.map((incident) => {
        const mark = incidentMark(incident.state)
        const words = `${whatAndWhere(incident)}, ${clockTime(incident.startedMs, undefined)}: ${mark.word}`
        return (
          <li
            key={incident.id}
            className="absolute top-0 -translate-x-1/2"
            style={{ left: `${share(incident.startedMs) * 100}%` }}
          >
            <Link
              href={`/${workspace}/incidents/${incident.id}`}
              title={words}
              aria-label={words}
              className="eased grid size-6 place-items-center rounded-sm hover:bg-hover"
            >
              <Flag incident={incident} />
            </Link>
          </li>
        )
      })}
    </ul>
  )
}

/** Red is for now: an attack that is over keeps its shape and loses its colour. */
function Flag({ incident }: { incident: NodeDetail['incidents'][number] }) {
  const { state } = incidentMark(incident.state)
  if (state !== 'clean') return <StateShape state={state} size={12} />
  return (
    <svg aria-hidden="true" width="12" height="12" viewBox="0 0 16 16" className="text-faint" fill="currentColor">
      <path d="M8 1.8 15 14H1Z" />
    </svg>
  )
}
