import { axisSpan, percent, span } from '@/app/_lib/figures'
import { certainty } from '@/app/_lib/sentence'
import { placeVectors } from '@/app/_lib/vector-spans'
import type { IncidentDetail } from '@/server/trpc/incident-view'
import { VECTORS } from '@/wire/vectors'

type Props = { vectors: IncidentDetail['vectorsNamed']; startedMs: number; endedMs: number | null; nowMs: number }

/** When each vector began and ended, on one axis from the first packet, and how much of the attack it was. */
export function VectorsOverTime({ vectors, startedMs, endedMs, nowMs }: Props) {
  if (vectors.length === 0) return <p className="py-2 text-soft">No vector has been named yet.</p>
  const { spans, ticks } = placeVectors(vectors, startedMs, endedMs ?? nowMs)
  return (
    <div className="flex flex-col">
      <ol className="flex flex-col">
        {spans.map(({ vector, left, width, beganMs, lastedMs }) => (
          <li
            key={vector.id}
            className="grid grid-cols-[minmax(0,1fr)_auto] gap-x-4 gap-y-1.5 border-b border-line py-2.5 md:grid-cols-[220px_minmax(0,1fr)_88px] md:items-center"
          >
            <div className="min-w-0">
              <div className="font-medium [overflow-wrap:anywhere]">{VECTORS[vector.id].name}</div>
              <div className="text-sm text-faint">{certainty(vector.confidence)}</div>
            </div>
            <div className="order-last col-span-2 flex flex-col gap-1 md:order-none md:col-span-1">
              <div aria-hidden="true" className="relative h-3 rounded-sm bg-hover">
                <span
                  className={`absolute inset-y-0 min-w-[3px] rounded-sm bg-wire ${vector.endUs === null && endedMs === null ? 'rounded-r-none' : ''}`}
                  style={{ left: share(left), width: share(width) }}
                />
              </div>
              <span className="figures text-sm text-soft">
                {beganMs < 1 ? 'from the first packet' : `from ${span(beganMs)}`}
                {vector.endUs === null && endedMs === null ? ', going on' : `, for ${span(lastedMs)}`}
                {vector.targetPort === null ? ', many ports' : `, to port ${vector.targetPort}`}
              </span>
            </div>
            <div className="text-right">
              <span className="figures font-semibold">{percent(vector.share)}</span>
              <span className="block text-sm text-faint">of the attack</span>
            </div>
          </li>
        ))}
      </ol>
      <div aria-hidden="true" className="hidden grid-cols-[220px_minmax(0,1fr)_88px] gap-x-4 md:grid">
        <div className="relative col-start-2 h-6">
          {ticks.map((tick) => (
            <span
              key={tick.atMs}
              className={`figures absolute top-1 text-xs whitespace-nowrap text-faint ${tick.left === 0 ? '' : tick.left > 0.95 ? '-translate-x-full' : '-translate-x-1/2'}`}
              style={{ left: share(tick.left) }}
            >
              {tick.atMs === 0 ? 'first packet' : axisSpan(tick.atMs)}
            </span>
          ))}
        </div>
      </div>
      <p className="pt-1 text-sm text-faint">Shares are of sampled attack packets, as the node last measured them.</p>
    </div>
  )
}

const share = (value: number): string => `${(value * 100).toFixed(2)}%`
