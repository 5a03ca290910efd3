import { percent, span } from '@/app/_lib/figures'
import { certainty } from '@/app/_lib/sentence'
import { RuleLine } from '@/app/_ui/rule-line'
import type { IncidentDetail, RuleView } from '@/server/trpc/incident-view'
import { VECTORS } from '@/wire/vectors'

type VectorReport = IncidentDetail['vectorsNamed'][number]
type Props = { vectors: VectorReport[]; rules: RuleView[]; startedMs: number }

/** Vectors by share, each with the rules that answer it. */
export function Mitigation({ vectors, rules, startedMs }: Props) {
  const byShare = [...vectors].sort((left, right) => right.share - left.share)
  if (byShare.length === 0) return <p className="py-2 text-soft">No vector has been named yet, so nothing was cut.</p>
  return (
    <ol className="flex flex-col gap-5">
      {byShare.map((vector) => (
        <li key={vector.id} className="flex flex-col gap-2">
          <VectorLine vector={vector} startedMs={startedMs} />
          <ul className="flex flex-col gap-px overflow-hidden rounded-md border border-line bg-line">
            {rules
              .filter((rule) => rule.vectorId === vector.id)
              .map((rule) => (
                <Rule key={rule.id} rule={rule} startedMs={startedMs} />
              ))}
            {rules.some((rule) => rule.vectorId === vector.id) ? null : (
              <li className="bg-surface px-3 py-2.5 text-soft">No rule: this vector is only observed.</li>
            )}
          </ul>
        </li>
      ))}
    </ol>
  )
}

function VectorLine({ vector, startedMs }: { vector: VectorReport; startedMs: number }) {
  return (
    <div className="flex flex-wrap items-baseline gap-x-3 gap-y-0.5">
      <h3 className="text-md font-medium">{VECTORS[vector.id].name}</h3>
      <span className="text-soft">{certainty(vector.confidence)}</span>
      <span className="text-sm text-faint">
        {percent(vector.share)} of the attack packets
        {vector.targetPort === null ? ', many ports' : `, to port ${vector.targetPort}`}
        {vector.startUs / 1_000 - startedMs > 1_000 ? `, from ${span(vector.startUs / 1_000 - startedMs)} on` : ''}
      </span>
    </div>
  )
}

function Rule({ rule, startedMs }: { rule: RuleView; startedMs: number }) {
  const installed = span(Math.max(0, rule.installedUs / 1_000 - startedMs))
  const removed = rule.removedUs === null ? null : span(Math.max(0, rule.removedUs / 1_000 - startedMs))
  const when =
    removed === null
      ? `in the kernel since ${installed}`
      : `in the kernel from ${installed}, withdrawn after ${removed}`
  return <RuleLine rule={rule} when={when} />
}
