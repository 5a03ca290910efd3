import { ChevronRight } from 'lucide-react'
import { packetCount, percent, span } from '@/app/_lib/figures'
import { RULE_DONE } from '@/app/_lib/rule-words'
import { certainty } from '@/app/_lib/sentence'
import { Bytes } from '@/app/_ui/figure'
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
  return (
    <li className="bg-surface">
      <details className="group">
        <summary className="eased grid list-none grid-cols-[auto_1fr_auto] items-start gap-x-2 px-3 py-2.5 hover:bg-hover">
          <ChevronRight
            aria-hidden="true"
            size={14}
            className="eased mt-[3px] text-faint group-open:rotate-90"
            data-noprint
          />
          <span className="flex flex-col gap-0.5">
            <span>{rule.words}</span>
            <span className="text-sm text-faint">
              {removed === null
                ? `in the kernel since ${installed}`
                : `in the kernel from ${installed}, withdrawn after ${removed}`}
            </span>
          </span>
          <span className="flex flex-col items-end gap-0.5">
            <span className="figures font-semibold whitespace-nowrap">{packetCount(rule.packets)}</span>
            <span className="figures text-sm text-faint">
              {RULE_DONE[rule.action]}, <Bytes bytes={rule.bytes} />
            </span>
          </span>
        </summary>
        <pre className="overflow-x-auto border-t border-line bg-sunken px-3 py-2.5 font-mono text-sm whitespace-pre-wrap">
          {rule.nft}
        </pre>
      </details>
    </li>
  )
}
