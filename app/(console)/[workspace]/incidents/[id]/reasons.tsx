import { REASON_WORDS, reasonBar, reasonValue } from '@/app/_lib/reasons'
import type { Reason } from '@/wire/incident'

/** Each term of the verdict as a bar against its normal band, strongest first. */
export function Reasons({ reasons }: { reasons: Reason[] }) {
  const strongestFirst = [...reasons].sort((left, right) => right.strength - left.strength)
  return (
    <ul className="flex flex-col">
      {strongestFirst.map((reason) => (
        <ReasonRow key={reason.term} reason={reason} />
      ))}
    </ul>
  )
}

function ReasonRow({ reason }: { reason: Reason }) {
  const { title, says } = REASON_WORDS[reason.term]
  return (
    <li className="flex flex-col gap-1.5 border-b border-line py-2.5 last:border-0">
      <div className="flex items-baseline justify-between gap-4">
        <div>
          <span className="font-medium">{title}</span> <span className="text-sm text-faint">{says}</span>
        </div>
        <div className="figures text-md font-semibold whitespace-nowrap">{reasonValue(reason.value, reason.unit)}</div>
      </div>
      <Bar reason={reason} />
      <div className="flex justify-between gap-4 text-sm text-faint">
        <span className="figures">
          {reason.normal
            ? `normal ${reasonValue(reason.normal.low, reason.unit)} to ${reasonValue(reason.normal.high, reason.unit)}`
            : 'no normal band learned yet'}
        </span>
        <span className="figures text-right">{weight(reason.strength)}</span>
      </div>
    </li>
  )
}

/** The normal band as ground, the value as a line to a marker. */
function Bar({ reason }: { reason: Reason }) {
  const bar = reasonBar(reason)
  const colour = reason.strength >= 0.1 ? 'bg-ink' : 'bg-faint'
  return (
    <div aria-hidden="true" className="relative h-3">
      <span className="absolute inset-x-0 top-[3px] h-1.5 rounded-sm bg-hover" />
      {reason.normal ? (
        <span
          className="absolute inset-y-0 min-w-[4px] rounded-sm border border-clean bg-clean/30"
          style={{ left: share(bar.low), width: share(Math.max(0, bar.high - bar.low)) }}
        />
      ) : null}
      <span className={`absolute top-[5px] left-0 h-0.5 ${colour}`} style={{ width: share(bar.value) }} />
      <span
        className={`absolute -top-px h-3.5 w-1 -translate-x-1/2 rounded-sm ${colour}`}
        style={{ left: share(bar.value) }}
      />
    </div>
  )
}

const share = (value: number): string => `${(value * 100).toFixed(2)}%`

function weight(strength: number): string {
  const word =
    strength >= 0.75
      ? 'speaks strongly for an attack'
      : strength >= 0.4
        ? 'speaks for an attack'
        : strength >= 0.1
          ? 'hints at an attack'
          : 'says little'
  return `${word}, ${strength.toFixed(2)}`
}
