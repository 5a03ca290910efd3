import { span } from '@/app/_lib/figures'
import { Time } from '@/app/_ui/time'
import type { DeliveryView } from '@/server/trpc/incident-proof'

const KINDS: Record<string, string> = { opened: 'Opened', updated: 'Update', resolved: 'Over' }

/** Each message with its receipt: when it left after the first packet, and what came back. */
export function Told({ deliveries, startedMs }: { deliveries: DeliveryView[]; startedMs: number }) {
  if (deliveries.length === 0) {
    return (
      <p className="py-2 text-soft">
        Nobody was told: this workspace has no alert destination yet. Messages to webhooks appear here with the time
        each one took.
      </p>
    )
  }
  return (
    <ol className="flex flex-col">
      {deliveries.map((delivery) => (
        <li
          key={delivery.id}
          className="flex items-start justify-between gap-4 border-b border-line py-2.5 last:border-0"
        >
          <div className="min-w-0">
            <div className="truncate font-medium">{delivery.destination}</div>
            <div className="text-sm text-faint">
              {KINDS[delivery.kind] ?? delivery.kind} · <Time atMs={delivery.queuedMs} />
              {delivery.attempts > 1 ? ` · ${delivery.attempts} attempts` : ''}
              {delivery.mayRepeat ? ' · may be a repeat' : ''}
            </div>
            {delivery.detail ? <div className="text-sm text-soft">{delivery.detail}</div> : null}
          </div>
          <Receipt delivery={delivery} startedMs={startedMs} />
        </li>
      ))}
    </ol>
  )
}

function Receipt({ delivery, startedMs }: { delivery: DeliveryView; startedMs: number }) {
  if (delivery.state === 'failed') return <span className="font-medium text-attack">not delivered</span>
  if (delivery.startedMs === null)
    return <span className="text-soft">{delivery.state === 'retrying' ? 'trying again' : 'waiting to be sent'}</span>
  const opening = delivery.kind === 'opened'
  return (
    <div className="shrink-0 text-right">
      <div className="figures font-semibold">
        {opening
          ? `+${span(Math.max(0, delivery.startedMs - startedMs))}`
          : span(Math.max(0, delivery.startedMs - delivery.queuedMs))}
      </div>
      <div className="figures text-sm text-faint">
        {opening ? 'after the first packet' : 'after it was due'}
        {delivery.state === 'retrying' ? ', trying again' : ''}
      </div>
    </div>
  )
}
